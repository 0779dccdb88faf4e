"""Marking what became of a push, with what it taught us and whom it must alarm."""

from datetime import timedelta

import pytest
from builders import BEGAN, NOW, TODAY, actor, transfer_at
from store.kept import act, counted, keep, message, numbered_transfer, queue, states
from usecases.waits import ALERT_AFTER, LEASE, marked

from app.domain import commands as c
from app.domain.duty_task import CaseSystem
from app.domain.learned import Learned
from app.domain.messages import MessageKind
from app.domain.pathway import Stage
from app.domain.record_dates import DateFinding
from app.domain.referral_date import DateStanding
from app.domain.transfer import Transfer
from app.domain.tray_reports import RecordUpdated, TaskPickedUp, TaskReceived
from app.store.alerts import RaisedAlert, list_alerts
from app.store.delivery_rows import (
    DELIVERED,
    LEASED,
    PARKED,
    PENDING,
    UNCERTAIN,
    Delivery,
    DeliveryState,
    Settlement,
)
from app.store.engine import Store
from app.store.leases import claim
from app.store.transfers import load_transfer
from app.usecases.alert_late import alert_late
from app.usecases.mark_deliveries import Mark

DELIVER, CHECK = MessageKind.DELIVER_TASK, MessageKind.CHECK_RECORD_DATE
SENT = transfer_at(Stage.DISPATCHED)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
RETRY = Settlement(PENDING, "status 503", NOW)


async def _leased(
    store: Store, kind: MessageKind = DELIVER, transfer: Transfer = SENT, *, urgent: bool = False
) -> Delivery:
    """A delivery about a kept transfer, claimed."""
    await keep(store, transfer)
    await queue(store, message(kind, transfer), immediate_risk=urgent)
    return await _claim(store)


async def _claim(store: Store) -> Delivery:
    async with store.write() as tx:
        (row,) = await claim(tx, "relay", NOW, lease=LEASE, limits={CaseSystem.LCS: 1})
    return row


async def _mark(
    store: Store,
    delivery: Delivery,
    settlement: Settlement = Settlement(DELIVERED, "in the tray"),  # noqa: B008 - frozen
    learned: Learned | None = None,
    after: timedelta = timedelta(),
) -> bool:
    async with store.write() as tx:
        return await marked(tx, Mark(delivery, settlement, learned), NOW + after)


async def _alerts(store: Store) -> list[RaisedAlert]:
    async with store.read() as tx:
        return await list_alerts(tx, "durham", None, 0, 100)


async def _now(store: Store, transfer: Transfer = SENT) -> Transfer:
    async with store.read() as tx:
        found = await load_transfer(tx, transfer.id)
    assert found is not None
    return found


async def test_a_receipt_is_kept_with_its_mark_as_received_in_the_tray(store: Store) -> None:
    row = await _leased(store)

    marked = await _mark(store, row, learned=Learned(SENT.reference, (TaskReceived(NOW),)))
    found = await _now(store)

    assert marked
    assert await states(store) == [DELIVERED]
    assert found.reached("received_in_tray") is not None
    assert found.version == SENT.version + 1


async def test_h05_where_the_lease_was_lost_nothing_that_was_learned_is_applied(
    store: Store,
) -> None:
    lost = await _leased(store)
    async with store.write() as tx:
        later = NOW + 2 * LEASE
        await claim(tx, "another", later, lease=LEASE, limits={CaseSystem.LCS: 1})
    before = await counted(store)
    learned = Learned(SENT.reference, (TaskPickedUp(NOW, "x"),), missing=True)

    marked = await _mark(store, lost, Settlement(PARKED, "refused"), learned)

    assert marked is False
    assert await states(store) == [LEASED]
    assert await counted(store) == before
    assert await _now(store) == SENT


@pytest.mark.parametrize("state", [PARKED, UNCERTAIN])
async def test_h04_what_is_put_aside_alarms_the_origin_team_once(
    store: Store, state: DeliveryState
) -> None:
    row = await _leased(store)

    await _mark(store, row, Settlement(state, "status 422: no_such_tray"))
    async with store.write() as tx:
        await alert_late(tx, now=NOW + 9 * HOUR, alert_after=ALERT_AFTER)
    (alert,) = await _alerts(store)

    assert (alert.kind, alert.team, alert.transfer) == (f"delivery_{state}", "op-bishop", SENT.id)
    assert alert.says == "deliver_task: status 422: no_such_tray"


@pytest.mark.parametrize(
    ("urgent", "limit"), [(True, 15 * MINUTE), (False, HOUR)], ids=["immediate risk", "otherwise"]
)
async def test_h04_a_task_still_being_tried_alarms_once_when_it_is_late(
    store: Store, *, urgent: bool, limit: timedelta
) -> None:
    row = await _leased(store, urgent=urgent)
    told = []

    for after in (limit - timedelta(seconds=1), limit, limit + HOUR):
        await _mark(store, row, RETRY, after=after)
        told.append([alert.kind for alert in await _alerts(store)])
        row = await _claim(store)

    assert told == [[], ["delivery_late"], ["delivery_late"]]


