"""LCS referrals as the gateway shows them, and what it takes to change them."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from adapters.lcs.system import ReasonForClosure, assessment_due
from adapters.mock_gateway.fields import Day, FormFields, Text
from adapters.mock_gateway.record import Record, RecordChild
from adapters.mock_gateway.sent import Sent

EARLY_HELP = "5D"


class Referral(BaseModel):
    """A referral to children's social care."""

    referral_id: str
    reference: str | None
    child: RecordChild
    date_of_referral: Annotated[
        date, Field(description="Copied wrongly from the episode's start until amended (DL 9).")
    ]
    created_at: datetime
    source: Annotated[
        str,
        Field(description="Census ReferralSource: what the task said, or 5D, early help."),
    ]
    state: Literal["open", "finalised", "allocated", "closed"]
    allocated_to: str | None
    contact_record: Annotated[
        dict[str, str], Field(description="Copied forward from the EHM Contact Record (DL 5).")
    ]
    assessment_due_on: Annotated[
        date, Field(description="45 working days after the Date of Referral.")
    ]
    next_step_late: Annotated[
        bool, Field(description="Out of timescale: today is after assessment_due_on (DL 9).")
    ]
    closed_on: date | None
    closure_reason: ReasonForClosure | None
    referral_note: str | None
    version: int


class ReferralChange(Sent):
    """What a save changes: null or absent leaves it; contact fields are set one by one."""

    date_of_referral: Day | None = None
    referral_note: Text | None = None
    contact_record: FormFields | None = None


class ReferralClosure(Sent):
    """Why and when the referral closes (census ReasonForClosure)."""

    reason: ReasonForClosure
    closed_on: Day


def referral(record: Record, today: date) -> Referral:
    """Show a record of the mock as a referral."""
    due = assessment_due(record.dated)
    return Referral(
        referral_id=record.record_id,
        reference=record.reference,
        child=record.child,
        date_of_referral=record.dated,
        created_at=record.created_at,
        source=record.source or EARLY_HELP,
        state=record.state,
        allocated_to=record.worker,
        contact_record=record.shown(),
        assessment_due_on=due,
        next_step_late=today > due,
        closed_on=record.closed_on,
        closure_reason=record.reason,
        referral_note=record.note,
        version=record.version,
    )
