"""A case comes to a meeting, or leaves it for another."""

from dataclasses import replace

from app.domain.breach import must
from app.domain.decision import Decision, Situation
from app.domain.errors import RulesBroken
from app.domain.meeting_series import MeetingSeries
from app.domain.meetings.bookings import decision_of
from app.domain.meetings.cut_offs import or_to, papers_breach
from app.domain.meetings.meeting import Meeting, MeetingCase
from app.domain.transfer import Transfer


def joined(
    meeting: Meeting, decision: Decision, series: MeetingSeries, situation: Situation
) -> Meeting:
    """The meeting with the transfer of that decision, which was submitted to it.

    Raises:
        RulesBroken: it is called off, its agenda went round without the transfer, or it has
            decided it already; the next meeting is named.
    """
    transfer, by = decision.after, decision.events[0].actor
    known = meeting.case(transfer.id)
    following = or_to(series.next_after(meeting.starts_at, situation.calendar))
    if meeting.called_off:
        says = "Choose a meeting that is held" + following
        found = "a meeting that is called off"
        raise RulesBroken((must("meeting-called-off", says, found),))
    if meeting.circulated and (known is None or known.place is None):
        says = "Choose a meeting whose agenda has not gone round" + following
        found = "a meeting whose agenda has gone round"
        raise RulesBroken((must("meeting-agenda", says, found, series.source),))
    if known and decision_of(decision.before or transfer, meeting.starts_at, known):
        says = "Choose a meeting that has not decided it" + following
        raise RulesBroken((must("meeting-case", says, "decided there", series.source),))
    late = papers_breach(transfer, situation) is not None
    case = known or MeetingCase(transfer.id, situation.now, by)
    case = replace(case, submitted_at=situation.now, submitted_by=by, late=late, left_at=None)
    return replace(meeting.with_case(case), version=meeting.version + 1)


def left(meeting: Meeting, transfer: Transfer, situation: Situation) -> Meeting:
    """The meeting without the transfer's case, unless it was decided there: then it stays."""
    case = meeting.case(transfer.id)
    if case is None or decision_of(transfer, meeting.starts_at, case) is not None:
        return meeting
    gone = meeting.with_case(replace(case, left_at=situation.now))
    return replace(gone, version=meeting.version + 1)
