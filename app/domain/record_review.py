"""Recording a review after the transfer, by whoever the protocol has review it (IS 15)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.authority import require, require_version
from app.domain.breach import must
from app.domain.decision import Decision, Situation
from app.domain.errors import RulesBroken
from app.domain.milestone_kind import RECORDERS, Side
from app.domain.people import Actor
from app.domain.protocol import PathwayRules
from app.domain.record_milestone import Happened, record_milestone
from app.domain.relations import recorders
from app.domain.review import Review
from app.domain.rights import Act
from app.domain.transfer import Transfer


@dataclass(frozen=True, slots=True)
class Held:
    """The review that was held: which clock it meets, when, and what came of it."""

    review: str
    at: datetime
    outcome: str | None
    findings: str
    outcomes_achieved: str | None = None


def review_milestones(rules: PathwayRules) -> Mapping[str, str]:
    """The milestone that meets each review's clock, by the clock's code."""
    return {x.code: x.stops[0].name for x in rules.clocks if x.review}


def record_review(
    transfer: Transfer,
    held: Held,
    actor: Actor,
    situation: Situation,
    *,
    expected_version: int | None = None,
) -> Decision:
    """The transfer with the review, and with the milestone that meets its clock.

    Raises:
        NotVisible, NotPermitted, StaleVersion: as in record_milestone.
        RulesBroken: the protocol has no such review, or as in record_milestone.
    """
    rules = situation.rules(transfer)
    known = review_milestones(rules)
    name = known.get(held.review)
    if name is None:
        asked = {role for x in known.values() for role in rules.milestones[x].roles}
        require(Act.RECORD_REVIEW, actor, transfer, recorders(Side.EITHER, asked or RECORDERS))
        require_version(transfer, expected_version)
        says = f"Choose a review: {', '.join(known)}" if known else "This protocol knows none"
        raise RulesBroken((must("review", says, "no such review"),))
    happened = Happened(name, held.at, outcome=held.outcome)
    decision = record_milestone(
        transfer, happened, actor, situation, expected_version=expected_version
    )
    review = Review(
        held.review,
        held.outcome,
        held.findings,
        held.outcomes_achieved,
        held.at,
        actor.id,
        situation.now,
    )
    after = replace(decision.after, reviews=(*decision.after.reviews, review))
    return replace(decision, after=after)
