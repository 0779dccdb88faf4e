"""Teams, people and roles, and what a person is to one transfer.

A team's kind is data, never inferred from its name: "Families First" is statutory in Durham
and early help in Islington.
"""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.duty_task import CaseSystem


class Role(StrEnum):
    """What a membership makes of a person."""

    PRACTITIONER = "practitioner"
    TEAM_MANAGER = "team_manager"
    TEAM_COORDINATOR = "team_coordinator"
    CHAIR = "chair"
    OPERATIONS_MANAGER = "operations_manager"
    SYSTEM_LCS = "system:lcs"
    SYSTEM_EHM = "system:ehm"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


SYSTEM_ROLES = {CaseSystem.LCS: Role.SYSTEM_LCS, CaseSystem.EHM: Role.SYSTEM_EHM}
AUTHORITY_WIDE = frozenset({Role.AUDITOR, Role.ADMINISTRATOR, Role.SYSTEM_LCS, Role.SYSTEM_EHM})


@dataclass(frozen=True, slots=True)
class Team:
    """A team of an authority, with the case system that it records in and its duty tray."""

    id: str
    authority: str
    name: str
    kind: str
    service: str
    locality: str
    case_system: CaseSystem
    tray: str
    active: bool = True


@dataclass(frozen=True, slots=True)
class Membership:
    """A role that holds today; `team` is None for the roles of AUTHORITY_WIDE."""

    role: Role
    team: str | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person, or a case system under its own name, with today's memberships."""

    id: str
    authority: str
    memberships: frozenset[Membership] = frozenset()

    def is_(self, role: Role, team: str | None = None) -> bool:
        """Whether the actor holds `role` in `team` (None: authority-wide)."""
        return Membership(role, team) in self.memberships

    def holds(self, *roles: Role) -> bool:
        """Whether the actor holds one of `roles` anywhere."""
        return any(membership.role in roles for membership in self.memberships)

    def teams(self) -> frozenset[str]:
        """The teams the actor belongs to today."""
        return frozenset(m.team for m in self.memberships if m.team is not None)


def system_actor(system: CaseSystem, authority: str) -> Actor:
    """A case system that speaks for itself, as in a signed callback."""
    role = SYSTEM_ROLES[system]
    return Actor(role.value, authority, frozenset({Membership(role)}))
