"""The parts of a task as the sender writes them."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from adapters.mock_gateway.fields import (
    Code,
    Day,
    FormFields,
    Identifier,
    Line,
    NhsNumber,
    Text,
    Upn,
    UpnUnknown,
)


class Sent(BaseModel):
    """A body from the sender: a field nobody defined is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Meeting(Sent):
    """The step up/down meeting, where there was one (DL 4, DL 15)."""

    held_on: Day | None = None
    chair: Line | None = None
    decision: Line | None = None
    notes: Text | None = None


class OriginRecord(Sent):
    """The episode (step up) or referral (step down) that the transfer comes from."""

    record_id: Identifier
    started_on: Annotated[Day, Field(description="LCS copies this into Date of Referral (DL 9).")]


class Child(Sent):
    """A child on the task."""

    child_id: Identifier
    name: Line
    date_of_birth: Annotated[Day, Field(description="Or the expected date of birth.")]
    nhs_number: NhsNumber | None = None
    upn: Upn | None = None
    upn_unknown: Annotated[
        UpnUnknown | None, Field(description="Census UPNunknown, where there is no UPN.")
    ] = None


class Form(Sent):
    """A form sent with the task (DL 5, DL 16)."""

    form: Annotated[Code, Field(examples=["ehm_contact_record"])]
    record_id: Identifier
    completed_on: Day | None = None
    fields: FormFields


class Member(Sent):
    """A professional of the team around the family, still in it when the task was sent."""

    name: Line
    agency: Line
    purpose: Annotated[Text, Field(description="The need that they stepped in for.")]
