"""What becomes of a meeting's decision when somebody disagrees with it (DF 21, CE M27)."""

from app.domain.authority import may
from app.domain.breach import must
from app.domain.decision import Situation
from app.domain.errors import RulesBroken
from app.domain.escalation import Escalation
from app.domain.milestone_names import (
    AGREED,
    DISAGREEMENT_RESOLVED,
    MEETING_DECIDED,
    SUBMITTED_TO_MEETING,
    VOIDED,
)
from app.domain.pathway import Stage
from app.domain.people import Actor
from app.domain.relations import recorders, relations
from app.domain.rights import Act
from app.domain.transfer import Milestone, Transfer


def require_not_overruling(
    transfer: Transfer, actor: Actor, situation: Situation, escalation: Escalation
) -> None:
    """Pass, unless somebody would undo below the first level what was the meeting's to decide.

    Raises:
        RulesBroken: the meeting did not agree, and its decisions are not theirs to record.
    """
    if not is_overruled(transfer, situation):
        return
    kind = situation.rules(transfer).milestones[MEETING_DECIDED]
    named = recorders(kind.by, kind.roles)
    if not may(Act.RECORD_MILESTONE, relations(actor, transfer), named):
        says = "Escalate it first: below the first level only the meeting undoes what it decided"
        found = "the meeting decided otherwise"
        raise RulesBroken((must("disagreement-level", says, found, escalation.source),))


def is_overruled(transfer: Transfer, situation: Situation) -> bool:
    """Whether the meeting that it was last submitted to has decided, and did not agree.

    A meeting that is still to decide is not anticipated, whatever is resolved.
    """
    kind = situation.rules(transfer).milestones.get(MEETING_DECIDED)
    if transfer.stage is not Stage.DRAFT or kind is None or AGREED not in kind.outcomes:
        return False
    for mark in reversed(transfer.milestones):
        if mark.name == SUBMITTED_TO_MEETING:
            return False
        if mark.name == MEETING_DECIDED:
            return mark.outcome not in (AGREED, VOIDED)
    return False


def agreed_after_all(
    transfer: Transfer, rationale: str, actor: Actor, situation: Situation
) -> Milestone:
    """The decision of the meeting, as the outcome of a disagreement made it."""
    kind = situation.rules(transfer).milestones[MEETING_DECIDED]
    return Milestone(
        MEETING_DECIDED,
        situation.now,
        actor.id,
        situation.now,
        team=transfer.form.recipient if kind.about_recipient else None,
        reason=DISAGREEMENT_RESOLVED,
        note=rationale,
        outcome=AGREED,
    )
