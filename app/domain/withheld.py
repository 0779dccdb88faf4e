"""Restricted records: which transfers are withheld from somebody, whatever their roles.

A conflict of interest holds against every role, and against what was delegated by whoever has it. A
transfer that named people alone may see is seen besides by the managers of its teams, who works on
it or holds it, auditors, and the case systems.
"""

from dataclasses import dataclass

from app.domain.people import AUTHORITY_WIDE, SYSTEM_ROLES, Actor, Role
from app.domain.restriction import RestrictionKind
from app.domain.transfer import Transfer

MANAGERS = (Role.TEAM_MANAGER, Role.OPERATIONS_MANAGER)
READ_RESTRICTED = (Role.AUDITOR, *SYSTEM_ROLES.values())


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a list is for, as restrictions see them. `manages`: the teams that they manage.

    Of a delegate `stands_in_for` are the delegators, and `own` is the same person without them.
    `sees_all`, `teams`, `series`: what they reach.
    """

    person: str
    manages: frozenset[str] = frozenset()
    reads_restricted: bool = False
    sees_all: bool = False
    teams: frozenset[str] = frozenset()
    series: frozenset[str] = frozenset()
    stands_in_for: frozenset[str] = frozenset()
    own: "Reader | None" = None


def reader(actor: Actor) -> Reader:
    """The actor as restrictions see them."""
    held = (m for m in actor.memberships if m.role in MANAGERS)
    return Reader(
        actor.id,
        frozenset(m.team for m in held if m.team is not None),
        reads_restricted=actor.holds(*READ_RESTRICTED),
        sees_all=actor.holds(*AUTHORITY_WIDE),
        teams=actor.teams(),
        series=actor.series(),
        stands_in_for=frozenset(x.by for x in actor.delegated),
        own=reader(actor.own) if actor.delegated else None,
    )


def before(actor: Actor, transfer: Transfer) -> Actor:
    """The actor as they stand before the transfer.

    Nobody stands in for others where it is denied to one of those.
    """
    kept_from = named(transfer, RestrictionKind.CONFLICT_OF_INTEREST)
    return actor.own if kept_from & {x.by for x in actor.delegated} else actor


def denied(person: str, transfer: Transfer) -> bool:
    """Whether the transfer is kept from the person for a conflict of interest."""
    return person in named(transfer, RestrictionKind.CONFLICT_OF_INTEREST)


def named(transfer: Transfer, kind: RestrictionKind) -> frozenset[str]:
    """The people whom restrictions of that kind name now."""
    standing = (x for x in transfer.restrictions if x.stands and x.kind is kind)
    return frozenset(x.person for x in standing if x.person is not None)


def is_restricted(transfer: Transfer) -> bool:
    """Whether named people alone may see it."""
    return any(x.stands and x.kind is RestrictionKind.NAMED_ONLY for x in transfer.restrictions)


def manages(actor: Actor, transfer: Transfer) -> bool:
    """Whether the actor manages a team of the transfer."""
    teams = {transfer.origin_team, transfer.sent_to} - {None}
    return not teams.isdisjoint(reader(actor).manages)


def withheld(actor: Actor, transfer: Transfer) -> bool:
    """Whether the transfer does not exist for the actor, whatever their roles."""
    if not transfer.restrictions:
        return False
    who = before(actor, transfer)
    return denied(who.id, transfer) or (is_restricted(transfer) and not _let_in(who, transfer))


def _let_in(actor: Actor, transfer: Transfer) -> bool:
    return (
        actor.id in named(transfer, RestrictionKind.NAMED_ONLY)
        or actor.id in (transfer.worker, transfer.holder)
        or actor.holds(*READ_RESTRICTED)
        or manages(actor, transfer)
    )
