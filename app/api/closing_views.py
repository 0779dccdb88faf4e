"""The closing at source over the API."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field

from app.api.problems import BreachView, breach_view
from app.domain.close_at_source import in_the_way, proposed_reason
from app.domain.closing import REASONS, RemainingOutcome
from app.domain.decision import Situation
from app.domain.transfer import Transfer


class RemainingView(BaseModel):
    """A child who was not taken, and what is done for them."""

    child_id: str
    outcome: RemainingOutcome
    comment: str | None


class ClosedView(BaseModel):
    """The origin's record as it was closed."""

    closed_on: date
    reason: str = Field(description="ReasonForClosure of a referral; of an episode, its end reason")
    proposed: str | None = Field(description="What the protocol would have said")
    comment: str | None
    by: str
    at: datetime
    unchecked: list[str] = Field(
        description="Rules of the census that could not be asked: the activities were not given"
    )
    remaining: list[RemainingView] = Field(description="Each child who was not taken")


class ClosingStepView(BaseModel):
    """A step of the closing: a milestone of the protocol, and whether it has been reached."""

    milestone: str
    says: str
    source: str
    at: datetime | None
    by: str | None


class ClosingView(BaseModel):
    """How the closing at source stands."""

    transfer: str
    version: int = Field(description="The transfer's version, also the ETag")
    says: str | None = Field(description="Null: this protocol knows no closing at source")
    source: str | None
    steps: list[ClosingStepView]
    closed: ClosedView | None
    proposed_reason: str | None
    reasons: dict[str, str] = Field(description="Every reason that is taken, with its words")
    to_tell_of: list[str] = Field(
        description="Ids of children who were not taken and are in no other transfer: the closing "
        "says in `remaining` what is done for each"
    )
    in_the_way: list[BreachView] = Field(description="Why it cannot be closed now; none: it can")


def closing_view(
    transfer: Transfer, situation: Situation, to_tell_of: Sequence[str]
) -> dict[str, Any]:
    """The closing of a transfer in the shape of ClosingView."""
    rules = situation.rules(transfer)
    kind = rules.closing
    return {
        "transfer": transfer.id,
        "version": transfer.version,
        "says": kind and kind.says,
        "source": kind and kind.source,
        "steps": [_step(name, transfer, situation) for name in (kind.steps if kind else ())],
        "closed": transfer.closing,
        "proposed_reason": proposed_reason(transfer, rules),
        "reasons": dict(REASONS[rules.from_system]),
        "to_tell_of": list(to_tell_of),
        "in_the_way": [breach_view(breach) for breach in in_the_way(transfer, situation)],
    }


def _step(name: str, transfer: Transfer, situation: Situation) -> dict[str, Any]:
    kind, reached = situation.rules(transfer).milestones[name], transfer.reached(name)
    return {
        "milestone": name,
        "says": kind.says,
        "source": kind.source,
        "at": reached and reached.at,
        "by": reached and reached.by,
    }
