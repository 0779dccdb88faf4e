"""The agenda: its cases in order, each with its time where the series says how long one takes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.meetings.bookings import Standing
from app.domain.meetings.meeting import Meeting, MeetingCase


@dataclass(frozen=True, slots=True)
class Item:
    """A case on the agenda; without times where no length of a case is fixed, or it is withdrawn
    before the agenda went round.
    """  # noqa: D205 - one sentence

    case: MeetingCase
    standing: Standing
    starts_at: datetime | None = None
    ends_at: datetime | None = None


def agenda(
    meeting: Meeting, standings: Mapping[str, Standing], minutes_a_case: int | None
) -> tuple[Item, ...]:
    """Every case in its order: as it went round, or as it would go round now.

    In time before late, then as they were submitted. What went round keeps its places: a case
    that was moved or withdrawn since leaves its own empty.
    """
    if meeting.circulated:
        timed = [case for case in meeting.cases if case.place is not None]
        timed.sort(key=lambda case: case.place or 0)
        untimed = []
    else:
        timed = in_order(meeting, standings)
        untimed = [c for c in meeting.cases if standings[c.transfer] is Standing.WITHDRAWN]
    slots = [
        Item(case, standings[case.transfer], *_slot(meeting.starts_at, place, minutes_a_case))
        for place, case in enumerate(timed)
    ]
    return (*slots, *(Item(case, Standing.WITHDRAWN) for case in untimed))


def in_order(meeting: Meeting, standings: Mapping[str, Standing]) -> list[MeetingCase]:
    """The cases that an agenda would have now."""
    on = (Standing.LISTED, Standing.DECIDED)
    found = [case for case in meeting.cases if standings[case.transfer] in on]
    return sorted(found, key=lambda case: (case.late, case.submitted_at, case.transfer))


def _slot(
    starts_at: datetime, place: int, minutes: int | None
) -> tuple[datetime | None, datetime | None]:
    if minutes is None:
        return None, None
    begins = starts_at + timedelta(minutes=place * minutes)
    return begins, begins + timedelta(minutes=minutes)
