"""What somebody was to do about a case is done."""

from dataclasses import replace
from datetime import datetime

from app.domain.authority import require_right
from app.domain.breach import must
from app.domain.errors import NotVisible, RulesBroken
from app.domain.meetings.sitting import (
    MeetingChange,
    Sitting,
    changed,
    require_meeting_version,
)
from app.domain.people import Actor
from app.domain.rights import Act


def finish_action(  # noqa: PLR0913 - an action of a case of a meeting
    sitting: Sitting,
    transfer_id: str,
    action_id: str,
    actor: Actor,
    now: datetime,
    *,
    expected_version: int | None = None,
) -> MeetingChange:
    """The meeting with that action done; by who runs it, or a worker or manager of the case.

    Raises:
        NotVisible: no such action for this actor.
        NotPermitted: they only read.
        StaleVersion: the meeting has changed since.
        RulesBroken: it is done already.
    """
    meeting, case = sitting.meeting, sitting.meeting.case(transfer_id)
    if case is None or transfer_id not in sitting.seen_by(actor):
        raise NotVisible(transfer_id)
    require_right(Act.FINISH_ACTION, sitting.at_case(actor, sitting.transfers[transfer_id]))
    if action_id not in {action.id for action in case.actions}:
        raise NotVisible(action_id)
    require_meeting_version(meeting, expected_version)
    if any(action.id == action_id and action.done_at for action in case.actions):
        raise RulesBroken((must("meeting-action", "Choose what is not done", "done already"),))
    actions = tuple(
        replace(action, done_at=now, done_by=actor.id) if action.id == action_id else action
        for action in case.actions
    )
    after = meeting.with_case(replace(case, actions=actions))
    codes = (transfer_id, action_id)
    return changed(meeting, after, "finish_action", actor, now, codes=codes)
