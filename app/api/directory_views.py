"""The shapes of the directory: people, teams and councils."""

from dataclasses import asdict
from datetime import date
from typing import Any

from pydantic import BaseModel, Field

from app.domain.duty_task import CaseSystem
from app.domain.people import Actor, Membership, Role


class MembershipView(BaseModel):
    """A role that holds today: in a team, in a series of meetings, or in the whole authority."""

    role: Role
    team: str | None
    meeting: str | None = Field(description="The series of meetings that the role is held in")
    delegated_by: list[str] = Field(
        description="Whose role it is, where it is held by delegation alone"
    )


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


def membership_view(membership: Membership, actor: Actor) -> dict[str, Any]:
    """A membership of the actor in the shape of MembershipView."""
    by = sorted(x.by for x in actor.delegated if x.membership == membership)
    return asdict(membership) | {"delegated_by": by}
