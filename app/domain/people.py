"""Teams, people and roles, and what a person is to one transfer.

A team's kind is data, never inferred from its name: "Families First" is statutory in Durham
and early help in Islington.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from app.domain.duty_task import CaseSystem


class Role(StrEnum):
    """What a membership makes of a person."""

    PRACTITIONER = "practitioner"
    TEAM_MANAGER = "team_manager"
    TEAM_COORDINATOR = "team_coordinator"
    CHAIR = "chair"
    DEPUTY_CHAIR = "deputy_chair"
    MEMBER = "member"
    OPERATIONS_MANAGER = "operations_manager"
    SYSTEM_LCS = "system:lcs"
    SYSTEM_EHM = "system:ehm"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


SYSTEM_ROLES = {CaseSystem.LCS: Role.SYSTEM_LCS, CaseSystem.EHM: Role.SYSTEM_EHM}
AUTHORITY_WIDE = frozenset({Role.AUDITOR, Role.ADMINISTRATOR, Role.SYSTEM_LCS, Role.SYSTEM_EHM})
OF_A_SERIES_ALONE = frozenset({Role.DEPUTY_CHAIR, Role.MEMBER})
OF_A_SERIES = OF_A_SERIES_ALONE | {Role.CHAIR, Role.TEAM_COORDINATOR}
"""The roles that may belong to a series of meetings; `member` reads, and records nothing."""
_HELD_BY = {Role.CHAIR: (Role.CHAIR, Role.DEPUTY_CHAIR)}


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
    """A role that holds today: in a team, in a series of meetings, or AUTHORITY_WIDE in neither."""

    role: Role
    team: str | None = None
    meeting: str | None = None


@dataclass(frozen=True, slots=True)
class Delegated:
    """A membership that somebody holds today in place of another: by delegation (delegation.py)."""

    membership: Membership
    by: str


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person, or a case system under its own name, with today's memberships.

    `delegated`: which of them are held by delegation alone. `opened`: the transfers that they may
    read now because they broke the glass (break_glass.py).
    """

    id: str
    authority: str
    memberships: frozenset[Membership] = frozenset()
    delegated: frozenset[Delegated] = frozenset()
    opened: frozenset[str] = frozenset()

    @property
    def own(self) -> "Actor":
        """The same person with what is theirs without delegation."""
        return self.without_delegations_by(x.by for x in self.delegated)

    def without_delegations_by(self, people: Iterable[str]) -> "Actor":
        """The same person without what only these have delegated to them."""
        if not self.delegated:
            return self
        excluded = frozenset(people)
        kept = frozenset(x for x in self.delegated if x.by not in excluded)
        lost = {x.membership for x in self.delegated} - {x.membership for x in kept}
        return replace(self, memberships=self.memberships - lost, delegated=kept)

    def is_(self, role: Role, team: str | None = None) -> bool:
        """Whether the actor holds `role` in `team` (None: authority-wide)."""
        return Membership(role, team) in self.memberships

    def serves(self, series: str, role: Role) -> bool:
        """Whether the actor holds `role` in a series of meetings, a chair's as its deputy too."""
        held = _HELD_BY.get(role, (role,))
        return any(Membership(one, meeting=series) in self.memberships for one in held)

    def holds(self, *roles: Role) -> bool:
        """Whether the actor holds one of `roles` anywhere."""
        return any(membership.role in roles for membership in self.memberships)

    def teams(self) -> frozenset[str]:
        """The teams the actor belongs to today."""
        return frozenset(m.team for m in self.memberships if m.team is not None)

    def series(self) -> frozenset[str]:
        """The series of meetings the actor belongs to today."""
        return frozenset(m.meeting for m in self.memberships if m.meeting is not None)


def system_actor(system: CaseSystem, authority: str) -> Actor:
    """A case system that speaks for itself, as in a signed callback."""
    role = SYSTEM_ROLES[system]
    return Actor(role.value, authority, frozenset({Membership(role)}))
