"""Restricting a transfer, and lifting that: by a manager of either team."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from app.domain.authority import may, require, require_version
from app.domain.breach import Breach, must
from app.domain.decision import Decision, Situation
from app.domain.errors import RulesBroken
from app.domain.party import MANAGERS, OPERATIONS_MANAGERS
from app.domain.pathway import ENDED
from app.domain.people import Actor
from app.domain.reassign import Part, Worker
from app.domain.recording import recorded
from app.domain.relations import relations
from app.domain.restriction import Restriction, RestrictionKind, RestrictionReason
from app.domain.rights import Act
from app.domain.transfer import Transfer
from app.domain.withheld import is_restricted, named

RESTRICTED, LIFTED = "restricted", "restriction_lifted"
MOST_NAMED = 50
MANAGE = MANAGERS | OPERATIONS_MANAGERS


@dataclass(frozen=True, slots=True)
class Restricting:
    """What a manager asks. `people`: kept from it, or let in, as the kind says."""

    kind: RestrictionKind
    people: tuple[str, ...]
    reason: RestrictionReason
    note: str


@dataclass(frozen=True, slots=True)
class Known:
    """What the directory says of those who are named, and of the origin team today.

    `workers`: how transfers name them; who is not of the council is missing. `systems`: those of
    them who speak for a case system. `origin_managers`: the team managers of the origin team.
    """

    workers: Mapping[str, Worker]
    systems: frozenset[str]
    origin_managers: frozenset[str]


def reads_restrictions(actor: Actor, transfer: Transfer) -> bool:
    """Whether the actor, who sees the transfer, may know whom its restrictions name."""
    return may(Act.READ_RESTRICTIONS, relations(actor, transfer))


def without_people(action: str, codes: Iterable[str]) -> list[str]:
    """The codes of an event of the audit without whom a restriction names."""
    hides = action in (RESTRICTED, LIFTED)
    return [code for code in codes if not (hides and code.startswith("person:"))]


def restrict(  # noqa: PLR0913 - who, what, and what is known of those named
    transfer: Transfer,
    asked: Restricting,
    known: Known,
    actor: Actor,
    situation: Situation,
    *,
    expected_version: int | None = None,
) -> Decision:
    """The transfer kept from these people, or open to them alone; those named before stay named.

    Raises:
        NotVisible, NotPermitted: they manage neither team. StaleVersion: it has changed since.
        RulesBroken: nobody new is named, or somebody who cannot be; every breach.
    """
    require(Act.RESTRICT_TRANSFER, actor, transfer)
    require_version(transfer, expected_version)
    people = tuple(dict.fromkeys(asked.people))
    new = tuple(x for x in people if x not in named(transfer, asked.kind))
    broken = tuple(_breaches(transfer, asked, new, known))
    if broken:
        raise RulesBroken(broken)
    opens = asked.kind is RestrictionKind.NAMED_ONLY and not is_restricted(transfer)
    whom = ((None,) if opens else ()) + new
    added = tuple(
        Restriction(asked.kind, x, asked.reason, asked.note, actor.id, situation.now) for x in whom
    )
    after = replace(
        transfer, restrictions=(*transfer.restrictions, *added), version=transfer.version + 1
    )
    codes = (asked.kind, asked.reason, *(f"person:{x}" for x in new))
    return recorded(transfer, after, RESTRICTED, actor, situation, codes, who=MANAGE)


def lift(  # noqa: PLR0913 - who, and what of it
    transfer: Transfer,
    kind: RestrictionKind,
    people: tuple[str, ...],
    actor: Actor,
    situation: Situation,
    *,
    expected_version: int | None = None,
) -> Decision:
    """The transfer without those restrictions; without `people`, without any of the kind.

    Raises:
        NotVisible, NotPermitted: they manage neither team. StaleVersion: it has changed since.
        RulesBroken: no such restriction stands.
    """
    require(Act.LIFT_RESTRICTION, actor, transfer)
    require_version(transfer, expected_version)
    wanted = [
        x
        for x in transfer.restrictions
        if x.stands and x.kind is kind and (not people or x.person in people)
    ]
    if not wanted or not set(people) <= {x.person for x in wanted}:
        says = "Name a restriction that stands, and whom it names"
        raise RulesBroken((must("restriction", says, "none that stands"),))
    ended = {"lifted_at": situation.now, "lifted_by": actor.id}
    after = replace(
        transfer,
        restrictions=tuple(
            replace(x, **ended) if x in wanted else x  # type: ignore[arg-type]
            for x in transfer.restrictions
        ),
        version=transfer.version + 1,
    )
    codes = (kind, *(f"person:{x.person}" for x in wanted if x.person is not None))
    return recorded(transfer, after, LIFTED, actor, situation, codes, who=MANAGE)


def _breaches(
    transfer: Transfer, asked: Restricting, new: tuple[str, ...], known: Known
) -> Iterator[Breach]:
    conflict = asked.kind is RestrictionKind.CONFLICT_OF_INTEREST
    if not new and (conflict or is_restricted(transfer)):
        yield must("restriction-people", "Name somebody new", "nobody who is not named already")
    if len(new) > MOST_NAMED:
        yield must("restriction-people", f"Name at most {MOST_NAMED} people", "more")
    if any(x not in known.workers for x in new):
        yield must("restriction-person", "Name people of the council", "somebody who is not")
    if conflict:
        yield from _denial_breaches(transfer, new, known)


def _denial_breaches(transfer: Transfer, new: tuple[str, ...], known: Known) -> Iterator[Breach]:
    if known.systems.intersection(new):
        says = "Name people: the case systems hold the record itself"
        yield must("restriction-system", says, "a case system")
    if any(_has_part(known.workers[x], transfer) for x in new if x in known.workers):
        says = "Reassign their work on it to somebody else first"
        yield must("restriction-reassign", says, "somebody who works on it, leads or holds it")
    if transfer.stage in ENDED:
        return
    kept = named(transfer, RestrictionKind.CONFLICT_OF_INTEREST) | set(new)
    if known.origin_managers.intersection(new) and not known.origin_managers - kept:
        says = "Name another team manager of the origin team first"
        yield must("restriction-last-manager", says, "the last manager of the origin team")


def _has_part(somebody: Worker, transfer: Transfer) -> bool:
    if transfer.stage in ENDED:
        return False
    return any(getattr(transfer, part) in somebody.names for part in Part)
