"""Callbacks of the case systems: heard once, answered the same for good, and never out of place."""

import asyncio
from dataclasses import replace

import pytest
from builders import BEGAN, NOW, actor, new_records, transfer_at
from store.kept import (
    act,
    calling,
    counted,
    delivered_rows,
    keep,
    message,
    numbered_transfer,
    queue,
    states,
)
from usecases.waits import LEASE, marked

from app.domain import commands as c
from app.domain.duty_task import CaseSystem
from app.domain.learned import Learned
from app.domain.messages import MessageKind
from app.domain.pathway import Pathway, Stage
from app.domain.people import system_actor
from app.domain.transfer import Transfer
from app.domain.tray_reports import RecordsCreated, Report, TaskPickedUp, TaskReceived
from app.store.alerts import list_alerts
from app.store.delivery_rows import DELIVERED, PARKED, Delivery, Settlement
from app.store.engine import Store
from app.store.leases import claim
from app.store.transfers import load_transfer
from app.usecases.mark_deliveries import Mark
from app.usecases.receive_report import Callback, CallbackAnswer, receive_report

LCS, EHM = CaseSystem.LCS, CaseSystem.EHM
SENT = transfer_at(Stage.DISPATCHED)
IN_TRAY = Settlement(DELIVERED, "in the tray")
NOTED = CallbackAnswer(200, {"noted": True})
NOTHING_NEW = CallbackAnswer(200, {"noted": False})


def picked_up(transfer: Transfer = SENT, worker: str = "lcs.worker", **changes: object) -> Callback:
    """LCS says that somebody picked the task up."""
    said: Report = TaskPickedUp(NOW, worker)
    made = Callback(LCS, "msg-1", "d" * 64, "task_picked_up", transfer.reference, said)
    return replace(made, **changes)  # type: ignore[arg-type]


async def _hear(store: Store, callback: Callback) -> CallbackAnswer:
    async with store.write() as tx:
        return await receive_report(calling(tx, system_actor(callback.system, "")), callback)


async def _alerts(store: Store) -> list[str]:
    async with store.read() as tx:
        return [alert.kind for alert in await list_alerts(tx, "durham", None, 0, 100)]


async def _now(store: Store, transfer: Transfer = SENT) -> Transfer:
    async with store.read() as tx:
        found = await load_transfer(tx, transfer.id)
    assert found is not None
    return found


async def test_h15_a_report_moves_the_transfer_and_its_repeat_gets_the_same_answer(
    store: Store,
) -> None:
    await keep(store, SENT)

    first = await _hear(store, picked_up())
    moved = await _now(store)
    again = await _hear(store, picked_up())

    assert first == again == NOTED
    assert (moved.stage, moved.holder) == (Stage.PICKED_UP, "lcs.worker")
    assert await _now(store) == moved
    assert (await counted(store))["inbox"] == 1


async def test_h15_a_repeat_gets_its_answer_even_when_it_would_no_longer_fit(
    store: Store,
) -> None:
    await keep(store, SENT)
    await _hear(store, picked_up())
    records = RecordsCreated(NOW, "lcs.worker", new_records(SENT.children))
    await _hear(store, picked_up(message_id="msg-2", report=records))

    repeat = await _hear(store, picked_up())

    assert repeat == NOTED
    assert await _alerts(store) == []


async def test_h16_the_same_id_with_another_body_is_a_conflict_and_an_alert(
    store: Store,
) -> None:
    await keep(store, SENT)
    await _hear(store, picked_up())
    forged = [
        picked_up(digest="e" * 64, report=TaskPickedUp(NOW, "another.worker")),
        picked_up(digest="f" * 64, reference="no-such-task.1"),
        picked_up(digest="0" * 64, reference=None, report=None),
    ]

    answers = [await _hear(store, callback) for callback in forged]
    original = await _hear(store, picked_up())

    assert [answer.status for answer in answers] == [409, 409, 409]
    assert await _alerts(store) == ["callback_reused"] * 3
    assert original == NOTED
    assert (await _now(store)).holder == "lcs.worker"


async def test_the_same_id_from_the_other_system_is_another_message(store: Store) -> None:
    down = numbered_transfer(2, Stage.DISPATCHED, Pathway.STEP_DOWN)
    await keep(store, SENT, down)

    answers = [await _hear(store, picked_up()), await _hear(store, picked_up(down, system=EHM))]

    assert answers == [NOTED, NOTED]


@pytest.mark.parametrize("reference", ["00000000-0000-4000-8000-000000000999.1", "x", ".", ""])
async def test_a_reference_that_nobody_knows_is_not_found_and_stays_so(
    store: Store, reference: str
) -> None:
    answers = [await _hear(store, picked_up(reference=reference)) for _ in range(2)]

    assert [answer.status for answer in answers] == [404, 404]
    assert (await counted(store))["inbox"] == 1


async def test_h16_a_system_may_speak_of_its_own_tasks_alone(store: Store) -> None:
    await keep(store, SENT)

    answer = await _hear(store, picked_up(system=EHM))

    assert answer.status == 403
    assert await _now(store) == SENT
    assert await _alerts(store) == ["callback_of_another_system"]


async def test_after_a_cancellation_a_report_is_a_conflict_and_an_alert(store: Store) -> None:
    await keep(store, SENT)
    cancelled = await act(store, SENT, c.Cancel("entered_in_error", ""), actor("op.manager"))

    answer = await _hear(store, picked_up())
    again = await _hear(store, picked_up())

    assert (answer.status, again) == (409, answer)
    assert await _now(store) == cancelled.after
    assert await _alerts(store) == ["callback_out_of_place"]


