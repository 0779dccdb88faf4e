"""The shape of what a protocol asks: milestones, rules and clocks, each in words."""

from typing import Any

from pydantic import BaseModel, Field

from app.domain.breach import Severity
from app.domain.clock_kind import ClockKind
from app.domain.closing_kind import ClosingKind
from app.domain.condition import Condition
from app.domain.milestone_kind import MilestoneKind, Side
from app.domain.people import Role
from app.domain.protocol import (
    Gate,
    OriginRemains,
    PathwayRules,
    RecordDateRule,
    Route,
    Rule,
)
from app.domain.rules.facts import Need
from app.domain.rules.wording import Wording


class MilestoneKindView(BaseModel):
    """Something that people record, and what it asks of them."""

    name: str
    says: str
    source: str
    by: Side
    roles: list[Role]
    after: list[str] = Field(description="Milestones, one of which stands before")
    outcomes: dict[str, str] = Field(description="Where there are any, one is given")
    about_recipient: bool = Field(description="It counts for the recipient chosen then")
    names_receiving_manager: bool = Field(description="`person` is a manager of the recipient")
    not_by_author: bool = Field(description="Not by the form's author or last editor")
    gives_time: bool = Field(description="`until` is given")
    passes_to_kind: str | None = Field(description="`team` is given, of this kind")
    voided_by_edit: bool = Field(description="An edit of the form takes it away")
    needs: str | None = Field(description="What must hold for it to be recorded")
    note: str | None


class RuleView(BaseModel):
    """A rule with its citation."""

    code: str
    gates: list[Gate]
    severity: Severity
    says: str
    checked: str = Field(description="What is looked at")
    source: str
    routes: list[str] = Field(description="Empty: every route")
    when: str | None = Field(description="Only when this is so")
    unless: str | None = Field(description="Not when this is so")
    note: str | None


class ClockKindView(BaseModel):
    """A timescale with its citation."""

    code: str
    says: str
    source: str
    starts: list[str] = Field(alias="from", description="Milestones; none: a booked meeting")
    stops: list[str] = Field(alias="to", description="Milestones, any of which meets it")
    timescale: str
    falls_to: Side
    tells: list[Side] = Field(description="Sides that are alerted too")
    severity: Severity
    routes: list[str] = Field(description="Empty: every route")
    when: str | None = Field(description="Only when this is so")
    unless: str | None = Field(description="Not when this is so")
    or_agreed: str | None = Field(description="A milestone whose agreed time is due instead")
    escalates_after: str | None = Field(
        description="How long after it was due the operations manager is told too"
    )
    restarts: bool
    note: str | None


def milestone_view(kind: MilestoneKind, words: Wording) -> dict[str, Any]:
    """A kind of milestone in the shape of MilestoneKindView."""
    return {
        **same(MilestoneKindView, kind),
        "after": [str(name) for name in kind.after],
        "outcomes": dict(kind.outcomes),
        "needs": _said(kind.needs, words),
    }


def rule_view(rule: Rule, words: Wording) -> dict[str, Any]:
    """A rule in the shape of RuleView."""
    return {
        **same(RuleView, rule),
        "checked": rule.needs.says(words),
        **_condition(rule.condition, words),
    }


def clock_view(kind: ClockKind, words: Wording) -> dict[str, Any]:
    """A kind of clock in the shape of ClockKindView."""
    return {
        **same(ClockKindView, kind),
        "from": [str(name) for name in kind.starts],
        "to": [str(name) for name in kind.stops],
        "timescale": str(kind.timescale),
        "escalates_after": str(kind.escalates_after) if kind.escalates_after else None,
        **_condition(kind.condition, words),
    }


def _condition(condition: Condition, words: Wording) -> dict[str, Any]:
    return {
        "routes": condition.routes,
        "when": _said(condition.when, words),
        "unless": _said(condition.unless, words),
    }


def _said(need: Need | None, words: Wording) -> str | None:
    return need.says(words) if need is not None else None


Shown = (
    PathwayRules
    | RecordDateRule
    | OriginRemains
    | ClosingKind
    | Route
    | MilestoneKind
    | Rule
    | ClockKind
)


def same(shape: type[BaseModel], item: Shown) -> dict[str, Any]:
    """The fields that are called and written alike."""
    plain = (name for name, field in shape.model_fields.items() if field.alias is None)
    return {name: getattr(item, name) for name in plain if hasattr(item, name)}
