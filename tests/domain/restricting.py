"""Restrictions and delegates for tests: who is kept from a transfer, and who acts for whom."""

from dataclasses import replace

from builders import NOW, somebody
from builders import actor as of_the_sample

from app.domain.people import Actor, Delegated, Membership, Role
from app.domain.reassign import Worker
from app.domain.restrict import Known, Restricting
from app.domain.restriction import Restriction, RestrictionKind, RestrictionReason
from app.domain.transfer import Transfer

AUDITOR = somebody("an.auditor", Role.AUDITOR)
CONFLICT, NAMED = RestrictionKind.CONFLICT_OF_INTEREST, RestrictionKind.NAMED_ONLY
WHY = RestrictionReason.RELATED_TO_THE_FAMILY


def restriction(kind: RestrictionKind, person: str | None) -> Restriction:
    """One that stands."""
    return Restriction(kind, person, WHY, "A cousin", "op.manager", NOW)


def kept_from(transfer: Transfer, *people: str) -> Transfer:
    """The transfer, which none of these may see."""
    more = tuple(restriction(CONFLICT, person) for person in people)
    return replace(transfer, restrictions=(*transfer.restrictions, *more))


def open_to(transfer: Transfer, *people: str) -> Transfer:
    """The transfer, which these alone may see."""
    more = tuple(restriction(NAMED, person) for person in (None, *people))
    return replace(transfer, restrictions=(*transfer.restrictions, *more))


def standing_in(
    name: str, by: str, role: Role, team: str, *own: Membership, authority: str = "durham"
) -> Actor:
    """Somebody to whom `by` has delegated their role in the team, with roles of their own."""
    held = Membership(role, team)
    return Actor(
        name, authority, frozenset({held, *own}), frozenset({Delegated(held, by)} if held else ())
    )


def asking(kind: RestrictionKind, *people: str) -> Restricting:
    """What a manager asks."""
    return Restricting(kind, people, WHY, "A cousin")


def known(
    *people: str, systems: tuple[str, ...] = (), managers: tuple[str, ...] = ("op.manager", "m2")
) -> Known:
    """What the directory says of these."""
    workers = {person: Worker(person, f"{person} by name") for person in people}
    return Known(workers, frozenset(systems), frozenset(managers))


def actor(person: str) -> Actor:
    """Somebody of the sample directory, or the auditor whom it lacks."""
    return AUDITOR if person == AUDITOR.id else of_the_sample(person)
