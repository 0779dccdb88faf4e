"""Counting transfers: what is open to the last one, of what is over a thousand a stage and team.

What is over grows without end, and who counts it reads it. Of one person, and of one series of
meetings, the newest thousand are counted: what is open of them is hardly ever older.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from sqlalchemy import case, func, select, union

from app.domain.pathway import ENDED, Pathway, Stage
from app.store.engine import Transaction
from app.store.lateness import late_transfers
from app.store.search import Query, first
from app.store.search_terms import Arm, Reach, arms
from app.store.sought import Sought
from app.store.tables import transfers

MOST_COUNTED = 1000
_t = transfers.c
_OPEN = [stage.value for stage in Stage if stage not in ENDED]


@dataclass(frozen=True, slots=True)
class Counted:
    """How many transfers of a pathway are at a stage, and how many of them are late.

    `at_least`: there are more at that stage, which were not counted.
    """

    pathway: Pathway
    stage: Stage
    transfers: int
    late: int
    at_least: bool = False


async def count_transfers(tx: Transaction, sought: Sought) -> list[Counted]:
    """How many there are in all, whatever the page; what there is none of is left out."""
    query = counts_query(sought)
    if query is None:
        return []
    found = (await tx.connection.execute(query)).all()
    more = _with_more(sought, {(row.pathway, row.stage): row.transfers for row in found})
    return [
        Counted(
            Pathway(row.pathway), Stage(row.stage), row.transfers, row.late,
            at_least=row.stage in more,
        )
        for row in found
    ]  # fmt: skip


def counts_query(sought: Sought) -> Query | None:
    """The counts as one query: an arm may hold what another holds, and nothing counts twice."""
    queries = [part for arm in arms(sought) for part in _parts(arm, sought.stage)]
    if not queries:
        return None
    every = (union(*queries) if len(queries) > 1 else queries[0]).subquery()
    late = case((every.c.id.in_(late_transfers(sought.authority, sought.now)), 1), else_=0)
    counts = (func.count().label("transfers"), func.sum(late).label("late"))
    by = (every.c.pathway, every.c.stage)
    return select(*by, *counts).group_by(*by)


def _parts(arm: Arm, stage: Stage | None) -> Iterator[Query]:
    """What is counted of an arm; of what is many, all that is open, and the newest of an end."""
    query = select(_t.id, _t.pathway, _t.stage).where(arm.term)
    match arm.reach:
        case Reach.FEW:
            yield query
        case Reach.SOMEBODYS:
            yield _newest(query)
        case Reach.MANY:
            if stage is None:
                yield query.where(_t.stage.in_(_OPEN))
                yield from (_newest(query.where(_t.stage == end.value)) for end in sorted(ENDED))
            else:
                yield _newest(query) if stage in ENDED else query


def _newest(query: Query) -> Query:
    return select(first(query, MOST_COUNTED + 1).subquery())


def _with_more(sought: Sought, found: Mapping[tuple[str, str], int]) -> AbstractSet[str]:
    """The stages of which more may be there than were found."""
    reaches = {arm.reach for arm in arms(sought)}
    if Reach.SOMEBODYS in reaches and sum(found.values()) > MOST_COUNTED:
        return frozenset(Stage)
    if Reach.MANY not in reaches:
        return frozenset()
    of_stage: Counter[str] = Counter()
    for (_, stage), count in found.items():
        of_stage[stage] += count
    return {stage for stage in ENDED if of_stage[stage] > MOST_COUNTED}