@pytest.mark.parametrize(
    ("urgent", "limit"), [(True, 15 * MINUTE), (False, HOUR)], ids=["immediate risk", "otherwise"]
)
async def test_h04_a_task_whose_turn_never_comes_alarms_once_when_it_is_late(
    store: Store, *, urgent: bool, limit: timedelta
) -> None:
    await keep(store, SENT)
    await queue(store, message(DELIVER, SENT), immediate_risk=urgent)
    told = []

    for after in (limit - timedelta(seconds=1), limit, limit + HOUR):
        async with store.write() as tx:
            told.append(await alert_late(tx, now=NOW + after, alert_after=ALERT_AFTER))
    await _mark(store, await _claim(store), RETRY, after=limit + HOUR)

    assert told == [0, 1, 0]
    assert [alert.kind for alert in await _alerts(store)] == ["delivery_late"]


async def test_what_has_arrived_in_time_is_never_late(store: Store) -> None:
    row = await _leased(store, urgent=True)

    await _mark(store, row, after=20 * MINUTE)
    async with store.write() as tx:
        late = await alert_late(tx, now=NOW + HOUR, alert_after=ALERT_AFTER)

    assert late == 0
    assert await _alerts(store) == []


async def test_h08_a_corrected_date_is_recorded_with_both_values(store: Store) -> None:
    started = transfer_at(Stage.STARTED)
    row = await _leased(store, CHECK, started)
    finding = DateFinding("REC-DUR1001", DateStanding.CORRECTED, BEGAN, TODAY)

    await _mark(store, row, learned=Learned(started.reference, date=finding))
    found = await _now(store, started)

    mark = found.reached("referral_date_corrected")
    record = found.children[0].record
    assert mark is not None
    assert mark.note == f"{BEGAN} to {TODAY}"
    assert record is not None
    assert (record.dated, record.dated_now, record.corrections) == (BEGAN, TODAY, 1)
    assert await _alerts(store) == []


async def test_h08_a_discrepancy_alarms_the_receiving_team(store: Store) -> None:
    started = transfer_at(Stage.STARTED)
    row = await _leased(store, CHECK, started)
    finding = DateFinding("REC-DUR1001", DateStanding.DISCREPANCY, TODAY, TODAY, "A third date")

    await _mark(store, row, learned=Learned(started.reference, date=finding))
    (alert,) = await _alerts(store)

    assert (alert.kind, alert.team) == ("referral_date_discrepancy", "ff-bishop")


async def test_h04_a_task_that_the_tray_does_not_have_alarms(store: Store) -> None:
    row = await _leased(store, MessageKind.LOOK_UP_TASK)

    await _mark(store, row, learned=Learned(SENT.reference, missing=True))

    assert [alert.kind for alert in await _alerts(store)] == ["task_missing"]


async def test_a_task_of_an_earlier_dispatch_may_be_missing(store: Store) -> None:
    row = await _leased(store, MessageKind.LOOK_UP_TASK)

    await _mark(store, row, learned=Learned(f"{SENT.id}.0", missing=True))

    assert await _alerts(store) == []


async def test_where_another_holds_the_task_the_transfer_follows_and_somebody_is_told(
    store: Store,
) -> None:
    held = transfer_at(Stage.PICKED_UP)
    row = await _leased(store, MessageKind.PICK_UP_TASK, held)
    reports = (TaskPickedUp(NOW, "the.other"),)

    await _mark(store, row, learned=Learned(held.reference, reports, held_by_another=True))

    assert (await _now(store, held)).holder == "the.other"
    assert [alert.kind for alert in await _alerts(store)] == ["held_by_another"]


async def test_reports_that_no_longer_fit_are_passed_over_and_the_row_is_settled(
    store: Store,
) -> None:
    row = await _leased(store)
    cancel = c.Cancel("entered_in_error", "")
    cancelled = await act(store, SENT, cancel, actor("op.manager"))
    reports = (TaskReceived(NOW), TaskPickedUp(NOW, "x"), RecordUpdated(NOW, "REC-1", TODAY))

    marked = await _mark(store, row, learned=Learned(SENT.reference, reports))

    assert marked
    assert await states(store) == [DELIVERED, PENDING]
    assert await _now(store) == cancelled.after


async def test_only_the_late_ones_of_many_alarm(store: Store) -> None:
    old, new = numbered_transfer(1), numbered_transfer(2)
    await keep(store, old, new)
    await queue(store, message(DELIVER, old))
    await queue(store, message(DELIVER, new), now=NOW + 30 * MINUTE)

    async with store.write() as tx:
        await alert_late(tx, now=NOW + HOUR, alert_after=ALERT_AFTER)

    assert [alert.transfer for alert in await _alerts(store)] == [old.id]
