"""The meeting that a case was submitted to decides it, on its day or when it should not."""

from datetime import timedelta
from random import Random

from domain.council_at_work import AtWork
from domain.getting_ready import submit

from app.domain.decision import Decision, Situation
from app.domain.meetings.decide_case import Ruling, decide_case
from app.domain.meetings.meeting import Meeting, MeetingCase
from app.domain.meetings.sitting import Sitting
from app.domain.milestone_names import MEETING_DECIDED
from app.domain.people import Actor
from app.domain.transfer import Transfer


def a_meeting_decides(work: AtWork, chance: Random) -> None:
    """Somebody of the series says what it decided; once more is a correction."""
    if work.transfer.meeting is None:
        submit(work)
    meeting, kind = _meeting_of(work), work.rules.milestones.get(MEETING_DECIDED)
    if meeting is None or kind is None:
        return
    series = work.protocol.meetings[meeting.series]
    if chance.random() < 0.7:
        work.wait(max(meeting.starts_at - work.now, timedelta()))
    ruling = Ruling(
        chance.choice([*kind.outcomes, "no such outcome"]),
        "In our words.",
        work.now - chance.choice((timedelta(), timedelta(), timedelta(days=3))),
        chance.choice(((), tuple(series.themes)[:1], ("no such theme",))),
    )
    people = chance.sample(work.people, len(work.people))
    if work.by_anyone(lambda t, x, where: _decides(t, meeting, ruling, x, where), people):
        work.done.add((work.transfer.stage, "decide_case"))


def _meeting_of(work: AtWork) -> Meeting | None:
    """As the store makes it: the case was submitted when the transfer says so."""
    booked = work.transfer.meeting
    told = work.transfer.reached("submitted_to_meeting")
    if booked is None or told is None:
        return None
    case = MeetingCase(work.transfer.id, told.recorded_at, told.by)
    version = work.protocol.version
    return Meeting(
        "m-1", work.code, work.code, version, booked.series, booked.starts_at, cases=(case,)
    )


def _decides(
    transfer: Transfer, meeting: Meeting, ruling: Ruling, actor: Actor, situation: Situation
) -> Decision:
    sitting = Sitting(
        meeting, situation.protocol, {transfer.id: transfer}, {transfer.id: situation}
    )
    change = decide_case(sitting, transfer.id, ruling, actor)
    ((decision, _),) = change.decisions
    return decision
