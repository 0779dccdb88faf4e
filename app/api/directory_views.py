"""The shapes of the directory: people, teams and councils."""

from datetime import date

from pydantic import BaseModel, Field

from app.domain.duty_task import CaseSystem
from app.domain.people import Role


class MembershipView(BaseModel):
    """A role that holds today: in a team, in a series of meetings, or in the whole authority."""

    role: Role
    team: str | None
    meeting: str | None = Field(description="The series of meetings that the role is held in")


class MeView(BaseModel):
    """The person that the token names."""

    id: str
    authority: str
    memberships: list[MembershipView]


class AuthorityView(BaseModel):
    """A council and the protocol in force there."""

    code: str
    name: str
    protocol: str


class TeamView(BaseModel):
    """A team and its duty tray."""

    id: str
    authority: str
    name: str
    kind: str = Field(description="Data, not a fixed list: `early_help`, `social_care`, …")
    service: str
    locality: str
    case_system: CaseSystem
    tray: str
    active: bool


class MemberView(BaseModel):
    """A person's role in a team, with its days."""

    person: str
    name: str
    role: Role
    from_date: date
    to_date: date | None
