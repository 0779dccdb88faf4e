"""Request bodies of what is recorded around a transfer."""

from datetime import datetime

from pydantic import Field

from app.api.fields import Body, Code, Instant, Line, Name, Words
from app.domain.pauses import Why
from app.domain.team_around import Member
from app.usecases.record_milestone import Told


class MilestoneBody(Body):
    """Something that happened. The protocol says which milestones there are, and what each asks."""

    name: Code
    at: Instant
    person: Name | None = Field(default=None, description="Whom it concerned, where asked")
    note: Words | None = None
    outcome: Code | None = Field(default=None, description="What came of it, where asked")
    until: Instant | None = Field(default=None, description="The time agreed on, where asked")
    team: Name | None = Field(default=None, description="The team it was passed to, where asked")

    def value(self) -> Told:
        """In the use case's words."""
        return Told(**{name: getattr(self, name) for name in type(self).model_fields})


class TeamMemberBody(Body):
    """A professional who steps in, and the need that they step in for."""

    name: Line
    agency: Line
    purpose: Words
    stepped_in_at: Instant | None = Field(default=None, description="Now, where left out")

    def value(self, member_id: str, now: datetime) -> Member:
        """In the domain's words."""
        since = self.stepped_in_at or now
        return Member(member_id, self.name, self.agency, self.purpose, since)


class StepOutBody(Body):
    """When the professional stepped out."""

    at: Instant


class PauseBody(Body):
    """A coded reason with words."""

    reason: Code
    comment: Words

    def value(self) -> Why:
        """In the domain's words."""
        return Why(self.reason, self.comment)
