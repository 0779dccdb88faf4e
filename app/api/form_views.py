"""What the form of a transfer looks like over the API."""

from datetime import date

from pydantic import BaseModel, Field


class MeetingView(BaseModel):
    """The meeting as the form records it."""

    held_on: date | None
    chair: str | None
    decision: str | None
    notes: str | None


class AttachedFormView(BaseModel):
    """A form that travels."""

    form: str
    record_id: str
    completed_on: date | None
    fields: dict[str, str]


class FormReferenceView(BaseModel):
    """A record that does not travel."""

    form: str
    record_id: str


class FormView(BaseModel):
    """The form."""

    date_of_transfer: date | None
    comments: str | None
    recipient: str | None
    meeting: MeetingView
    forms: list[AttachedFormView]
    references: list[FormReferenceView]
    statements: dict[str, str] = Field(description="By the protocol's codes")
    factors: list[str] = Field(description="The protocol's codes")
    next_lead_professional: str | None
    primary_need: str | None = Field(description="PrimaryNeed of the census")
