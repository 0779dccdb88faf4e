"""Find transfers, or count them, among those that the actor may see."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.domain.authority import visible_to
from app.domain.instants import start_of_day
from app.domain.pathway import Pathway, Stage
from app.store.counted import Counted
from app.store.counted import count_transfers as count
from app.store.search import find_transfers as search
from app.store.sought import Between, FoundTransfer, Key, Sought
from app.usecases.call import Call
from app.usecases.waiting import waiting


class Direction(StrEnum):
    """Which way a transfer goes, seen from a team."""

    OUTGOING = "outgoing"
    INCOMING = "incoming"


@dataclass(frozen=True, slots=True)
class Filters:
    """What somebody looks for; all of it must be so. Days are London's, both ends included."""

    pathway: Pathway | None = None
    stage: Stage | None = None
    route: str | None = None
    team: str | None = None
    direction: Direction | None = None
    recipient: str | None = None
    child_id: str | None = None
    late: bool = False
    disputed: bool = False
    mine: bool = False
    waiting_for_me: bool = False
    opened_from: date | None = None
    opened_to: date | None = None
    changed_from: date | None = None
    changed_to: date | None = None


async def find_transfers(
    call: Call, filters: Filters, before: Key | None = None, limit: int = 50
) -> list[FoundTransfer]:
    """One page, newest first, never past what the actor may see."""
    return await search(call.tx, await _sought(call, filters, before, limit))


async def count_transfers(call: Call, filters: Filters) -> list[Counted]:
    """How many of them there are by stage and pathway; what there is none of is left out.

    What is over is counted to a hundred a stage, and what is open to the last one.
    """
    return await count(call.tx, await _sought(call, filters))


async def _sought(
    call: Call, filters: Filters, before: Key | None = None, limit: int = 0
) -> Sought:
    actor, way = call.actor, filters.direction
    teams = actor.teams() if filters.team is None else frozenset({filters.team})
    return Sought(
        authority=actor.authority,
        visible_to=visible_to(actor),
        now=call.now,
        pathway=filters.pathway,
        stage=filters.stage,
        route=filters.route,
        team=filters.team if way is None else None,
        recipient=filters.recipient,
        child_id=filters.child_id,
        sent_by=teams if way is Direction.OUTGOING else None,
        sent_to=teams if way is Direction.INCOMING else None,
        late=filters.late,
        disputed=filters.disputed,
        of_person=actor.id if filters.mine else None,
        waiting=await waiting(call) if filters.waiting_for_me else None,
        opened=_days(filters.opened_from, filters.opened_to),
        changed=_days(filters.changed_from, filters.changed_to),
        before=before,
        limit=limit,
    )


def _days(first: date | None, last: date | None) -> Between:
    return Between(
        start_of_day(first) if first else None,
        start_of_day(last + timedelta(days=1)) if last else None,
    )
