"""What gathers around a transfer over the API: what happened, the team, pauses."""

from datetime import datetime

from pydantic import BaseModel, Field


class MilestoneView(BaseModel):
    """Something that happened; `inferred` where a later report implied it."""

    name: str
    at: datetime
    by: str
    recorded_at: datetime
    inferred: bool
    person: str | None
    team: str | None
    reason: str | None
    note: str | None
    outcome: str | None
    until: datetime | None = Field(description="The time that was agreed")


class BookedMeetingView(BaseModel):
    """The meeting that the transfer is submitted to."""

    series: str
    starts_at: datetime


class TeamMemberView(BaseModel):
    """A professional of the team around the family; `stepped_out_at` null: still in it."""

    id: str
    name: str
    agency: str
    purpose: str
    stepped_in_at: datetime
    stepped_out_at: datetime | None


class PauseView(BaseModel):
    """A pause of one clock; `ended_at` null: it goes on."""

    clock: str
    begun_at: datetime
    by: str
    reason: str
    comment: str
    ended_at: datetime | None
    ended_by: str | None
    ended_reason: str | None
    ended_comment: str | None


class CensusView(BaseModel):
    """What the Children in Need census should be told, as the protocol reads it."""

    referral_source: str | None = Field(description="ReferralSource of the new referral")
    closure_reason: str | None = Field(description="ReasonForClosure of the origin's referral")
    primary_need: str | None = Field(description="PrimaryNeed, as the form gives it")
