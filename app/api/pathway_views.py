"""The shape of a protocol's half for one pathway."""

from typing import Any

from pydantic import BaseModel, Field

from app.api.disagreement_views import EscalationView, escalation_view
from app.api.rule_views import (
    ClockKindView,
    MilestoneKindView,
    RuleView,
    clock_view,
    milestone_view,
    rule_view,
    same,
)
from app.domain.closing_kind import ClosingKind
from app.domain.duty_task import CaseSystem
from app.domain.people import Role
from app.domain.protocol import OriginRemains, PathwayRules, Route
from app.domain.protocol_words import wording_of


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


class OriginRemainsView(BaseModel):
    """Until which milestone the origin's lead remains involved after custody passes."""

    until: str
    says: str
    source: str
    note: str | None


class ClosingKindView(BaseModel):
    """How the origin closes its own record."""

    says: str
    source: str
    roles: list[Role]
    after: list[str]
    steps: list[str] = Field(description="Milestones, in their order")
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
    origin_remains: OriginRemainsView | None
    closing: ClosingKindView | None = Field(description="Null: it knows no closing at source")
    handover: dict[str, str] = Field(description="Milestones that are the parts of the handover")
    escalation: EscalationView | None = Field(description="Null: no disagreement is raised")
    reviews: list[str] = Field(description="Clocks that bring a review after the transfer")
    statements: dict[str, str]
    factors: dict[str, str]
    consents: dict[str, str]
    outcomes_statement: str | None = Field(
        description="The statement that is shown when a child comes back"
    )
    decline_reasons: dict[str, str] = Field(description="None: any reason is taken")


def pathway_view(half: PathwayRules) -> dict[str, Any]:
    """A protocol's half in the shape of PathwayView."""
    words = wording_of(half)
    return {
        **same(PathwayView, half),
        "record_date": same(RecordDateView, half.record_date),
        "origin_remains": _remains(half.origin_remains),
        "closing": _closing(half.closing),
        "escalation": escalation_view(half.escalation),
        "routes": [_route(route) for route in half.routes.values()],
        "milestones": [milestone_view(kind, words) for kind in half.milestones.values()],
        "rules": [rule_view(rule, words) for rule in half.rules],
        "clocks": [clock_view(kind, words) for kind in half.clocks],
        **{
            name: dict(getattr(half, name))
            for name in ("handover", "statements", "factors", "consents", "decline_reasons")
        },
    }


def _route(route: Route) -> dict[str, Any]:
    return {**same(RouteView, route), "closure_reasons": dict(route.closure_reasons)}


def _closing(kind: ClosingKind | None) -> dict[str, Any] | None:
    if kind is None:
        return None
    return {**same(ClosingKindView, kind), "after": [str(name) for name in kind.after]}


def _remains(remains: OriginRemains | None) -> dict[str, Any] | None:
    if remains is None:
        return None
    return {**same(OriginRemainsView, remains), "until": str(remains.until)}