async def test_a_report_on_a_task_that_was_replaced_by_a_redirect_is_a_conflict(
    store: Store,
) -> None:
    await keep(store, SENT)
    redirect = c.Redirect("ff-chester", "The wrong tray")
    moved = await act(store, SENT, redirect, actor("op.manager"))

    late = await _hear(store, picked_up())
    right = await _hear(store, picked_up(moved.after, message_id="msg-2"))

    assert (late.status, right) == (409, NOTED)


async def test_a_kind_that_says_nothing_to_a_transfer_is_kept_and_changes_nothing(
    store: Store,
) -> None:
    await keep(store, SENT)

    answer = await _hear(store, picked_up(report=None))

    assert answer == NOTHING_NEW
    assert await _now(store) == SENT


async def test_h15_created_before_picked_up_implies_it_and_the_late_pick_up_fills_its_time(
    store: Store,
) -> None:
    await keep(store, SENT)
    records = RecordsCreated(NOW, "lcs.worker", new_records(SENT.children))

    first = await _hear(store, picked_up(report=records))
    late = await _hear(store, picked_up(message_id="msg-2", worker="lcs.worker"))
    found = await _now(store)

    assert (first, late) == (NOTED, NOTED)
    assert found.stage is Stage.STARTED
    marks = [mark for mark in found.milestones if mark.name == "picked_up"]
    assert [mark.inferred for mark in marks] == [True, False]
    assert found.children[0].record is not None
    assert found.children[0].record.dated == BEGAN
    kinds = [row.kind for row in await delivered_rows(store)]
    assert kinds == [MessageKind.CHECK_RECORD_DATE]


async def test_h15_a_report_before_our_own_commit_proves_the_delivery(store: Store) -> None:
    await keep(store, SENT)
    await queue(store, message(MessageKind.DELIVER_TASK, SENT))
    async with store.write() as tx:
        (pushing,) = await claim(tx, "relay", NOW, lease=LEASE, limits={LCS: 1})

    answer = await _hear(store, picked_up())
    after_report = await states(store)
    async with store.write() as tx:
        ours = await marked(tx, Mark(pushing, Settlement(PARKED, "timeout")), NOW)

    assert (answer, after_report) == (NOTED, [DELIVERED])
    assert ours is False
    assert await states(store) == [DELIVERED]
    assert await _alerts(store) == []


async def test_that_a_withdrawn_task_had_arrived_alerts_nobody_and_proves_no_other_task(
    store: Store,
) -> None:
    await keep(store, SENT)
    moved = await act(store, SENT, c.Redirect("ff-chester", "Wrong"), actor("op.manager"))

    answer = await _hear(store, picked_up(report=TaskReceived(NOW)))

    assert answer.status == 409
    assert await _now(store) == moved.after
    assert DELIVERED not in await states(store)
    assert await _alerts(store) == []


async def test_h15_a_report_that_says_nothing_new_proves_the_delivery_all_the_same(
    store: Store,
) -> None:
    received = SENT.with_milestone(replace(SENT.milestones[-1], name="received_in_tray"))
    await keep(store, received)
    await queue(store, message(MessageKind.DELIVER_TASK, SENT))

    answer = await _hear(store, picked_up(report=TaskReceived(NOW)))

    assert answer == NOTHING_NEW
    assert await states(store) == [DELIVERED]


@pytest.mark.parametrize("known", [True, False], ids=["a known task", "an unknown task"])
async def test_h15_eight_copies_of_a_callback_at_once_are_one_message_with_one_answer(
    store: Store, database_url: str, *, known: bool
) -> None:
    if known:
        await keep(store, SENT)
    other_process = Store(database_url)
    stores = (store, other_process)

    answers = await asyncio.gather(*(_hear(stores[n % 2], picked_up()) for n in range(8)))
    await other_process.close()

    assert {answer.status for answer in answers} == {200 if known else 404}
    assert all(answer == answers[0] for answer in answers)
    rows = await counted(store)
    assert (rows["inbox"], rows["audit_events"]) == (1, int(known))


async def test_h16_of_two_bodies_under_one_id_at_once_one_is_heard(store: Store) -> None:
    others = [numbered_transfer(n) for n in (1, 2)]
    await keep(store, *others)

    answers = await asyncio.gather(
        *(_hear(store, picked_up(one, digest=str(n) * 64)) for n, one in enumerate(others))
    )

    assert sorted(answer.status for answer in answers) == [200, 409]
    stages = [(await _now(store, one)).stage for one in others]
    assert sorted(stages) == [Stage.DISPATCHED, Stage.PICKED_UP]
    assert await _alerts(store) == ["callback_reused"]


async def test_h15_marking_a_push_and_hearing_its_report_at_once_never_wait_in_a_ring(
    store: Store,
) -> None:
    transfers = [numbered_transfer(n) for n in range(8)]
    await keep(store, *transfers)
    await queue(store, *(message(MessageKind.DELIVER_TASK, one) for one in transfers))
    async with store.write() as tx:
        rows = await claim(tx, "relay", NOW, lease=LEASE, limits={LCS: 8})

    async def mark(row: Delivery) -> bool:
        learned = Learned(f"{row.transfer}.1", (TaskReceived(NOW),))
        async with store.write() as tx:
            return await marked(tx, Mark(row, IN_TRAY, learned), NOW)

    answers = await asyncio.gather(
        *(mark(row) for row in rows),
        *(_hear(store, picked_up(one, message_id=one.id)) for one in transfers),
    )

    assert answers[8:] == [NOTED] * 8
    assert {(await _now(store, one)).stage for one in transfers} == {Stage.PICKED_UP}
    assert await states(store) == [DELIVERED] * 8
