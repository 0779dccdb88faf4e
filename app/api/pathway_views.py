"""The shape of a protocol's half for one pathway."""

from typing import Any

from pydantic import BaseModel, Field

from app.domain.breach import Severity
from app.domain.clock_kind import ClockKind
from app.domain.condition import Condition
from app.domain.duty_task import CaseSystem
from app.domain.milestone_kind import MilestoneKind, Side
from app.domain.people import Role
from app.domain.protocol import Gate, PathwayRules, RecordDateRule, Route, Rule


class RecordDateView(BaseModel):
    """What the date of the created record should be, and whether it may be amended."""

    called: str
    should_be: str
    amend: bool
    says: str
    source: str
    note: str | None


class RouteView(BaseModel):
    """A way into a pathway."""

    name: str
    says: str
    source: str
    origins: list[str]
    meetings: list[str] = Field(description="The series that it may be submitted to")
    immediate_risk: bool
    closure_reasons: dict[str, str] = Field(description="Codes of the census, by origin")
    note: str | None


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
    conditional: bool = Field(description="Something must hold for it to be recorded")
    note: str | None


class RuleView(BaseModel):
    """A rule with its citation."""

    code: str
    gates: list[Gate]
    severity: Severity
    says: str
    source: str
    routes: list[str] = Field(description="Empty: every route")
    conditional: bool = Field(description="It is asked under a condition alone")
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
    conditional: bool = Field(description="It counts under a condition alone")
    or_agreed: str | None = Field(description="A milestone whose agreed time is due instead")
    restarts: bool
    note: str | None


class PathwayView(BaseModel):
    """One pathway of a protocol."""

    form: str
    from_system: CaseSystem
    to_system: CaseSystem
    authorised_by: list[Role]
    custody_passes_on: str
    completes_on: list[str]
    referral_source: str | None = Field(description="ReferralSource of the census")
    record_date: RecordDateView
    routes: list[RouteView]
    milestones: list[MilestoneKindView]
    rules: list[RuleView]
    clocks: list[ClockKindView]
    reviews: list[str] = Field(description="Clocks that bring a review after the transfer")
    statements: dict[str, str]
    factors: dict[str, str]
    consents: dict[str, str]
    decline_reasons: dict[str, str] = Field(description="None: any reason is taken")


def pathway_view(half: PathwayRules) -> dict[str, Any]:
    """A protocol's half in the shape of PathwayView."""
    return {
        **_same(PathwayView, half),
        "record_date": _same(RecordDateView, half.record_date),
        "routes": [_route(route) for route in half.routes.values()],
        "milestones": [_milestone(kind) for kind in half.milestones.values()],
        "rules": [_rule(rule) for rule in half.rules],
        "clocks": [_clock(kind) for kind in half.clocks],
        **{
            name: dict(getattr(half, name))
            for name in ("statements", "factors", "consents", "decline_reasons")
        },
    }


def _route(route: Route) -> dict[str, Any]:
    return {**_same(RouteView, route), "closure_reasons": dict(route.closure_reasons)}


def _milestone(kind: MilestoneKind) -> dict[str, Any]:
    return {
        **_same(MilestoneKindView, kind),
        "after": [str(name) for name in kind.after],
        "outcomes": dict(kind.outcomes),
        "conditional": kind.needs is not None,
    }


def _rule(rule: Rule) -> dict[str, Any]:
    return {**_same(RuleView, rule), **_condition(rule.condition)}


def _clock(kind: ClockKind) -> dict[str, Any]:
    return {
        **_same(ClockKindView, kind),
        "from": [str(name) for name in kind.starts],
        "to": [str(name) for name in kind.stops],
        "timescale": str(kind.timescale),
        **_condition(kind.condition),
    }


def _condition(condition: Condition) -> dict[str, Any]:
    conditional = condition.when is not None or condition.unless is not None
    return {"routes": condition.routes, "conditional": conditional}


Shown = PathwayRules | RecordDateRule | Route | MilestoneKind | Rule | ClockKind


def _same(shape: type[BaseModel], item: Shown) -> dict[str, Any]:
    """The fields that are called and written alike."""
    plain = (name for name, field in shape.model_fields.items() if field.alias is None)
    return {name: getattr(item, name) for name in plain if hasattr(item, name)}
