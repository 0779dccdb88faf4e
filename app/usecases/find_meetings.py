"""Find meetings: those that a series' rule plans, and those that cases were brought to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.domain.breach import must
from app.domain.errors import NotVisible, RulesBroken
from app.domain.instants import start_of_day
from app.domain.meeting_series import MeetingSeries
from app.domain.working_days import BeyondCalendar
from app.store.found_meetings import FoundMeeting
from app.store.found_meetings import find_meetings as search
from app.usecases.call import Call

MOST_DAYS = 371
"""A year, and the week that it ends in."""


@dataclass(frozen=True, slots=True)
class ListedMeeting:
    """A meeting in a list; `found` is None while nobody has brought a case to it."""

    series: str
    starts_at: datetime
    found: FoundMeeting | None


async def find_meetings(
    call: Call, first: date, last: date, series: str | None
) -> list[ListedMeeting]:
    """The council's meetings from one London day to another, both included, the earliest first.

    Raises:
        RulesBroken: more days than a year has, or some that the calendar does not know.
    """
    if (last - first).days >= MOST_DAYS:
        raise RulesBroken((must("meeting-days", "Ask for a year at most", "more days"),))
    until = start_of_day(last + timedelta(days=1))
    found = await search(call.tx, call.actor.authority, start_of_day(first), until)
    held = {(one.series, one.starts_at): one for one in found}
    try:
        planned = {
            (name, starts_at)
            for name, one in (await _series(call)).items()
            for starts_at in one.starts(first, last, call.book.calendar)
        }
    except BeyondCalendar as beyond:
        says = "Ask for days of which the bank holidays are known"
        raise RulesBroken((must("meeting-days", says, str(beyond)),)) from beyond
    every = sorted(planned | set(held), key=lambda key: (key[1], key[0]))
    return [
        ListedMeeting(name, starts_at, held.get((name, starts_at)))
        for name, starts_at in every
        if series in (None, name)
    ]


async def _series(call: Call) -> Mapping[str, MeetingSeries]:
    """The series of the council's protocol; none where none is in force."""
    try:
        return (await call.protocol_in_force()).meetings
    except NotVisible:
        return {}
