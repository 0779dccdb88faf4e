"""Counting transfers: what is open to the last one, and of what is over no more than a thousand."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import case, func, select, union

from app.domain.pathway import ENDED, Pathway, Stage
from app.store.engine import Transaction
from app.store.lateness import late_transfers
from app.store.search import Query, first
from app.store.search_terms import Term, arms
from app.store.sought import Sought
from app.store.tables import transfers

MOST_COUNTED = 1000
"""Of a stage that ends: those grow without end, and who counts them reads them."""
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
    of_stage = {stage: sum(row.transfers for row in found if row.stage == stage) for stage in Stage}
    return [
        Counted(
            Pathway(row.pathway), Stage(row.stage), row.transfers, row.late,
            at_least=row.stage in ENDED and of_stage[row.stage] > MOST_COUNTED,
        )
        for row in found
    ]  # fmt: skip


def counts_query(sought: Sought) -> Query | None:
    """The counts as one query: an arm may hold what another holds, and nothing counts twice."""
    queries = [part for arm in arms(sought) for part in _parts(arm, sought)]
    if not queries:
        return None
    every = (union(*queries) if len(queries) > 1 else queries[0]).subquery()
    late = case((every.c.id.in_(late_transfers(sought.authority, sought.now)), 1), else_=0)
    counts = (func.count().label("transfers"), func.sum(late).label("late"))
    by = (every.c.pathway, every.c.stage)
    return select(*by, *counts).group_by(*by)


def _parts(arm: Term, sought: Sought) -> Iterator[Query]:
    """An arm by its stages: all that are open together, and each that ends for itself."""
    query = select(_t.id, _t.pathway, _t.stage).where(arm)
    stages = frozenset(Stage) if sought.stage is None else frozenset({sought.stage})
    if sought.waiting is not None or sought.disputed or not stages & ENDED:
        yield query  # nothing that is over
        return
    if sought.stage is None:
        yield query.where(_t.stage.in_(_OPEN))
    for stage in sorted(stages & ENDED):
        newest = first(query.where(_t.stage == stage.value), MOST_COUNTED + 1)
        yield select(newest.subquery())
