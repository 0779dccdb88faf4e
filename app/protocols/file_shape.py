"""The shape of a protocol file: what the reader lets pass, key by key."""

from typing import Annotated, Literal

from pydantic import Field

from app.domain.breach import Severity
from app.domain.duty_task import CaseSystem
from app.domain.milestone_kind import RECORDERS
from app.domain.people import Role
from app.domain.protocol import Gate
from app.protocols.clock_shape import ClockShape
from app.protocols.escalation_shape import EscalationShape
from app.protocols.meeting_shape import MeetingShape
from app.protocols.milestone_shape import MilestoneShape
from app.protocols.needs_shape import Conditional, NeedsShape
from app.protocols.shape import (
    Cited,
    Code,
    Coded,
    Day,
    MilestoneName,
    MilestoneNames,
    Name,
    Shape,
    Words,
    YesOrNo,
)


class RuleShape(Cited, Conditional):
    """A rule."""

    code: Code
    gates: Annotated[tuple[Gate, ...], Field(min_length=1)]
    severity: Severity
    needs: NeedsShape


class RouteShape(Cited):
    """A route with the origins that may start it."""

    origins: Annotated[tuple[Name, ...], Field(min_length=1)]
    immediate_risk: YesOrNo = False
    meetings: tuple[Name, ...] = ()
    closure_reasons: dict[Name, str] = Field(default_factory=dict)


class RecordDateShape(Cited):
    """What the created record's date should be."""

    called: Name
    should_be: Literal["day_created", "date_of_transfer"]
    amend: YesOrNo


class OriginRemainsShape(Cited):
    """Until which milestone the origin's lead remains involved."""

    until: MilestoneName


class ClosingShape(Cited):
    """How the origin closes its own record."""

    roles: Annotated[tuple[Role, ...], Field(min_length=1)] = RECORDERS
    after: MilestoneNames | None = None
    steps: tuple[Name, ...] = ()


class HandoverShape(Shape):
    """The milestones that are the parts of the handover."""

    arranged: Name | None = None
    visited: Name | None = None
    meeting: Name | None = None
    transfer_date: Name | None = None
    next_taf: Name | None = None
    handover_taf: Name | None = None


class ClauseShape(Shape):
    """A clause of a source in plain words."""

    says: Words
    because: Words | None = None


class PathwayShape(Shape):
    """One pathway."""

    form: Words
    from_system: CaseSystem
    to_system: CaseSystem
    authorised_by: tuple[Role, ...]
    custody_passes_on: Name
    completes_on: Annotated[tuple[Name, ...], Field(min_length=1)]
    record_date: RecordDateShape
    routes: Annotated[dict[Name, RouteShape], Field(min_length=1)]
    milestones: dict[Name, MilestoneShape] = Field(default_factory=dict)
    rules: Annotated[tuple[RuleShape, ...], Field(min_length=1)]
    clocks: tuple[ClockShape, ...] = ()
    reviews: tuple[Code, ...] = ()
    statements: Coded = Field(default_factory=dict)
    factors: Coded = Field(default_factory=dict)
    consents: Coded = Field(default_factory=dict)
    decline_reasons: Coded = Field(default_factory=dict)
    referral_source: str | None = None
    origin_remains: OriginRemainsShape | None = None
    outcomes_statement: Name | None = None
    closing: ClosingShape | None = None
    handover: HandoverShape | None = None
    escalation: EscalationShape | None = None


class ProtocolShape(Shape):
    """The whole file."""

    code: Code
    version: Code
    in_force_from: Day
    authority: Words
    short_name: Words
    sources: dict[Code, Words]
    clauses: Annotated[dict[str, ClauseShape], Field(min_length=1)]
    meetings: dict[Name, MeetingShape] = Field(default_factory=dict)
    step_up: PathwayShape | None = None
    step_down: PathwayShape | None = None
