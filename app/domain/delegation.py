"""Dated delegation: a manager's role in a team, held for some days by somebody else as well."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from app.domain.authority import may, require_right
from app.domain.breach import Breach, must
from app.domain.errors import NotPermitted, NotVisible, RulesBroken
from app.domain.party import Party
from app.domain.people import SYSTEM_ROLES, Actor, Role
from app.domain.relations import in_council, in_team
from app.domain.rights import Act

DELEGABLE = (Role.TEAM_MANAGER, Role.OPERATIONS_MANAGER)
MOST_DAYS = 366
"""The first day and the last are counted."""


@dataclass(frozen=True, slots=True)
class Delegation:
    """`delegate` holds the `delegator`'s role in the team from one London day to another, both
    included, as long as the delegator holds it; unless it is ended before.
    """  # noqa: D205 - one sentence

    authority: str
    delegator: str
    delegate: str
    role: Role
    team: str
    from_date: date
    to_date: date
    made_by: str
    made_at: datetime
    ended_at: datetime | None = None
    ended_by: str | None = None
    id: int = 0

    @property
    def version(self) -> int:
        """It changes once: when it ends."""
        return 1 if self.ended_at is None else 2


def require_delegates(actor: Actor, delegator: str, team: str) -> None:
    """Pass for whose role it is, and for the team's operations manager; not by delegation.

    Raises:
        NotVisible: the team's affairs do not exist for this actor.
        NotPermitted: they are in the team, and it is not theirs to delegate.
    """
    if not may(Act.SEE_WORK_OF_TEAM, in_team(actor, team) | in_council(actor)):
        raise NotVisible(team)
    who = in_team(actor.own, team)
    require_right(Act.DELEGATE_ROLE, who)
    if actor.id != delegator and Party.TEAM_OPERATIONS_MANAGER not in who:
        raise NotPermitted("For whose role it is, or the team's operations manager")


def delegate(
    asked: Delegation, actor: Actor, delegator: Actor | None, to: Actor | None, today: date
) -> Delegation:
    """The delegation. `delegator` and `to` as the directory has them today, None: it has not.

    Raises:
        NotVisible, NotPermitted: see require_delegates.
        RulesBroken: to oneself, to nobody of the council, of what is not the delegator's own, or
            for days that may not be; every breach.
    """
    require_delegates(actor, asked.delegator, asked.team)
    broken = (*_people(asked, actor, delegator, to), *_days(asked, today))
    if broken:
        raise RulesBroken(broken)
    return asked


def require_ends(delegation: Delegation, actor: Actor) -> None:
    """Pass for the delegator, the delegate, and the team's operations manager.

    Raises:
        NotVisible: it does not exist for this actor.
        NotPermitted: they see it, and it is not theirs to end.
    """
    concerned = {Party.DELEGATOR: delegation.delegator, Party.DELEGATE: delegation.delegate}
    theirs = frozenset(party for party, person in concerned.items() if person == actor.id)
    seeing = theirs | in_team(actor, delegation.team) | in_council(actor)
    if actor.authority != delegation.authority or not may(Act.READ_DELEGATION, seeing):
        raise NotVisible(str(delegation.id))
    require_right(Act.END_DELEGATION, theirs | in_team(actor.own, delegation.team))


def end(delegation: Delegation, actor: Actor, now: datetime) -> Delegation:
    """The delegation, over from now on.

    Raises:
        NotVisible, NotPermitted: see require_ends.
        RulesBroken: it has ended before.
    """
    require_ends(delegation, actor)
    if delegation.ended_at is not None:
        says = "Choose a delegation that has not been ended"
        raise RulesBroken((must("delegation-ended", says, "ended already"),))
    return replace(delegation, ended_at=now, ended_by=actor.id)


def _people(
    asked: Delegation, actor: Actor, delegator: Actor | None, to: Actor | None
) -> Iterator[Breach]:
    if asked.delegate in (asked.delegator, actor.id):
        yield must("delegation-to", "Name somebody else", "oneself")
    elif to is None or to.authority != asked.authority:
        yield must("delegation-to", "Name a person of the council", "somebody who is not")
    elif to.holds(*SYSTEM_ROLES.values()):
        yield must("delegation-to", "Name a person", "a case system")
    if asked.role not in DELEGABLE:
        yield must("delegation-role", f"Choose one of: {', '.join(DELEGABLE)}", "another role")
    elif delegator is None or not delegator.own.is_(asked.role, asked.team):
        says = "Delegate a role that the person has in the team themselves, not by delegation"
        yield must("delegation-role", says, "a role that is not theirs")


def _days(asked: Delegation, today: date) -> Iterator[Breach]:
    if asked.from_date < today:
        yield must("delegation-days", "Begin today or later", "a day that is over")
    if asked.to_date < asked.from_date:
        yield must("delegation-days", "End on the first day or later", "a day before the first")
    elif (asked.to_date - asked.from_date).days >= MOST_DAYS:
        yield must("delegation-days", "Delegate for a year at most", "more days")
