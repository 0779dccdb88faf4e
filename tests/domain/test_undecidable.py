"""When no meeting decides a case: before its first one, and after the one that was called off."""

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from builders import NOW, durham, situation
from domain.meeting_cases import NEXT, SERIES, STARTS, submitted

from app.domain.breach import Breach, must
from app.domain.meetings.undecidable import undecidable
from app.domain.milestone_names import MEETING_CALLED_OFF
from app.domain.transfer import Milestone, Transfer

DAY = timedelta(days=1)
FIRST = submitted("first")
CALLED_OFF = Milestone(MEETING_CALLED_OFF, NOW, "the.chair", NOW, until=STARTS)
WEDNESDAYS = replace(durham(), meetings={"weekly": replace(SERIES, weekday=2, at=time(10))})


def kept_back(
    transfer: Transfer, at: datetime = STARTS, now: datetime = STARTS
) -> tuple[Breach, ...]:
    """Why nothing is decided of it then, where the meetings are on Wednesdays."""
    return tuple(undecidable(transfer, at, situation(now, WEDNESDAYS), "DF 9"))


def test_nothing_is_decided_before_the_day_of_the_first_meeting_that_it_was_submitted_to() -> None:
    agreed_until = Milestone("extension_agreed", NOW, "op.manager", NOW, until=NOW + DAY)
    twice = submitted("first", NEXT, NOW + DAY, before=FIRST).with_milestone(agreed_until)
    too_soon = must(
        "milestone-meeting",
        "Record what the meeting decided on its day or later",
        "before the meeting",
        "DF 9",
    )

    assert kept_back(twice, STARTS - DAY) == (too_soon,)
    assert kept_back(twice, STARTS) == kept_back(twice, STARTS - timedelta(hours=1)) == ()


def test_a_case_that_was_submitted_to_no_meeting_waits_for_none() -> None:
    before = replace(FIRST, meeting=None, milestones=FIRST.milestones[:-1])

    assert kept_back(before, STARTS - DAY) == ()


@pytest.mark.parametrize(
    ("now", "following"),
    [
        (NOW, "2 December 2026 at 10:00"),
        (STARTS, "2 December 2026 at 10:00"),
        (NEXT, "9 December 2026 at 10:00"),
    ],
    ids=["before it", "at its time", "a week later"],
)
def test_a_case_whose_meeting_is_called_off_is_told_of_the_next_one_that_is_to_come(
    now: datetime, following: str
) -> None:
    called_off = FIRST.with_milestone(CALLED_OFF)
    says = f"Submit the case to another meeting, or to the next meeting: {following}"

    assert kept_back(called_off, now=now) == (
        must("meeting-called-off", says, "a meeting that is called off"),
    )


def test_a_case_that_has_no_meeting_any_more_is_told_of_none() -> None:
    called_off = replace(FIRST.with_milestone(CALLED_OFF), meeting=None)

    (breach,) = kept_back(called_off)

    assert breach.says == "Submit the case to another meeting"
