"""The `needs` of a rule: one key names its kind, the value is the rule's data."""

from typing import Literal

from pydantic import model_validator

from app.domain.duty_task import CaseSystem
from app.protocols.shape import AgeText, Code, MilestoneName, Name, Shape, Words


class AgedForm(Shape):
    """A form and how old it may be."""

    form: Name
    age: AgeText


class FormAndScope(Shape):
    """A form, the scope of the consent to share it, and whether that must be informed."""

    form: Name
    scope: Code
    informed: bool = False


class RaisedAndResolved(Shape):
    """What is raised, and what resolves it."""

    raised: MilestoneName
    resolved: MilestoneName


class NeedsShape(Shape):
    """Exactly one of these keys."""

    field: str | None = None
    origin: Literal["allowed_by_route", "names_its_stage"] | None = None
    origin_record: Literal["active"] | None = None
    origin_record_open_at_least: AgeText | None = None
    form_attached: Name | None = None
    any_form_attached: tuple[Name, ...] | None = None
    form_named: Name | None = None
    form_refused: Name | None = None
    form_not_older_than: AgedForm | None = None
    form_with_consent: FormAndScope | None = None
    statement: Code | None = None
    factor: Code | None = None
    consent: Code | None = None
    informed_consent: Code | None = None
    explicit_consent: Code | None = None
    recipient: Literal["active", "same_authority", "another_team"] | None = None
    recipient_kind: Code | None = None
    recipient_records_in: CaseSystem | None = None
    recipient_service: tuple[Words, ...] | None = None
    recipient_not: tuple[Words, ...] | None = None
    milestone: MilestoneName | None = None
    any_milestone: tuple[MilestoneName, ...] | None = None
    milestone_with_recipient: Code | None = None
    meeting_decided: Code | None = None
    settled: RaisedAndResolved | None = None
    lead_professional: Literal["identified"] | None = None
    team_around_the_family: Literal["named"] | None = None
    authorised: Literal["by_origin_manager"] | None = None
    meeting: Literal["booked"] | None = None

    @model_validator(mode="after")
    def _one(self) -> "NeedsShape":
        if len(self.model_fields_set) != 1:
            raise ValueError("names exactly one kind of rule")
        if any(getattr(self, name) in (None, ()) for name in self.model_fields_set):
            raise ValueError("the list is empty")
        return self


class Conditional(Shape):
    """What counts on these routes alone, `when` something is met, `unless` something is."""

    routes: tuple[Code, ...] = ()
    when: NeedsShape | None = None
    unless: NeedsShape | None = None
