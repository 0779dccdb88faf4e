"""A meeting is called off: whoever waits for it hears of it, and goes to another."""

from dataclasses import replace
from datetime import datetime

from app.domain.breach import must
from app.domain.decision import Decision, Situation
from app.domain.errors import CalledOff, RulesBroken
from app.domain.meetings.bookings import Standing
from app.domain.meetings.cut_offs import or_to, spoken
from app.domain.meetings.sitting import MeetingChange, Sitting, changed, require_run_by
from app.domain.milestone_names import MEETING_CALLED_OFF
from app.domain.pathway import ENDED
from app.domain.people import Actor
from app.domain.recording import both_told, recorded
from app.domain.rights import Act
from app.domain.transfer import Milestone, Transfer


def call_off(
    sitting: Sitting,
    reason: str,
    actor: Actor,
    now: datetime,
    *,
    expected_version: int | None = None,
) -> MeetingChange:
    """The meeting, called off once; `reason` is free text that stays with it.

    Each case that waits for it has `meeting_called_off` recorded, and its teams are told of the
    next meeting. It stays booked here, with its clocks, until it is submitted to another.

    Raises:
        NotVisible, NotPermitted, StaleVersion: see require_run_by.
        CalledOff: it is called off already.
        RulesBroken: it has decided a case.
    """
    meeting = sitting.meeting
    require_run_by(
        Act.CALL_OFF_MEETING, sitting, actor, None if meeting.called_off else expected_version
    )
    if meeting.called_off:
        raise CalledOff(meeting.id)
    standings = sitting.standings
    if Standing.DECIDED in standings.values():
        says = "Call off a meeting that has decided nothing: submit what waits to another"
        raise RulesBroken((must("meeting-decided", says, "a case is decided"),))
    after = replace(meeting, called_off_at=now, called_off_by=actor.id, called_off_reason=reason)
    decisions = tuple(
        (_told(sitting, transfer, actor, situation), situation)
        for transfer, situation in sitting.listed()
        if sitting.has_before_it(transfer) and transfer.stage not in ENDED
    )
    return changed(meeting, after, "call_off_meeting", actor, now, decisions)


def _told(sitting: Sitting, transfer: Transfer, actor: Actor, situation: Situation) -> Decision:
    meeting, series, now = sitting.meeting, sitting.series, situation.now
    mark = Milestone(MEETING_CALLED_OFF, now, actor.id, now, until=meeting.starts_at)
    after = replace(transfer.with_milestone(mark), version=transfer.version + 1)
    decision = recorded(transfer, after, mark.name, actor, situation, (meeting.id,))
    following = series.next_after(max(meeting.starts_at, now), situation.calendar)
    says = f"{series.says} of {spoken(meeting.starts_at)} is called off: "
    says += "submit the case to another meeting" + or_to(following)
    key = f"{meeting.id}:{transfer.id}"
    return replace(decision, alerts=both_told(after, mark.name, key, says))
