"""Find clocks among those that the actor may see."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from app.domain.authority import VisibleTo, visible_to
from app.domain.clock_kind import ClockKind
from app.domain.clocks import NEARLY, Clock
from app.domain.pathway import Pathway
from app.store.found_clocks import find_clocks as search
from app.store.sought import EVER, Between
from app.store.sought_clocks import ClockFilter, FoundClock, Key, Reviews, SoughtClocks
from app.usecases.call import Call

Kinds = Mapping[str, ClockKind]


@dataclass(frozen=True, slots=True)
class ShownClock:
    """A clock as it was found, with the words of the protocol that its transfer runs under."""

    found: FoundClock
    clock: Clock


async def find_clocks(  # noqa: PLR0913 - each is one thing that is asked
    call: Call,
    team: str | None,
    which: ClockFilter | Reviews,
    after: Key | None,
    limit: int,
    due: Between = EVER,
) -> list[ShownClock]:
    """One page, the first due first.

    Those that fall to the actor's teams, and those of transfers booked into the actor's series of
    meetings; reviews also of the other side's team. With `team`, those of that team, of transfers
    that the actor may see. None are found of a team that is not there.
    """
    seen = visible_to(call.actor)
    strange = team is not None and team not in call.actor.teams()
    sought = SoughtClocks(
        authority=call.actor.authority,
        whose=seen if team is None else VisibleTo(frozenset({team})),
        visible_to=seen if strange else VisibleTo(every=True, reader=seen.reader),
        which=which,
        due=due,
        now=call.now,
        after=after,
        limit=limit,
    )
    words: dict[tuple[str, str, Pathway], Kinds] = {}
    shown = []
    for found in await search(call.tx, sought):
        runs_under = (found.protocol, found.protocol_version, found.pathway)
        if runs_under not in words:
            words[runs_under] = await _kinds(call, *runs_under)
        shown.append(ShownClock(found, _clock(found, words[runs_under][found.code])))
    return shown


async def _kinds(call: Call, code: str, version: str, pathway: Pathway) -> Kinds:
    protocol = await call.protocol(code, version)
    return {kind.code: kind for kind in protocol.pathways[pathway].clocks}


def _clock(found: FoundClock, kind: ClockKind) -> Clock:
    given_back = timedelta()
    if found.started_at and found.due_at and found.nearly_late_at:
        counted = NEARLY * (found.due_at - found.nearly_late_at)
        given_back = found.due_at - found.started_at - counted
    return Clock(
        kind, found.started_at, found.due_at, found.met_at, None, found.paused_at, given_back
    )
