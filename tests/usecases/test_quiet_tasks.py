"""Reconciliation: a lost callback heals, and a lost task alarms, without anybody's help."""

import asyncio
from datetime import datetime, timedelta

from builders import NOW, new_records, transfer_at
from outbox.fake_tray import FakeTray
from store.kept import BOOK, delivered_rows, keep, message, numbered_transfer, queue
from usecases.waits import LEASE, QUIET_FOR, marked

from app.domain.duty_task import CaseSystem
from app.domain.messages import MessageKind, TaskLookUp
from app.domain.pathway import Pathway, Stage
from app.domain.transfer import Transfer
from app.domain.tray_reports import RecordsCreated, TaskPickedUp, TaskReceived
from app.outbox.attempt import Patience, attempt
from app.store.alerts import list_alerts
from app.store.delivery_rows import DELIVERED
from app.store.engine import Store
from app.store.leases import claim
from app.store.transfers import load_transfer
from app.usecases.mark_deliveries import Mark
from app.usecases.reconcile import reconcile

LCS = CaseSystem.LCS
SENT = transfer_at(Stage.DISPATCHED)
LATER = NOW + QUIET_FOR + timedelta(seconds=1)


async def _reconcile(store: Store, now: datetime = LATER) -> int:
    async with store.write() as tx:
        return await reconcile(tx, BOOK.protocols, now=now, quiet_for=QUIET_FOR)


async def _drain(store: Store, tray: FakeTray, now: datetime = LATER) -> None:
    """Push and mark all that is due to LCS."""
    async with store.write() as tx:
        claimed = await claim(tx, "relay", now, lease=LEASE, limits={LCS: 99})
    for row in claimed:
        made = await attempt(row, tray, now, Patience((0.0, 5.0)))
        async with store.write() as tx:
            await marked(tx, Mark(row, made.settlement, made.learned), now)


async def _now(store: Store, transfer: Transfer = SENT) -> Transfer:
    async with store.read() as tx:
        found = await load_transfer(tx, transfer.id)
    assert found is not None
    return found


async def test_a_quiet_task_is_asked_about_once_a_quiet_time(store: Store) -> None:
    tray = FakeTray()
    tray.made[SENT.reference] = 1
    await keep(store, SENT)
    asked = []

    for minutes in (14, 15.1, 16, 30, 30.5, 31):
        now = NOW + timedelta(minutes=minutes)
        asked.append(await _reconcile(store, now))
        await _drain(store, tray, now)

    assert asked == [0, 1, 0, 0, 1, 0]
    assert tray.spoken() == ["look_up"] * 2


async def test_only_tasks_that_lie_with_a_case_system_are_asked_about(store: Store) -> None:
    kept = {
        stage: numbered_transfer(number, stage, Pathway.STEP_DOWN)
        for number, stage in enumerate(Stage)
    }
    await keep(store, *kept.values())

    await _reconcile(store)
    rows = await delivered_rows(store)

    asked = {stage for stage, transfer in kept.items() if transfer.id in {r.transfer for r in rows}}
    assert asked == {Stage.DISPATCHED, Stage.PICKED_UP, Stage.STARTED, Stage.ALLOCATED}
    assert {row.destination for row in rows} == {CaseSystem.EHM}
    assert all(row.payload == TaskLookUp(f"{row.transfer}.1") for row in rows)


async def test_while_something_is_still_to_be_said_nobody_asks(store: Store) -> None:
    await keep(store, SENT)
    await queue(store, message(MessageKind.DELIVER_TASK, SENT))

    assert await _reconcile(store) == 0


async def test_two_relays_at_the_same_instant_ask_once(store: Store, database_url: str) -> None:
    await keep(store, SENT, numbered_transfer(2))
    other_process = Store(database_url)

    await asyncio.gather(*(_reconcile(opened) for opened in (store, other_process) * 3))
    await other_process.close()

    kinds = [row.kind for row in await delivered_rows(store)]
    assert kinds == [MessageKind.LOOK_UP_TASK] * 2


async def test_h04_a_lost_callback_heals_by_itself(store: Store) -> None:
    tray = FakeTray()
    tray.made[SENT.reference] = 1
    tray.reports = (
        TaskReceived(NOW),
        TaskPickedUp(NOW, "lcs.worker"),
        RecordsCreated(NOW, "lcs.worker", new_records(SENT.children)),
    )
    await keep(store, SENT)

    await _reconcile(store)
    await _drain(store, tray)
    found = await _now(store)

    assert (found.stage, found.holder) == (Stage.STARTED, "lcs.worker")
    assert [mark.name for mark in found.milestones][-3:] == [
        "received_in_tray", "picked_up", "started",
    ]  # fmt: skip
    rows = await delivered_rows(store)
    assert [(row.kind, row.state) for row in rows] == [
        (MessageKind.LOOK_UP_TASK, DELIVERED),
        (MessageKind.CHECK_RECORD_DATE, "pending"),
    ]


async def test_h04_a_task_that_is_not_in_its_tray_alarms(store: Store) -> None:
    await keep(store, SENT)

    await _reconcile(store)
    await _drain(store, FakeTray())
    async with store.read() as tx:
        (alert,) = await list_alerts(tx, "durham", None, 0, 9)

    assert (alert.kind, alert.team, alert.transfer) == ("task_missing", "op-bishop", SENT.id)
    assert await _now(store) == SENT
