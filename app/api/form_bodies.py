"""Request bodies that fill in the form of a pathway stage."""

from dataclasses import replace
from typing import Annotated, Any

from pydantic import Field

from app.api.fields import (
    KNOWN_KEYS,
    AnswerText,
    Body,
    Code,
    IsoDate,
    Line,
    Name,
    PrimaryNeed,
    RecordId,
    Words,
)
from app.domain.form import AttachedForm, Form, FormReference, Meeting

Label = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]


class MeetingBody(Body):
    """What is known of the step-up/step-down meeting: not mandatory, asked for (DL 4, 15)."""

    held_on: IsoDate | None = None
    chair: Line | None = None
    decision: Line | None = None
    notes: Words | None = None

    def value(self) -> Meeting:
        """In the domain's words."""
        return Meeting(self.held_on, self.chair, self.decision, self.notes)


class AttachedFormBody(Body):
    """A form that travels, such as `ehm_contact_record` or `child_and_family_assessment`."""

    form: Code
    record_id: RecordId
    completed_on: IsoDate | None = None
    fields: Annotated[
        dict[Label, AnswerText], Field(max_length=200, default_factory=dict), KNOWN_KEYS
    ]

    def value(self) -> AttachedForm:
        """In the domain's words."""
        return AttachedForm(self.form, self.record_id, self.completed_on, dict(self.fields))


class FormReferenceBody(Body):
    """A record that is pointed at and does not travel, as the chronology (DL 16)."""

    form: Code
    record_id: RecordId

    def value(self) -> FormReference:
        """In the domain's words."""
        return FormReference(self.form, self.record_id)


class FormBody(Body):
    """The form. A field that is left out stays as it is; null empties it."""

    date_of_transfer: IsoDate | None = Field(default=None, description="Mandatory at finalise")
    comments: Words | None = Field(default=None, description="Mandatory at finalise")
    recipient: Name | None = Field(default=None, description="The receiving team's id")
    meeting: MeetingBody | None = None
    forms: Annotated[list[AttachedFormBody], Field(max_length=50)] | None = None
    references: Annotated[list[FormReferenceBody], Field(max_length=50)] | None = None
    statements: Annotated[dict[Code, Words], Field(max_length=50), KNOWN_KEYS] | None = Field(
        default=None, description="By the protocol's codes; given as a whole"
    )
    factors: Annotated[list[Code], Field(max_length=50)] | None = Field(
        default=None, description="Circumstances, by the protocol's codes"
    )
    next_lead_professional: Line | None = Field(
        default=None, description="Who has been found to lead after the transfer"
    )
    primary_need: PrimaryNeed | None = Field(default=None, description="PrimaryNeed of the census")

    def applied_to(self, form: Form) -> Form:
        """The form with the fields that were given."""
        given: dict[str, Any] = {name: getattr(self, name) for name in self.model_fields_set}
        if "meeting" in given:
            given["meeting"] = (self.meeting or MeetingBody()).value()
        for name in given.keys() & {"forms", "references"}:
            given[name] = tuple(item.value() for item in given[name] or ())
        if "statements" in given:
            given["statements"] = dict(self.statements or {})
        if "factors" in given:
            given["factors"] = tuple(dict.fromkeys(self.factors or ()))
        return replace(form, **given)
