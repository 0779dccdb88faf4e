"""An agenda as a calendar invitation: transfers by their ids, and nothing personal."""

from datetime import datetime, timedelta

from icalendar import Calendar, Event

from app.api.agenda_views import agenda_of
from app.domain.london import LONDON
from app.domain.meetings.agenda import Item
from app.domain.meetings.meeting import Meeting
from app.domain.meetings.sitting import Sitting

CALENDAR = "text/calendar"
AN_HOUR = timedelta(hours=1)
"""How long a meeting is shown where its cases have no times."""


def invitation(sitting: Sitting, seen: frozenset[str], now: datetime) -> bytes:
    """The invitation to a meeting, with its agenda; `seen`: the transfers that may be named.

    Its UID stays the same, and its SEQUENCE is the meeting's version, so that a later file
    replaces an earlier one.
    """
    meeting, series, items = sitting.meeting, sitting.series, agenda_of(sitting)
    ends = [item.ends_at for item in items if item.ends_at is not None]
    event = Event()
    event.add("uid", f"{meeting.id}@transfer-pathways")
    event.add("sequence", meeting.version)
    event.add("dtstamp", now)
    event.add("dtstart", meeting.starts_at.astimezone(LONDON))
    event.add("dtend", max(ends, default=meeting.starts_at + AN_HOUR).astimezone(LONDON))
    event.add("summary", series.says)
    event.add("status", _status(meeting))
    if series.venue:
        event.add("location", series.venue)
    event.add("description", "\n".join(_line(item, sitting, seen) for item in items))
    file = Calendar()
    file.add("prodid", "-//Transfer Pathways//agenda//EN")
    file.add("version", "2.0")
    file.add("method", "PUBLISH")
    file.add_component(event)
    file.add_missing_timezones()
    return bytes(file.to_ical())


def _status(meeting: Meeting) -> str:
    if meeting.called_off:
        return "CANCELLED"
    return "CONFIRMED" if meeting.circulated else "TENTATIVE"


def _line(item: Item, sitting: Sitting, seen: frozenset[str]) -> str:
    at = f"{item.starts_at.astimezone(LONDON):%H:%M} " if item.starts_at else ""
    if item.case.transfer not in seen:
        return f"{at}Another case"
    pathway = sitting.transfers[item.case.transfer].pathway.replace("_", " ")
    late = ", papers late" if item.case.late else ""
    return f"{at}{item.case.transfer} ({pathway}, {item.standing}{late})"
