"""Who came to a meeting, who sent apologies, and who stood in for whom (CE M13, M21, M22)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from app.domain.breach import Breach, must
from app.domain.errors import RulesBroken
from app.domain.london import local_date
from app.domain.meetings.meeting import Attendance, Attended
from app.domain.meetings.sitting import (
    MeetingChange,
    Sitting,
    changed,
    require_held,
    require_run_by,
)
from app.domain.people import Actor
from app.domain.rights import Act


def record_attendance(
    sitting: Sitting,
    people: Sequence[Attendance],
    actor: Actor,
    now: datetime,
    *,
    expected_version: int | None = None,
) -> MeetingChange:
    """The meeting with that list in place of the one before.

    Raises:
        NotVisible, NotPermitted, StaleVersion: see require_run_by.
        RulesBroken: somebody is named twice, stands in for nobody who was missing, or was there
            before the meeting's day; every breach. Or the meeting is called off.
    """
    require_run_by(Act.RECORD_ATTENDANCE, sitting, actor, expected_version)
    require_held(sitting.meeting)
    meeting, source = sitting.meeting, sitting.series.source
    breaches = list(_breaches(people, source))
    if local_date(now) < local_date(meeting.starts_at):
        early = any(x.status is not Attended.APOLOGIES for x in people)
        if early:
            says = "Before the meeting's day record apologies alone"
            breaches.append(must("attendance-day", says, "somebody present or absent", source))
    if breaches:
        raise RulesBroken(tuple(breaches))
    after = replace(meeting, attendance=tuple(people))
    return changed(meeting, after, "record_attendance", actor, now)


def _breaches(people: Sequence[Attendance], source: str) -> Iterator[Breach]:
    names = [somebody.name for somebody in people]
    if len(set(names)) < len(names):
        yield must("attendance-twice", "Name everybody once", "a name twice", source)
    missing = {x.name for x in people if x.status is not Attended.ATTENDED}
    standing_in = [x for x in people if x.deputises_for is not None]
    if any(x.name in missing or x.deputises_for not in missing for x in standing_in):
        says = "Who came may stand in for somebody on the list who did not"
        yield must("attendance-deputy", says, "somebody else", source)
    if any(x.feedback is not None and x.name not in missing for x in people):
        says = "Who did not come reports in writing"
        yield must("attendance-feedback", says, "written by somebody who was there", source)
