"""What waits for a person: the rows of the transition table that are theirs to take now.

Read from TRANSITIONS, so that a list of what waits cannot say other than the table does. A case
system reads its own tray, and nothing waits for it here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from app.domain.milestone_kind import Side
from app.domain.party import Party
from app.domain.pathway import TRANSITIONS, Pathway, Stage, Transition
from app.domain.people import Actor, Role
from app.domain.relations import MADE_BY

RunsUnder = tuple[str, str, Pathway]
"""A protocol's code and version, and the pathway."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Transfers of a stage that wait for one person: those with one of `teams` at that side.

    Of these, where it is not None: those under one of `under`, those that `held_by` holds, those
    none of `not_prepared_by` wrote, last edited or submitted (DL 17).
    """

    stage: Stage
    side: Side
    teams: frozenset[str]
    under: frozenset[RunsUnder] | None = None
    held_by: str | None = None
    not_prepared_by: frozenset[str] = frozenset()


def waiting_for(
    actor: Actor, authorises: Mapping[Role, frozenset[RunsUnder]]
) -> tuple[Waiting, ...]:
    """What waits for the actor. `authorises`: under what each role authorises."""
    found = {
        waiting: None
        for row in TRANSITIONS
        if row.awaited
        for stage in row.sources
        for held, prepared in _held(actor)
        for waiting in _by(row, stage, held, prepared, authorises)
        if waiting.teams
    }
    return tuple(found)


def _held(actor: Actor) -> Iterator[tuple[Actor, frozenset[str]]]:
    """The actor by their own roles, then by each delegation; and whose forms are not theirs so."""
    yield actor.own, frozenset({actor.id})
    for by in sorted({x.by for x in actor.delegated}):
        held = frozenset(x.membership for x in actor.delegated if x.by == by)
        yield replace(actor, memberships=held), frozenset({actor.id, by})


def _by(
    row: Transition,
    stage: Stage,
    actor: Actor,
    prepared: frozenset[str],
    authorises: Mapping[Role, frozenset[RunsUnder]],
) -> Iterator[Waiting]:
    all_of_it = Waiting(
        stage,
        Side.ORIGIN,
        actor.teams(),
        not_prepared_by=prepared if row.never else frozenset(),
    )
    for party in sorted(row.who):
        if party in MADE_BY:
            side, role = MADE_BY[party]
            yield replace(all_of_it, side=side, teams=_teams(actor, role))
    if Party.AUTHORISER in row.who:
        for role, under in authorises.items():
            yield replace(all_of_it, teams=_teams(actor, role), under=under)
    if Party.HOLDER in row.who:
        yield replace(all_of_it, side=Side.RECEIVING, held_by=actor.id)


def _teams(actor: Actor, role: Role) -> frozenset[str]:
    return frozenset(m.team for m in actor.memberships if m.role is role and m.team is not None)
