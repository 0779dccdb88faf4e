"""Counting transfers: what is open to the last one, of what is over a hundred a stage and team.

What is over grows without end, and who counts it reads it. Of one person, and of one series of
meetings, the newest hundred are counted: what is open of them is hardly ever older.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from sqlalchemy import case, func, null, select, union

from app.domain.pathway import ENDED, Pathway, Stage
from app.store.engine import Transaction
from app.store.lateness import late_transfers
from app.store.search import Query, first
from app.store.search_terms import Arm, Reach, arms
from app.store.sought import Sought
from app.store.tables import transfers

MOST_COUNTED = 100
MOST_READ = 400
"""Of a stage where transfers end, where only some of a team's are counted."""
_t = transfers.c
_COUNTED = (_t.id, _t.pathway, _t.stage)
_OPEN = [stage.value for stage in Stage if stage not in ENDED]


@dataclass(frozen=True, slots=True)
class Counted:
    """How many transfers of a pathway are at a stage, and how many of them are late.

    `at_least`: there may be more at that stage, which were not counted.
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
    more |= {row.stage for row in found if row.more}
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
    counts = (
        func.count(every.c.id).label("transfers"),
        func.sum(late).label("late"),
        (func.count() > func.count(every.c.id)).label("more"),
    )
    by = (every.c.pathway, every.c.stage)
    return select(*by, *counts).group_by(*by)


def _parts(arm: Arm, stage: Stage | None) -> Iterator[Query]:
    """What is counted of an arm; of what is many, all that is open, and the newest of an end."""
    query = select(*_COUNTED).where(arm.term)
    match arm.reach:
        case Reach.FEW:
            yield query
        case Reach.SOMEBODYS:
            yield _newest(query)
        case Reach.MANY:
            if stage not in ENDED:
                yield query if stage is not None else query.where(_t.stage.in_(_OPEN))
            for end in sorted(ENDED) if stage is None else sorted(ENDED & {stage}):
                yield from _of_end(arm, end)


def _of_end(arm: Arm, end: Stage) -> Iterator[Query]:
    """The newest at that stage; where much is passed over, those among the newest that are read.

    A row without an id says that more were there to read.
    """
    if arm.among is None:
        yield _newest(select(*_COUNTED).where(arm.term, _t.stage == end.value))
        return
    among = (arm.among, _t.stage == end.value)
    read = first(select(*_COUNTED, arm.term.label("counts")).where(*among), MOST_READ).subquery()
    columns = (read.c.id, read.c.pathway, read.c.stage)
    yield select(select(*columns).where(read.c.counts).limit(MOST_COUNTED + 1).subquery())
    unread = first(select(_t.pathway, _t.stage).where(*among), 1).offset(MOST_READ).subquery()
    yield select(null().label("id"), unread.c.pathway, unread.c.stage)


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
