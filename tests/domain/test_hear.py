"""Reports of a tray in any order, any number of times. Hazards 13 and 15.

A journey is what a tray reports of one task, in order. However the network mixes and repeats its
callbacks, and whatever a look-up tells again, the transfer ends as if they had come in order.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest
from builders import BEGAN, NOW, PEOPLE, actor, child, situation, transfer_at
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain import commands as c
from app.domain.decide import decide
from app.domain.decision import Decision
from app.domain.duty_task import CaseSystem
from app.domain.errors import NotPermitted, RulesBroken, StaleReport
from app.domain.hear import hear
from app.domain.messages import MessageKind, RecordDateCheck, TaskLookUp
from app.domain.pathway import Pathway, Stage
from app.domain.people import system_actor
from app.domain.transfer import Transfer
from app.domain.tray_reports import (
    NewRecord,
    RecordAllocated,
    RecordsCreated,
    RecordUpdated,
    Report,
    TaskDeclined,
    TaskPickedUp,
    TaskReceived,
    TaskReleased,
    TaskWaiting,
)

LCS = system_actor(CaseSystem.LCS, "durham")
EHM = system_actor(CaseSystem.EHM, "durham")
LATER = situation(NOW + timedelta(days=1))
SENT = transfer_at(Stage.DISPATCHED)
SIBLINGS = transfer_at(Stage.DISPATCHED, children=(child(), child("DUR1002", "Billie Example")))


def at(minutes: int) -> datetime:
    """A time after the dispatch."""
    return NOW + timedelta(minutes=minutes)


def records(transfer: Transfer, minutes: int) -> tuple[NewRecord, ...]:
    """A referral for each child, dated as LCS copies it."""
    return tuple(
        NewRecord(x.child_id, f"REC-{x.child_id}", at(minutes), BEGAN) for x in transfer.children
    )


RECEIVED = TaskReceived(at(1))
BY_ANN = TaskPickedUp(at(10), "ann")
RELEASED = TaskReleased(at(20))
BY_BEN = TaskPickedUp(at(30), "ben")
BY_ANN_AGAIN = TaskPickedUp(at(30), "ann")
RELEASED_AGAIN = TaskReleased(at(40))
CREATED = RecordsCreated(at(50), "ben", records(SENT, 50))
CREATED_BY_ANN = RecordsCreated(at(50), "ann", records(SENT, 50))
UPDATED = RecordUpdated(at(60), "REC-DUR1001", date(2026, 11, 20))
ALLOCATED = RecordAllocated(at(70), "REC-DUR1001", "sam")
BOTH_CREATED = RecordsCreated(at(50), "ben", records(SIBLINGS, 50))
SIBLING_UPDATED = RecordUpdated(at(65), "REC-DUR1002", date(2026, 11, 20))
SIBLING_ALLOCATED = RecordAllocated(at(80), "REC-DUR1002", "sue")


@dataclass(frozen=True)
class Journey:
    """Reports in the order of what happened, from a transfer that was just dispatched."""

    begins: Transfer
    reports: tuple[Report, ...]


JOURNEYS = {
    "straight": Journey(SENT, (RECEIVED, BY_ANN, CREATED_BY_ANN, UPDATED, ALLOCATED)),
    "another takes over": Journey(
        SENT, (RECEIVED, BY_ANN, RELEASED, BY_BEN, CREATED, UPDATED, ALLOCATED)
    ),
    "the same takes it again": Journey(
        SENT, (RECEIVED, BY_ANN, RELEASED, BY_ANN_AGAIN, CREATED_BY_ANN, UPDATED, ALLOCATED)
    ),
    "held by another": Journey(SENT, (RECEIVED, BY_ANN, RELEASED, BY_BEN)),
    "held by the same": Journey(SENT, (RECEIVED, BY_ANN, RELEASED, BY_ANN_AGAIN)),
    "put back": Journey(SENT, (RECEIVED, BY_ANN, RELEASED)),
    "put back at once": Journey(SENT, (RECEIVED, BY_ANN, TaskReleased(BY_ANN.at))),
    "put back twice": Journey(SENT, (RECEIVED, BY_ANN, RELEASED, BY_BEN, RELEASED_AGAIN)),
    "put back twice, then begun": Journey(
        SENT, (BY_ANN, RELEASED, BY_BEN, RELEASED_AGAIN, TaskPickedUp(at(45), "cat"), CREATED)
    ),
    "siblings": Journey(
        SIBLINGS,
        (RECEIVED, BY_BEN, BOTH_CREATED, UPDATED, SIBLING_UPDATED, ALLOCATED, SIBLING_ALLOCATED),
    ),
}
NAMED = pytest.mark.parametrize("name", JOURNEYS)
RANK = {
    Stage.DISPATCHED: 1,
    Stage.PICKED_UP: 2,
    Stage.STARTED: 3,
    Stage.ALLOCATED: 4,
    Stage.COMPLETED: 5,
}


def tell(transfer: Transfer, report: Report) -> Decision | None:
    """Let LCS report on the present task."""
    return hear(transfer, transfer.reference, report, LCS, LATER)


def look_up(journey: Journey) -> tuple[Report, ...]:
    """What the tray answers when it is asked: how the task stands, not how it came there."""
    put_back = isinstance(journey.reports[-1], TaskReleased)
    held = [] if put_back else [x for x in journey.reports if isinstance(x, TaskPickedUp)][-1:]
    other = [x for x in journey.reports if not isinstance(x, TaskPickedUp | TaskReleased)]
    received = [x for x in other if isinstance(x, TaskReceived)]
    return (*received, *held, *(x for x in other if x not in received))


def play(journey: Journey, order: Iterable[Report]) -> Transfer:
    """Hear the reports in that order, and at last the answer to a look-up, where one was asked."""
    transfer, asked = journey.begins, False
    for report in order:
        decision = tell(transfer, report)
        if decision is not None:
            fell = RANK[decision.after.stage] < RANK[transfer.stage]
            assert not fell or isinstance(report, TaskReleased)
            assert decision.before == transfer
            assert decision.after.version > transfer.version
            asked |= any(x.kind is MessageKind.LOOK_UP_TASK for x in decision.messages)
            transfer = decision.after
    for report in look_up(journey) if asked else ():
        decision = tell(transfer, report)
        transfer = transfer if decision is None else decision.after
    return transfer


def standing(transfer: Transfer) -> dict[str, object]:
    """Everything that must not depend on the order of the reports."""
    picked_up, received = transfer.reached("picked_up"), transfer.reached("received_in_tray")
    started, allocated = transfer.reached("started"), transfer.reached("allocated")
    return {
        "stage": transfer.stage,
        "holder": transfer.holder,
        "children": transfer.children,
        "lead professional": transfer.lead_professional,
        "received": received and received.at,
        "picked up": picked_up and (picked_up.at, picked_up.person, picked_up.inferred),
        "started": started and started.at,
        "allocated": allocated and (allocated.at, allocated.person),
    }


@NAMED
def test_h15_every_order_of_a_journey_ends_alike(name: str) -> None:
    whole = JOURNEYS[name]
    aside = (RECEIVED, UPDATED, SIBLING_UPDATED)
    journey = replace(whole, reports=tuple(x for x in whole.reports if x not in aside))
    in_order = standing(play(journey, journey.reports))

    orders = list(permutations(journey.reports))
    different = [order for order in orders if standing(play(journey, order)) != in_order]

    assert different == []


@NAMED
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_h15_every_order_with_any_repeats_ends_alike(name: str, data: st.DataObject) -> None:
    journey = JOURNEYS[name]
    repeats = data.draw(st.lists(st.sampled_from(journey.reports), max_size=6))
    order = data.draw(st.permutations([*journey.reports, *repeats]))

    mixed = standing(play(journey, order))

    assert mixed == standing(play(journey, journey.reports))


@NAMED
def test_h15_a_journey_that_is_told_again_says_nothing_new(name: str) -> None:
    journey = JOURNEYS[name]
    told = play(journey, journey.reports)

    again = [tell(told, report) for report in journey.reports]

    assert again == [None] * len(journey.reports)


def test_the_straight_journey_ends_allocated_with_all_its_times() -> None:
    told = play(JOURNEYS["straight"], JOURNEYS["straight"].reports)

    assert {key: value for key, value in standing(told).items() if key != "children"} == {
        "stage": Stage.ALLOCATED,
        "holder": "ann",
        "lead professional": "sam",
        "received": at(1),
        "picked up": (at(10), "ann", False),
        "started": at(50),
        "allocated": (at(70), "sam"),
    }


def test_a_task_that_waits_again_was_released_though_nobody_told_us() -> None:
    held = transfer_at(Stage.PICKED_UP)

    told = tell(held, TaskWaiting(at(30)))

    assert told is not None
    assert (told.after.stage, told.after.holder) == (Stage.DISPATCHED, None)


@pytest.mark.parametrize("stage", [Stage.DISPATCHED, Stage.STARTED, Stage.ALLOCATED])
def test_a_waiting_task_says_nothing_new_of_what_nobody_holds_or_was_begun(stage: Stage) -> None:
    assert tell(transfer_at(stage), TaskWaiting(at(30))) is None


def test_a_later_allocation_to_another_worker_moves_the_lead() -> None:
    allocated = transfer_at(Stage.ALLOCATED)
    (record,) = [x.record for x in allocated.children]
    assert record is not None

    told = tell(allocated, RecordAllocated(at(90), record.record_id, "new.worker"))
    late = tell(allocated, RecordAllocated(NOW - timedelta(hours=1), record.record_id, "an.older"))

    assert told is not None
    assert (told.after.stage, told.after.lead_professional) == (Stage.ALLOCATED, "new.worker")
    assert late is None


def test_siblings_with_two_workers_are_led_by_the_one_who_was_allocated_last() -> None:
    told = play(JOURNEYS["siblings"], reversed(JOURNEYS["siblings"].reports))

    allocated = [x.record and x.record.allocated_to for x in told.children]
    assert (allocated, told.lead_professional) == (["sam", "sue"], "sue")


def test_h15_a_created_record_implies_the_pick_up_and_a_late_one_only_fills_its_time() -> None:
    implied = tell(SENT, CREATED)
    assert implied is not None
    begun = implied.after

    filled = tell(begun, BY_BEN)

    mark = begun.reached("picked_up")
    assert mark is not None
    assert (mark.at, mark.person, mark.inferred) == (at(50), "ben", True)
    assert [event.action for event in implied.events] == ["pick_up", "start"]
    assert filled is not None
    assert filled.after.stage is Stage.STARTED
    assert filled.messages == ()
    late = filled.after.reached("picked_up")
    assert late is not None
    assert (late.at, late.person, late.inferred) == (at(30), "ben", False)


def test_h15_a_late_pick_up_is_filled_in_after_the_transfer_has_ended() -> None:
    implied = tell(SENT, CREATED)
    assert implied is not None
    allocated = tell(implied.after, ALLOCATED)
    assert allocated is not None
    ended = decide(allocated.after, c.Complete("Closed"), actor("ff.manager"), LATER).after

    filled = tell(ended, BY_BEN)

    assert filled is not None
    assert filled.after.stage is Stage.COMPLETED


def test_h15_the_tray_is_right_about_who_holds_a_task() -> None:
    ours = decide(SENT, c.PickUp("cat", at(5)), actor("ff.socialworker"), LATER).after

    theirs = tell(ours, BY_BEN)

    assert theirs is not None
    assert (theirs.after.stage, theirs.after.holder) == (Stage.PICKED_UP, "ben")


def test_the_tray_s_answer_to_our_own_pick_up_says_nothing_new() -> None:
    ours = decide(SENT, c.PickUp("ann", at(5)), actor("ff.socialworker"), LATER).after

    assert tell(ours, BY_ANN) is None


@pytest.mark.parametrize(
    ("stage", "report"),
    [
        (Stage.DISPATCHED, UPDATED),
        (Stage.DISPATCHED, ALLOCATED),
        (Stage.PICKED_UP, UPDATED),
        (Stage.PICKED_UP, ALLOCATED),
        (Stage.STARTED, RecordAllocated(at(70), "REC-OTHER", "sam")),
        (Stage.STARTED, RecordUpdated(at(70), "REC-OTHER", BEGAN)),
    ],
)
def test_a_report_that_skips_one_asks_for_a_look_up_and_moves_nothing(
    stage: Stage, report: Report
) -> None:
    transfer = transfer_at(stage)

    decision = tell(transfer, report)

    assert decision is not None
    (message,) = decision.messages
    assert (message.kind, message.destination) == (MessageKind.LOOK_UP_TASK, CaseSystem.LCS)
    assert message.payload == TaskLookUp(transfer.reference)
    assert message.revision == str(transfer.version + 1)
    assert (decision.after.stage, decision.after.children) == (stage, transfer.children)


def declined() -> Transfer:
    return transfer_at(Stage.DECLINED)


def cancelled() -> Transfer:
    cancel = c.Cancel("entered_in_error", "A mistake")
    return decide(SENT, cancel, actor("op.manager"), LATER).after


def redirected() -> Transfer:
    return decide(SENT, c.Redirect("ff-east", "Wrong"), actor("op.manager"), LATER).after


def returned() -> Transfer:
    return decide(declined(), c.Return("Say more"), actor("op.manager"), LATER).after


def dispatched_again() -> Transfer:
    return decide(returned(), c.Finalise(), actor("op.worker"), LATER).after


EVERY_KIND = (
    RECEIVED,
    BY_ANN,
    RELEASED,
    TaskDeclined(at(30), "other"),
    CREATED,
    UPDATED,
    ALLOCATED,
)


@pytest.mark.parametrize("ended", [cancelled, redirected, returned, dispatched_again])
@pytest.mark.parametrize("report", EVERY_KIND, ids=lambda report: type(report).__name__)
def test_h15_a_report_on_a_task_that_no_longer_counts_is_refused(
    ended: Callable[[], Transfer], report: Report
) -> None:
    transfer = ended()

    with pytest.raises(StaleReport):
        hear(transfer, SENT.reference, report, LCS, LATER)


@pytest.mark.parametrize("report", EVERY_KIND, ids=lambda report: type(report).__name__)
def test_h15_of_a_declined_task_only_its_receipt_and_its_decline_are_still_heard(
    report: Report,
) -> None:
    transfer = declined()

    if isinstance(report, TaskReceived):
        received = tell(transfer, report)
        assert received is not None
        assert (received.after.stage, received.messages) == (Stage.DECLINED, ())
    elif isinstance(report, TaskDeclined):
        assert tell(transfer, report) is None
    else:
        with pytest.raises(StaleReport):
            tell(transfer, report)


@pytest.mark.parametrize("begin", [redirected, dispatched_again])
def test_the_new_task_is_heard_from_its_beginning(begin: Callable[[], Transfer]) -> None:
    journey = replace(JOURNEYS["straight"], begins=begin())

    told = play(journey, reversed(journey.reports))

    assert (told.stage, told.holder) == (Stage.ALLOCATED, "ann")


@pytest.mark.parametrize("stage", [Stage.STARTED, Stage.ALLOCATED, Stage.COMPLETED])
def test_a_decline_of_what_was_begun_is_refused(stage: Stage) -> None:
    with pytest.raises(StaleReport):
        tell(transfer_at(stage), TaskDeclined(at(80), "other"))


@pytest.mark.parametrize("stage", [Stage.DISPATCHED, Stage.PICKED_UP])
def test_a_decline_in_the_tray_is_a_decline_in_the_words_given_there(stage: Stage) -> None:
    decision = tell(transfer_at(stage), TaskDeclined(at(30), "Not yet: below the threshold"))

    assert decision is not None
    mark = decision.after.reached("declined")
    assert mark is not None
    assert (decision.after.stage, decision.messages) == (Stage.DECLINED, ())
    assert (mark.reason, mark.note) == ("declined_in_tray", "Not yet: below the threshold")
    assert (mark.at, mark.by) == (at(30), "system:lcs")


@pytest.mark.parametrize("stage", [Stage.DISPATCHED, Stage.PICKED_UP])
@pytest.mark.parametrize(
    "ids",
    [(), ("DUR9999",), ("DUR1001", "DUR1001"), ("DUR1001", "DUR9999"), ("DUR1002",)],
    ids=lambda ids: "+".join(ids) or "none",
)
def test_h13_records_for_other_children_are_refused_as_a_whole(
    stage: Stage, ids: tuple[str, ...]
) -> None:
    wrong = tuple(NewRecord(x, f"REC-{n}", at(50), BEGAN) for n, x in enumerate(ids))

    with pytest.raises(RulesBroken, match=r"^record-per-child$"):
        tell(transfer_at(stage), RecordsCreated(at(50), "ben", wrong))


@pytest.mark.parametrize("stage", [Stage.STARTED, Stage.ALLOCATED, Stage.COMPLETED])
def test_h13_other_records_than_the_known_ones_are_refused_later(stage: Stage) -> None:
    other = NewRecord("DUR1001", "REC-OTHER", at(50), BEGAN)

    with pytest.raises(StaleReport):
        tell(transfer_at(stage), RecordsCreated(at(50), "ben", (other,)))


def test_the_records_of_siblings_are_checked_one_by_one() -> None:
    decision = tell(SIBLINGS, BOTH_CREATED)

    assert decision is not None
    checks = [message.payload for message in decision.messages]
    assert [x.check.child.child_id for x in checks if isinstance(x, RecordDateCheck)] == [
        "DUR1001",
        "DUR1002",
    ]
    assert len({message.key for message in decision.messages}) == 2


def test_a_case_system_does_not_move_the_other_one_s_task() -> None:
    for report in (BY_ANN, CREATED, TaskDeclined(at(30), "other")):
        with pytest.raises(NotPermitted):
            hear(SENT, SENT.reference, report, EHM, LATER)


@pytest.mark.parametrize("reference", ["", "nothing", f"{SENT.id}.0", f"{SENT.id}.2", SENT.id])
def test_a_reference_that_is_not_the_present_task_s_is_refused(reference: str) -> None:
    with pytest.raises(StaleReport):
        hear(SENT, reference, RECEIVED, LCS, LATER)


def test_an_ehm_journey_is_heard_as_an_lcs_one() -> None:
    sent = transfer_at(Stage.DISPATCHED, Pathway.STEP_DOWN)
    transfer = sent

    for report in (ALLOCATED, CREATED, RECEIVED, BY_BEN, ALLOCATED):
        decision = hear(transfer, sent.reference, report, EHM, LATER)
        transfer = decision.after if decision else transfer

    assert (transfer.stage, transfer.holder) == (Stage.ALLOCATED, "ben")
    assert transfer.author == PEOPLE[Pathway.STEP_DOWN]["author"]


def test_a_record_s_update_is_checked_where_its_date_is_news_and_not_otherwise() -> None:
    begun = transfer_at(Stage.STARTED)
    right, third = NOW.date(), date(2026, 10, 1)

    answers = {
        dated: tell(begun, RecordUpdated(at(60), "REC-DUR1001", dated))
        for dated in (BEGAN, right, third)
    }

    assert (answers[BEGAN], answers[right]) == (None, None)
    check = answers[third]
    assert check is not None
    assert [message.kind for message in check.messages] == [MessageKind.CHECK_RECORD_DATE]


def test_times_in_another_zone_are_the_same_times() -> None:
    summer = datetime(2026, 11, 20, 10, 10, tzinfo=UTC).astimezone()

    decision = tell(SENT, TaskPickedUp(summer, "ann"))

    assert decision is not None
    mark = decision.after.reached("picked_up")
    assert mark is not None
    assert mark.at == at(10)
