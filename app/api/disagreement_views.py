"""Disagreements over the API: what is disagreed on, how far up it is, until when, how it ended."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from app.domain.clocks import Clock
from app.domain.disagreement import Disagreement
from app.domain.escalation import Escalation, Then
from app.domain.milestone_kind import Side
from app.domain.milestone_names import OF_DISAGREEMENTS
from app.domain.people import Role


class StepView(BaseModel):
    """It was escalated to that level."""

    level: str
    by: str
    at: datetime
    comment: str


class DisagreementView(BaseModel):
    """A disagreement; `resolved_at` null: it is open, and the lead does not pass."""

    id: str
    kinds: list[str]
    about: str
    raised_by: str
    raised_at: datetime
    level: str | None = Field(description="The level that it is at; null before any")
    steps: list[StepView]
    next_level: str | None = Field(description="Null where it is resolved or at the highest")
    decided_by: list[Role] = Field(description="Who may resolve it now, save whoever raised it")
    clock: str | None = Field(description="The clock that runs on it, the first that is due")
    due_at: datetime | None = Field(description="By when it is to be escalated or resolved")
    outcome: str | None
    rationale: str | None
    resolved_by: str | None
    resolved_at: datetime | None


class LevelView(BaseModel):
    """A level of the ladder, and who decides there."""

    code: str
    says: str
    decides: list[Role]
    by: Side
    source: str
    note: str | None


class OutcomeView(BaseModel):
    """How a disagreement may end, and what that does to the transfer."""

    says: str
    then: Then


class EscalationView(BaseModel):
    """How disagreements are settled: kinds, outcomes and levels, the lowest level first."""

    says: str
    source: str
    note: str | None
    kinds: dict[str, str]
    agreed_by: list[Role] = Field(description="Who may resolve before it is escalated")
    levels: list[LevelView]
    outcomes: dict[str, OutcomeView]


def disagreement_views(
    disagreements: Iterable[Disagreement],
    escalation: Escalation | None,
    clocks: Iterable[Clock],
    *,
    ended: bool,
) -> list[dict[str, Any]]:
    """Disagreements in the shape of DisagreementView; none where the protocol has no ladder.

    `ended`: the transfer has, and nothing is escalated on it.
    """
    if escalation is None:
        return []
    running = [clock for clock in clocks if clock.going and _is_of_one(clock)]
    first = min(running, key=lambda x: (x.due_at is None, x.due_at), default=None)
    return [
        _view(found, escalation, first if found.open else None, ended=ended)
        for found in disagreements
    ]


def _view(
    found: Disagreement, escalation: Escalation, clock: Clock | None, *, ended: bool
) -> dict[str, Any]:
    above = escalation.above(found.level) if found.open and not ended else ()
    return {
        **{name: getattr(found, name) for name in _PLAIN},
        "next_level": above[0].code if above else None,
        "decided_by": escalation.deciders(found.level, ended=ended)[0] if found.open else (),
        "clock": clock and clock.kind.code,
        "due_at": clock and clock.due_at,
    }


_PLAIN = (
    *("id", "kinds", "about", "raised_by", "raised_at", "level", "steps"),
    *("outcome", "rationale", "resolved_by", "resolved_at"),
)


def _is_of_one(clock: Clock) -> bool:
    """Whether it is met by what is done about a disagreement."""
    return any(named.name in OF_DISAGREEMENTS for named in clock.kind.stops)


def escalation_view(escalation: Escalation | None) -> dict[str, Any] | None:
    """A ladder in the shape of EscalationView."""
    if escalation is None:
        return None
    plain = ("says", "source", "note", "agreed_by", "levels")
    return {
        **{name: getattr(escalation, name) for name in plain},
        "kinds": dict(escalation.kinds),
        "outcomes": dict(escalation.outcomes),
    }
