"""One report at a time: what it changes, what it says nothing new of, and two at one instant."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from builders import NOW, actor, situation, transfer_at

from app.domain import commands as c
from app.domain.decide import decide
from app.domain.decision import Decision, Event
from app.domain.duty_task import CaseSystem
from app.domain.hear import hear
from app.domain.milestone_kind import Side
from app.domain.pathway import Stage
from app.domain.people import system_actor
from app.domain.reassign import Reassignment, Worker, reassign
from app.domain.transfer import Milestone, Transfer
from app.domain.tray_reports import (
    RecordAllocated,
    RecordUpdated,
    Report,
    TaskPickedUp,
    TaskReceived,
    TaskReleased,
    TaskWaiting,
)

LCS = system_actor(CaseSystem.LCS, "durham")
LATER = situation(NOW + timedelta(days=1))
SENT, HELD = transfer_at(Stage.DISPATCHED), transfer_at(Stage.PICKED_UP)
ALLOCATED = transfer_at(Stage.ALLOCATED)
RECORD = "REC-DUR1001"


def at(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def tell(transfer: Transfer, report: Report) -> Decision | None:
    return hear(transfer, transfer.reference, report, LCS, LATER)


def told(transfer: Transfer, *reports: Report) -> Transfer:
    """The transfer after these reports."""
    for report in reports:
        decision = tell(transfer, report)
        transfer = decision.after if decision else transfer
    return transfer


def test_a_report_is_one_line_of_the_audit_by_the_case_system_at_the_stage_that_it_left() -> None:
    decision = tell(SENT, TaskReceived(at(1)))

    assert decision is not None
    assert decision.after.milestones[-1] == Milestone(
        "received_in_tray", at(1), "system:lcs", LATER.now
    )
    assert decision.after.version == SENT.version + 1
    assert decision.events == (
        Event(
            "report:received_in_tray",
            "system:lcs",
            LATER.now,
            Stage.DISPATCHED,
            Stage.DISPATCHED,
            SENT.version + 1,
        ),
    )


def test_a_record_s_date_changed_when_the_case_system_says_that_it_did() -> None:
    decision = tell(transfer_at(Stage.STARTED), RecordUpdated(at(60), RECORD, date(2026, 10, 1)))

    assert decision is not None
    mark = decision.after.milestones[-1]
    assert (mark.name, mark.at, mark.recorded_at) == ("record_date_changed", at(60), LATER.now)


@pytest.mark.parametrize("report", [TaskWaiting(NOW), TaskReleased(NOW)])
def test_a_task_that_is_put_back_the_instant_it_was_picked_up_waits_in_its_tray(
    report: Report,
) -> None:
    after = told(HELD, report)

    assert (after.stage, after.holder) == (Stage.DISPATCHED, None)


def test_h15_at_the_instant_of_our_own_pick_up_the_tray_is_right_about_who_holds_the_task() -> None:
    ours = decide(SENT, c.PickUp("cat", at(5)), actor("ff.socialworker"), LATER).after

    assert told(ours, TaskPickedUp(at(5), "ben")).holder == "ben"


def handed_over() -> Transfer:
    """What the receiver held in the tray, in the hands of a colleague."""
    leaver, to = Worker("receiver", "A. Receiver"), Worker("ff.deputy", "A. Deputy")
    asked = Reassignment("ff-bishop", leaver, to)
    decision = reassign(HELD, asked, actor("ff.manager"), situation(at(5)))
    assert decision is not None
    return decision.after


def test_the_release_that_our_own_handing_over_asked_for_says_nothing_new() -> None:
    assert tell(handed_over(), TaskReleased(at(6), "receiver")) is None


@pytest.mark.parametrize("by", ["ff.deputy", None])
def test_after_a_handing_over_a_release_by_the_new_holder_or_by_nobody_named_is_one(
    by: str | None,
) -> None:
    after = told(handed_over(), TaskReleased(at(6), by))

    assert (after.stage, after.holder) == (Stage.DISPATCHED, None)


def test_a_release_by_nobody_named_is_one_though_we_released_the_task_before() -> None:
    ours = decide(HELD, c.Release(at(5)), actor("ff.manager"), LATER).after

    after = told(ours, TaskPickedUp(at(10), "ben"), TaskReleased(at(20)))

    assert (after.stage, after.holder) == (Stage.DISPATCHED, None)


@pytest.mark.parametrize("minutes", [80, 90])
def test_an_allocation_that_is_not_later_than_the_last_moves_nothing(minutes: int) -> None:
    moved = told(ALLOCATED, RecordAllocated(at(90), RECORD, "new.worker"))

    assert tell(moved, RecordAllocated(at(minutes), RECORD, "another")) is None
    assert moved.lead_professional == "new.worker"


LEAD_CHANGED = Milestone(
    "lead_changed", at(60), "ff.manager", at(60), person="A colleague", outcome=Side.RECEIVING
)


@pytest.mark.parametrize(
    ("mark", "minutes", "lead"),
    [
        (LEAD_CHANGED, 59, "A colleague"),
        (LEAD_CHANGED, 60, "another"),
        (LEAD_CHANGED, 61, "another"),
        (replace(LEAD_CHANGED, outcome=Side.ORIGIN), 59, "another"),
        (replace(LEAD_CHANGED, name="worker_changed"), 59, "another"),
    ],
    ids=["handed over since", "at that instant", "before", "the origin's lead", "no lead"],
)
def test_the_lead_whom_the_receiving_team_handed_over_to_since_an_allocation_stays(
    mark: Milestone, minutes: int, lead: str
) -> None:
    led = replace(ALLOCATED, lead_professional="A colleague").with_milestone(mark)

    assert told(led, RecordAllocated(at(minutes), RECORD, "another")).lead_professional == lead
