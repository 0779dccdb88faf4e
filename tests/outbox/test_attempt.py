"""One attempt: each capability of a tray against each way in which a push may fail."""

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import NOW, transfer_at
from outbox.fake_tray import FakeTray, Fault
from store.kept import message

from app.domain.messages import MessageKind
from app.domain.pathway import Stage
from app.outbox.attempt import LONGEST_PROCESSING, Patience, attempt
from app.outbox.tray import Capability, TrayRefused, TrayUnavailable
from app.store.delivery_rows import (
    DELIVERED,
    PARKED,
    PENDING,
    UNCERTAIN,
    UNSEEN,
    Delivery,
    DeliveryState,
    Settlement,
)

PATIENCE = Patience((0.0, 5.0, 30.0))
SENT = transfer_at(Stage.DISPATCHED)
LOST = Fault(TrayUnavailable("read timeout", ambiguous=True), after=True)
NEVER_ARRIVED = Fault(TrayUnavailable("read timeout", ambiguous=True))
NO_CONNECTION = Fault(TrayUnavailable("ConnectError"))
REFUSED = Fault(TrayRefused("status 422: no_such_tray"))
DEDUPES, LOOKS_UP, NONE = (
    Capability.DEDUPES_ON_KEY, Capability.LOOKUP_BY_REFERENCE, Capability.NONE,
)  # fmt: skip


def delivery(kind: MessageKind = MessageKind.DELIVER_TASK) -> Delivery:
    """A first attempt at a message about a dispatched transfer."""
    said = message(kind, SENT)
    return Delivery(
        id=1,
        key=said.key,
        authority="durham",
        transfer=SENT.id,
        destination=said.destination,
        kind=kind,
        payload=said.payload,
        immediate_risk=False,
        alert_team="op-bishop",
        state=DeliveryState.LEASED,
        attempts=1,
        claims=1,
        ambiguous=False,
        next_attempt_at=NOW,
        leased_by="a worker",
        outcome=None,
        created_at=NOW,
        settled_at=None,
    )


def again(before: Delivery, settlement: Settlement) -> Delivery:
    """The next attempt at it."""
    return replace(before, attempts=before.attempts + 1, ambiguous=settlement.ambiguous)


@pytest.mark.parametrize(
    ("capability", "fault", "state", "ambiguous"),
    [
        (DEDUPES, None, DELIVERED, False),
        (DEDUPES, NO_CONNECTION, PENDING, False),
        (DEDUPES, LOST, PENDING, True),
        (DEDUPES, NEVER_ARRIVED, PENDING, True),
        (DEDUPES, REFUSED, PARKED, False),
        (LOOKS_UP, None, DELIVERED, False),
        (LOOKS_UP, NO_CONNECTION, PENDING, False),
        (LOOKS_UP, LOST, PENDING, True),
        (LOOKS_UP, NEVER_ARRIVED, PENDING, True),
        (LOOKS_UP, REFUSED, PARKED, False),
        (NONE, None, DELIVERED, False),
        (NONE, NO_CONNECTION, PENDING, False),
        (NONE, LOST, UNCERTAIN, True),
        (NONE, NEVER_ARRIVED, UNCERTAIN, True),
        (NONE, REFUSED, PARKED, False),
    ],
)
async def test_h05_what_a_first_push_of_a_task_leads_to(
    capability: Capability, fault: Fault | None, state: DeliveryState, *, ambiguous: bool
) -> None:
    tray = FakeTray(capability, faults=(fault,))

    made = await attempt(delivery(), tray, NOW, PATIENCE)

    assert (made.settlement.state, made.settlement.ambiguous) == (state, ambiguous)
    assert made.answered is (fault in (None, REFUSED))


@pytest.mark.parametrize("fault", [LOST, NEVER_ARRIVED, NO_CONNECTION])
@pytest.mark.parametrize("capability", [DEDUPES, LOOKS_UP])
async def test_h05_after_any_failure_the_second_attempt_leaves_exactly_one_task(
    capability: Capability, fault: Fault
) -> None:
    tray = FakeTray(capability, faults=(fault,))
    first = delivery()

    failed = await attempt(first, tray, NOW, PATIENCE)
    second = await attempt(again(first, failed.settlement), tray, NOW, PATIENCE)

    assert second.settlement.state is DELIVERED
    assert tray.made == {SENT.reference: 1}
    assert second.learned is not None
    assert second.learned.reference == SENT.reference
    assert second.learned.reports


async def test_h05_a_tray_that_dedupes_gets_the_same_key_again_without_being_asked() -> None:
    tray = FakeTray(DEDUPES, faults=(LOST,))
    first = delivery()

    failed = await attempt(first, tray, NOW, PATIENCE)
    await attempt(again(first, failed.settlement), tray, NOW, PATIENCE)

    assert tray.said == [f"deliver {SENT.reference} {first.key}"] * 2


