"""A consent is withdrawn while the task is still on its way: what was withdrawn does not travel."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from builders import NOW, transfer_at
from store.kept import delivered_rows, keep, message, queue, states

from app.domain.duty_task import CaseSystem, DutyTask, SharingLimit
from app.domain.messages import Message, MessageKind
from app.domain.pathway import Stage
from app.store.delivery_rows import (
    CANCELLED,
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
from app.store.leases import Proof, claim, prove_delivered, settle

LEASE = timedelta(seconds=60)
SENT = transfer_at(Stage.DISPATCHED)
TASK = message(MessageKind.DELIVER_TASK, SENT)
RECORDS = tuple(form.record_id for form in SENT.form.forms)
OK, FAILED = Settlement(DELIVERED, "in the tray"), Settlement(PENDING, "status 503", NOW)


def limit(*forms: str, reference: str = SENT.reference) -> Message:
    about = message(MessageKind.LIMIT_SHARING, SENT, "7")
    return replace(about, payload=SharingLimit(reference, ("share",), forms))


async def claimed(store: Store, now: datetime = NOW) -> list[Delivery]:
    async with store.write() as tx:
        return await claim(tx, "one", now, lease=LEASE, limits={CaseSystem.LCS: 9})


async def settled(store: Store, row: Delivery, as_: Settlement) -> bool:
    async with store.write() as tx:
        return row.id in await settle(tx, [(row, as_)], NOW)


async def sent_forms(store: Store) -> list[tuple[DeliveryState, int]]:
    """How each task stands, and how many forms it carries."""
    rows = await delivered_rows(store)
    return [(r.state, len(r.payload.forms)) for r in rows if isinstance(r.payload, DutyTask)]


async def brought_to(store: Store, state: DeliveryState) -> Delivery | None:
    """The task's delivery, at that state."""
    await keep(store, SENT)
    await queue(store, TASK)
    if state is PENDING:
        return None
    (row,) = await claimed(store)
    if state is not LEASED:
        assert await settled(store, row, Settlement(state, "so", ambiguous=state is UNCERTAIN))
    return row


async def test_h12_a_task_that_waits_goes_without_the_form_under_a_revision_of_its_own(
    store: Store,
) -> None:
    await brought_to(store, PENDING)

    await queue(store, limit(*RECORDS), now=NOW + timedelta(hours=1))

    old, new, told = await delivered_rows(store)
    assert await sent_forms(store) == [(CANCELLED, 0), (PENDING, 0)]
    assert (new.key, old.key) == (f"{TASK.key}.7", TASK.key)
    assert (new.created_at, new.ambiguous, new.attempts) == (NOW, False, 0)
    assert (told.kind, told.state) == (MessageKind.LIMIT_SHARING, PENDING)


async def test_h12_the_limit_follows_the_task_in_order(store: Store) -> None:
    await brought_to(store, PENDING)
    await queue(store, limit(*RECORDS))

    (first,) = await claimed(store)
    await settled(store, first, OK)
    (second,) = await claimed(store)

    assert [first.kind, second.kind] == [MessageKind.DELIVER_TASK, MessageKind.LIMIT_SHARING]


@pytest.mark.parametrize("outcome", [OK, FAILED])
async def test_h12_a_push_under_way_is_never_said_again_with_the_form(
    store: Store, outcome: Settlement
) -> None:
    row = await brought_to(store, LEASED)
    assert row is not None

    await queue(store, limit(*RECORDS))
    ours = await settled(store, row, outcome)
    at_once, after_it = await claimed(store), await claimed(store, NOW + LEASE)

    assert not ours
    assert at_once == []
    (again,) = after_it
    assert isinstance(again.payload, DutyTask)
    assert (again.payload.forms, again.ambiguous) == ((), True)


@pytest.mark.parametrize("state", [PARKED, UNCERTAIN])
async def test_h12_a_task_that_was_put_aside_stays_so_and_is_replayed_without_the_form(
    store: Store, state: DeliveryState
) -> None:
    await brought_to(store, state)

    await queue(store, limit(*RECORDS))

    assert await sent_forms(store) == [(CANCELLED, 0), (state, 0)]
    assert await claimed(store) == [], "the limit waits for the task"


async def test_h12_a_task_that_has_arrived_is_not_sent_again(store: Store) -> None:
    await brought_to(store, DELIVERED)

    await queue(store, limit(*RECORDS))

    assert await sent_forms(store) == [(DELIVERED, len(RECORDS))]
    assert await states(store) == [DELIVERED, PENDING]


@pytest.mark.parametrize("forms", [(), ("SOME-OTHER",)])
async def test_a_task_without_what_was_withdrawn_goes_as_it_is(
    store: Store, forms: tuple[str, ...]
) -> None:
    await brought_to(store, PENDING)

    await queue(store, limit(*forms))

    assert await sent_forms(store) == [(PENDING, len(RECORDS))]


async def test_h12_an_earlier_dispatch_that_is_still_under_way_is_not_tried_again(
    store: Store,
) -> None:
    await brought_to(store, LEASED)
    await queue(store, message(MessageKind.WITHDRAW_TASK, SENT, "5"))

    await queue(store, limit(*RECORDS, reference=f"{SENT.id}.2"))

    assert await sent_forms(store) == [(CANCELLED, 0)]


async def test_a_report_proves_the_task_that_took_the_place(store: Store) -> None:
    await brought_to(store, PENDING)
    await queue(store, limit(*RECORDS))

    async with store.write() as tx:
        await prove_delivered(tx, [Proof(SENT.id, "lcs", 1)], NOW)

    assert await states(store) == [CANCELLED, DELIVERED, PENDING]


@pytest.mark.parametrize(
    ("state", "left"),
    [(DELIVERED, [DELIVERED, PENDING, PENDING]), (PENDING, [CANCELLED] * 3 + [PENDING])],
)
async def test_h12_a_withdrawn_task_that_had_arrived_is_limited_all_the_same(
    store: Store, state: DeliveryState, left: list[DeliveryState]
) -> None:
    await brought_to(store, state)
    await queue(store, limit(*RECORDS))

    await queue(store, message(MessageKind.WITHDRAW_TASK, SENT, "8"))

    assert await states(store) == left


async def test_h02_a_second_withdrawal_does_not_take_the_place_of_the_first(store: Store) -> None:
    await brought_to(store, DELIVERED)
    await queue(store, message(MessageKind.WITHDRAW_TASK, SENT, "8"))
    await queue(store, message(MessageKind.DELIVER_TASK, replace(SENT, dispatch=2), "2"))

    await queue(store, message(MessageKind.WITHDRAW_TASK, replace(SENT, dispatch=2), "9"))

    assert await states(store) == [DELIVERED, PENDING, CANCELLED, PENDING]
