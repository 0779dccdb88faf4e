"""A meeting is planned by hand: of a series without a weekday, or an extraordinary one."""

from dataclasses import dataclass

from app.domain.authority import require_right
from app.domain.breach import must
from app.domain.decision import Event, Situation
from app.domain.errors import RulesBroken
from app.domain.london import local_date
from app.domain.meetings.meeting import Meeting
from app.domain.people import Actor
from app.domain.relations import in_series
from app.domain.rights import Act


@dataclass(frozen=True, slots=True)
class Planned:
    """The new meeting, and the line of the audit."""

    meeting: Meeting
    event: Event


def plan(meeting: Meeting, actor: Actor, situation: Situation) -> Planned:
    """The meeting, marked as extraordinary where its series holds none then.

    Raises:
        NotPermitted: they do not run the series.
        RulesBroken: no such series, or a time that is past, or past the calendar.
    """
    series = situation.protocol.meetings.get(meeting.series)
    if series is None:
        known = ", ".join(situation.protocol.meetings)
        says = f"Choose a series: {known}" if known else "There is no series of meetings"
        raise RulesBroken((must("meeting-series", says, "no such series"),))
    require_right(Act.PLAN_MEETING, in_series(actor, meeting.series))
    if meeting.starts_at <= situation.now:
        says = "Plan a meeting that has not begun"
        raise RulesBroken((must("meeting-time", says, "a time that is past", series.source),))
    if not situation.calendar.reaches(local_date(meeting.starts_at)):
        says = "Plan a meeting on a day of which the bank holidays are known"
        raise RulesBroken((must("meeting-time", says, "past the calendar", series.source),))
    event = Event("plan_meeting", actor.id, situation.now, None, None, 1, (meeting.id,))
    return Planned(meeting, event)
