"""A case joins a meeting, leaves it for another, and what was recorded of it is one meeting's."""

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from builders import NOW, situation
from domain.meeting_cases import EMPTY, NEXT, SERIES, STARTS, WORKER, submitted

from app.domain import commands as c
from app.domain.breach import must
from app.domain.decide import decide
from app.domain.decision import Decision
from app.domain.errors import RulesBroken
from app.domain.meetings.bookings import decision_of, since_booking
from app.domain.meetings.meeting import Meeting, MeetingCase
from app.domain.meetings.submission import joined, left
from app.domain.milestone_names import MEETING_DECIDED
from app.domain.transfer import Milestone, Transfer

HOUR = timedelta(hours=1)
WEDNESDAYS = replace(SERIES, weekday=2, at=time(10))
OR_TO_THE_NEXT = ", or to the next meeting: 2 December 2026 at 10:00"
FIRST = MeetingCase("first", NOW, WORKER.id)


def booking(transfer: Transfer, hours: int = 0) -> Decision:
    """The transfer is submitted to the meeting, so many hours from now."""
    where = situation(NOW + hours * HOUR)
    return decide(transfer, c.SubmitToMeeting("weekly", STARTS), WORKER, where)


def told(transfer: Transfer, outcome: str, hours: int = 0) -> Transfer:
    """The transfer with what a meeting decided of it, recorded so many hours from now."""
    then = NOW + hours * HOUR
    return transfer.with_milestone(
        Milestone(MEETING_DECIDED, then, "the.chair", then, outcome=outcome)
    )


def joins(meeting: Meeting, decision: Decision, hours: int = 0) -> Meeting:
    return joined(meeting, decision, WEDNESDAYS, situation(NOW + hours * HOUR))


def test_a_case_is_in_the_meeting_s_next_version_with_when_and_by_whom_it_was_submitted() -> None:
    first = submitted("first")

    once = joins(replace(EMPTY, version=3), booking(first, 1), 1)
    again = joins(left(once, first, situation(NOW + HOUR)), booking(first, 2), 2)

    case = replace(FIRST, submitted_at=NOW + HOUR)
    assert once == replace(EMPTY, version=4, cases=(case,))
    came_back = replace(case, submitted_at=NOW + 2 * HOUR)
    assert again == replace(EMPTY, version=6, cases=(came_back,))


def test_whoever_submits_it_again_is_who_submitted_it() -> None:
    known = replace(EMPTY, cases=(replace(FIRST, submitted_by="somebody.else"),))

    (case,) = joins(known, booking(submitted("first"), 1), 1).cases

    assert (case.submitted_by, case.submitted_at) == (WORKER.id, NOW + HOUR)


def test_a_case_that_leaves_is_marked_in_the_meeting_s_next_version() -> None:
    where = situation(NOW + HOUR)

    found = left(replace(EMPTY, version=3, cases=(FIRST,)), submitted("first"), where)

    assert found == replace(EMPTY, version=4, cases=(replace(FIRST, left_at=NOW + HOUR),))


@pytest.mark.parametrize(
    ("meeting", "code", "says", "found", "source"),
    [
        (
            replace(EMPTY, called_off_at=NOW),
            "meeting-called-off",
            "Choose a meeting that is held",
            "a meeting that is called off",
            "protocol",
        ),
        (
            replace(EMPTY, agenda_circulated_at=NOW),
            "meeting-agenda",
            "Choose a meeting whose agenda has not gone round",
            "a meeting whose agenda has gone round",
            SERIES.source,
        ),
        (
            replace(EMPTY, cases=(FIRST,)),
            "meeting-case",
            "Choose a meeting that has not decided it",
            "decided there",
            SERIES.source,
        ),
    ],
    ids=["called off", "its agenda went round", "decided there"],
)
@pytest.mark.parametrize("hours", [0, 1], ids=["at that instant", "later"])
def test_a_meeting_that_takes_no_case_names_the_next_one(  # noqa: PLR0913 - a whole breach
    meeting: Meeting, code: str, says: str, found: str, source: str, hours: int
) -> None:
    decided = told(submitted("first"), "deferred")

    with pytest.raises(RulesBroken) as refused:
        joins(meeting, booking(decided, hours), hours)

    assert refused.value.breaches == (must(code, says + OR_TO_THE_NEXT, found, source),)


def test_what_the_next_meeting_decides_is_not_the_first_one_s() -> None:
    deferred = told(submitted("first"), "deferred")
    moved = told(submitted("first", NEXT, NOW + HOUR, before=deferred), "agreed", hours=2)

    first = decision_of(moved, STARTS, FIRST)
    second = decision_of(moved, NEXT, replace(FIRST, submitted_at=NOW + HOUR))

    assert [mark.outcome for mark in (first, second) if mark] == ["deferred", "agreed"]
    names = [mark.name for mark in since_booking(moved, STARTS, FIRST)]
    assert names == ["submitted_to_meeting", "meeting_decided"]


@pytest.mark.parametrize(
    ("starts_at", "submitted_at"), [(NEXT, NOW), (STARTS, NOW + HOUR)], ids=["day", "submission"]
)
def test_nothing_is_a_meeting_s_that_the_transfer_was_never_so_submitted_to(
    starts_at: datetime, submitted_at: datetime
) -> None:
    decided = told(submitted("first"), "agreed")
    case = replace(FIRST, submitted_at=submitted_at)

    assert since_booking(decided, starts_at, case) == ()