async def test_h05_a_tray_that_looks_up_is_asked_first_and_not_before_it_can_know() -> None:
    tray = FakeTray(LOOKS_UP, faults=(LOST,))
    first = delivery()

    failed = await attempt(first, tray, NOW, PATIENCE)
    await attempt(again(first, failed.settlement), tray, NOW, PATIENCE)

    assert tray.spoken() == ["deliver", "look_up"]
    assert failed.settlement.next_attempt_at is not None
    assert failed.settlement.next_attempt_at >= NOW + LONGEST_PROCESSING


async def test_h05_a_task_that_the_look_up_does_not_find_is_sent_again() -> None:
    tray = FakeTray(LOOKS_UP, faults=(NEVER_ARRIVED,))
    first = delivery()

    failed = await attempt(first, tray, NOW, PATIENCE)
    await attempt(again(first, failed.settlement), tray, NOW, PATIENCE)

    assert tray.spoken() == ["deliver", "look_up", "deliver"]


async def test_h05_a_look_up_that_fails_sends_nothing_and_is_tried_again() -> None:
    tray = FakeTray(LOOKS_UP, faults=(LOST, NO_CONNECTION))
    first = delivery()

    failed = await attempt(first, tray, NOW, PATIENCE)
    unknown = await attempt(again(first, failed.settlement), tray, NOW, PATIENCE)

    assert (unknown.settlement.state, unknown.settlement.ambiguous) == (PENDING, True)
    assert tray.spoken() == ["deliver", "look_up"]


async def test_h05_a_refusal_after_a_lost_answer_does_not_forget_that_it_may_be_there() -> None:
    tray = FakeTray(LOOKS_UP, faults=(LOST, REFUSED))
    first = delivery()

    failed = await attempt(first, tray, NOW, PATIENCE)
    refused = await attempt(again(first, failed.settlement), tray, NOW, PATIENCE)

    assert (refused.settlement.state, refused.settlement.ambiguous) == (PARKED, True)


@pytest.mark.parametrize("outcome", sorted(UNSEEN))
async def test_h05_a_look_up_that_came_too_soon_to_find_a_push_is_made_again_before_a_resend(
    outcome: str,
) -> None:
    tray = FakeTray(LOOKS_UP)
    cut_off = replace(delivery(), ambiguous=True, outcome=outcome)

    too_soon = (await attempt(cut_off, tray, NOW, PATIENCE)).settlement
    waited = replace(again(cut_off, too_soon), outcome=too_soon.outcome)
    made = await attempt(waited, tray, NOW + LONGEST_PROCESSING, PATIENCE)

    assert (too_soon.state, too_soon.ambiguous) == (PENDING, True)
    assert too_soon.next_attempt_at == NOW + LONGEST_PROCESSING
    assert made.settlement.state is DELIVERED
    assert tray.spoken() == ["look_up", "look_up", "deliver"]


@pytest.mark.parametrize("attempts", [1, 2, 3, 12])
async def test_h05_without_either_nothing_that_may_have_arrived_is_ever_sent_again(
    attempts: int,
) -> None:
    tray = FakeTray(NONE)
    maybe = replace(delivery(), attempts=attempts, ambiguous=True)

    made = await attempt(maybe, tray, NOW, PATIENCE)

    assert made.settlement.state is UNCERTAIN
    assert tray.said == []


@pytest.mark.parametrize(
    "kind",
    [kind for kind in MessageKind if kind not in (MessageKind.DELIVER_TASK, MessageKind.EVENT)],
)
async def test_h05_what_only_sets_a_state_may_be_said_twice_to_any_tray(kind: MessageKind) -> None:
    tray = FakeTray(NONE, faults=(NEVER_ARRIVED,))
    first = delivery(kind)

    failed = await attempt(first, tray, NOW, PATIENCE)
    second = again(first, failed.settlement)
    await attempt(second, tray, NOW, PATIENCE)

    assert failed.settlement.state is PENDING
    assert len(tray.said) >= 2


async def test_waits_grow_by_the_steps_and_the_last_failure_parks() -> None:
    outcomes = []
    for number in (1, 2, 3):
        tray = FakeTray(faults=(NO_CONNECTION,))
        made = await attempt(replace(delivery(), attempts=number), tray, NOW, PATIENCE)
        outcomes.append(made.settlement)

    assert [o.state for o in outcomes] == [PENDING, PENDING, PARKED]
    waits = [o.next_attempt_at - NOW for o in outcomes if o.next_attempt_at]
    assert timedelta(seconds=4) <= waits[0] <= timedelta(seconds=6)
    assert timedelta(seconds=24) <= waits[1] <= timedelta(seconds=36)


async def test_a_retry_after_of_a_year_is_no_longer_than_two_steps() -> None:
    busy = Fault(TrayUnavailable("status 429", retry_after=365 * 86_400.0))

    made = await attempt(delivery(), FakeTray(faults=(busy,)), NOW, PATIENCE)

    assert made.settlement.next_attempt_at == NOW + timedelta(seconds=10)
