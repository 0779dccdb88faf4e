"""Request bodies of what is done in meetings."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import uuid4

from pydantic import Field

from app.api.fields import Body, Code, Instant, IsoDate, Line, Words
from app.domain.meetings.decide_case import Ruling
from app.domain.meetings.meeting import Attendance, Attended, MeetingAction
from app.domain.people import Role
from app.domain.record_milestone import Happened

MOST = 100
"""People, actions or themes in one request."""


class PlanBody(Body):
    """When a meeting of a series starts."""

    series: Code
    starts_at: Instant


class ActionBody(Body):
    """What somebody is to do."""

    what: Words
    owner: Line
    due_on: IsoDate | None = None

    def value(self) -> MeetingAction:
        """In the domain's words."""
        return MeetingAction(str(uuid4()), self.what, self.owner, self.due_on)


class DecisionBody(Body):
    """What the meeting decided of a case, and why. The protocol says which outcomes there are."""

    outcome: Code
    rationale: Words
    at: Instant | None = Field(default=None, description="When it was decided; now if left out")
    themes: list[Code] = Field(default=[], max_length=MOST)
    actions: list[ActionBody] = Field(default=[], max_length=MOST)

    def value(self, now: datetime) -> Ruling:
        """In the domain's words."""
        actions = tuple(action.value() for action in self.actions)
        themes = tuple(dict.fromkeys(self.themes))
        return Ruling(self.outcome, self.rationale, self.at or now, themes, actions)


class MeetingMilestoneBody(Body):
    """Something that has happened to every case of the meeting."""

    name: Code
    at: Instant
    note: Words | None = None

    def value(self) -> Happened:
        """In the domain's words."""
        return Happened(self.name, self.at, note=self.note)


class CallOffBody(Body):
    """Why a meeting is not held: for those who see every case of it."""

    reason: Words


class AttendanceBody(Body):
    """Somebody who was there, or was to be."""

    name: Line
    represents: Line = Field(description="Their service or agency")
    status: Annotated[Attended, Field(strict=False)]
    role: Annotated[
        Literal["chair", "deputy_chair", "team_coordinator", "member"] | None,
        Field(description="What they are in the meeting"),
    ] = None
    deputises_for: Line | None = Field(default=None, description="Somebody on the list who is not")
    feedback: Words | None = Field(
        default=None, description="What somebody who could not come reports in writing"
    )

    def value(self) -> Attendance:
        """In the domain's words."""
        return Attendance(
            self.name,
            self.represents,
            self.status,
            Role(self.role) if self.role else None,
            self.deputises_for,
            self.feedback,
        )


class AttendanceListBody(Body):
    """Everybody: the list replaces the one before."""

    people: list[AttendanceBody] = Field(max_length=MOST)

    def value(self) -> tuple[Attendance, ...]:
        """In the domain's words."""
        return tuple(somebody.value() for somebody in self.people)
