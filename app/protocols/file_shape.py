"""The shape of a protocol file: what the reader lets pass, key by key."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.domain.breach import Severity
from app.domain.duty_task import CaseSystem
from app.domain.people import Role
from app.domain.protocol import Gate, Side

Words = Annotated[str, Field(min_length=1, max_length=400)]
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=60)]


class Shape(BaseModel):
    """Unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class NeedsShape(Shape):
    """One key names the kind of rule, its value the rule's data."""

    field: str | None = None
    origin: Literal["allowed_by_route", "names_its_stage"] | None = None
    origin_record: Literal["active"] | None = None
    form_attached: Code | None = None
    form_refused: Code | None = None
    recipient: Literal["active", "same_authority", "another_team"] | None = None
    recipient_kind: Code | None = None
    recipient_records_in: CaseSystem | None = None
    recipient_not: list[Words] | None = None
    milestone: Code | None = None
    milestone_with_recipient: Code | None = None


class RuleShape(Shape):
    """A rule: every one cites its source."""

    code: Code
    gates: Annotated[list[Gate], Field(min_length=1)]
    routes: list[Code] = []
    severity: Severity
    needs: NeedsShape
    says: Words
    source: Words


class RouteShape(Shape):
    """A route with the origins that may start it."""

    says: Words
    origins: Annotated[list[Code], Field(min_length=1)]
    source: Words
    immediate_risk: bool = False


class MilestoneShape(Shape):
    """A milestone that people record."""

    says: Words
    by: Side
    source: Words
    after: Code | None = None
    names_receiving_manager: bool = False


class RecordDateShape(Shape):
    """What the created record's date should be."""

    called: Code
    should_be: Literal["day_created", "date_of_transfer"]
    amend: bool
    says: Words
    source: Words


class PathwayShape(Shape):
    """One pathway."""

    form: Words
    from_system: CaseSystem
    to_system: CaseSystem
    authorised_by: list[Role]
    custody_passes_on: Code
    completes_on: Annotated[list[Code], Field(min_length=1)]
    record_date: RecordDateShape
    routes: Annotated[dict[Code, RouteShape], Field(min_length=1)]
    milestones: dict[Code, MilestoneShape] = {}
    rules: Annotated[list[RuleShape], Field(min_length=1)]


class ProtocolShape(Shape):
    """The whole file."""

    code: Code
    version: Code
    in_force_from: date
    authority: Words
    short_name: Words
    sources: dict[Code, Words]
    step_up: PathwayShape
    step_down: PathwayShape
