"""Drafts that nobody touches: their team is warned, then the service cancels them."""

from datetime import datetime, timedelta

from app.domain import commands as c
from app.domain.decide import carry_out
from app.domain.decision import Alert, Decision, Situation
from app.domain.disposal import Standing
from app.domain.effects import Acting
from app.domain.errors import IllegalTransition
from app.domain.pathway import Action, Stage, transition
from app.domain.people import Actor
from app.domain.retention import RETENTION, STALE, Retention

WARNING = "draft_stale"
"""The kind of the alert to the team of a draft's author."""


def is_left(standing: Standing, now: datetime) -> bool:
    """Whether a draft lies there with nothing before it.

    Not one that was sent before, that is held or requested, that waits for a meeting to come, or
    of which a withdrawn consent waits for somebody's decision.
    """
    transfer = standing.transfer
    if transfer.stage is not Stage.DRAFT or transfer.dispatch:
        return False
    if standing.held or standing.requested or transfer.disagreement is not None:
        return False
    if transfer.meeting is not None and transfer.meeting.starts_at > now:
        return False
    return all(x.withdrawn_at is None or x.decided_at is not None for x in transfer.consents)


def warning(standing: Standing, retention: Retention, now: datetime) -> Alert | None:
    """The alert that a draft will be cancelled, once a version of it; None: not yet, or never."""
    if not is_left(standing, now) or _untouched(standing, now) < retention.draft_warning_days:
        return None
    transfer = standing.transfer
    says = f"Nobody has touched this draft; after {retention.draft_days} days it is cancelled"
    key = f"{WARNING}:{transfer.id}:{transfer.version}"
    return Alert(WARNING, key, transfer.origin_team, says)


def cancel_stale(standing: Standing, retention: Retention, situation: Situation) -> Decision | None:
    """The draft, cancelled as stale by the service; None: it is not stale.

    Raises:
        IllegalTransition: the table knows no such row.
    """
    transfer, now = standing.transfer, situation.now
    if not is_left(standing, now) or _untouched(standing, now) < retention.draft_days:
        return None
    row = transition(Action.CANCEL, transfer.stage, gated=situation.rules(transfer).gated)
    if row is None:
        raise IllegalTransition(Action.CANCEL, transfer.stage)
    says = f"Nobody touched this draft for {retention.draft_days} days"
    service = Actor(RETENTION, transfer.authority)
    acting = Acting(RETENTION, by_system=False, situation=situation)
    return carry_out(transfer, c.Cancel(STALE, says), row, service, acting)


def _untouched(standing: Standing, now: datetime) -> int:
    return (now - standing.last_changed) // timedelta(days=1)
