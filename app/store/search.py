"""Finding transfers: keyset pages, newest first, and counts."""

from dataclasses import dataclass

from sqlalchemy import Select, case, func, or_, select, union
from sqlalchemy.sql.elements import ColumnElement

from app.domain.authority import VisibleTo
from app.domain.pathway import Pathway, Stage
from app.store.engine import Transaction
from app.store.lateness import late_since, late_transfers
from app.store.search_terms import arms
from app.store.sought import FoundTransfer, Sought
from app.store.tables import transfers

COLUMNS = [transfers.c[name] for name in FoundTransfer.__slots__ if name != "late_since"]
Query = Select[*tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Counted:
    """How many transfers of a pathway are at a stage, and how many of them are late."""

    pathway: Pathway
    stage: Stage
    transfers: int
    late: int


def seen_by(seen: VisibleTo) -> ColumnElement[bool]:
    """Transfers that they may see: the SQL of domain.authority.may_see."""
    return or_(
        transfers.c.origin_team.in_(seen.teams),
        transfers.c.sent_to.in_(seen.teams),
        transfers.c.meeting_series.in_(seen.series),
    )


async def find_transfers(tx: Transaction, sought: Sought) -> list[FoundTransfer]:
    """At most `limit` transfers older than the key `before`."""
    query = page_query(sought)
    if query is None:
        return []
    found = await tx.connection.execute(query)
    return [FoundTransfer(**row) for row in found.mappings()]


async def count_transfers(tx: Transaction, sought: Sought) -> list[Counted]:
    """How many there are in all, whatever the page; what there is none of is left out."""
    query = counts_query(sought)
    if query is None:
        return []
    found = await tx.connection.execute(query)
    return [
        Counted(**{**row, "pathway": Pathway(row["pathway"]), "stage": Stage(row["stage"])})
        for row in found.mappings()
    ]


def page_query(sought: Sought) -> Query | None:
    """The page as one query: the first `limit` of each arm, then the first of all.

    None where nothing can be found.
    """
    pages = [_first(select(*COLUMNS).where(arm), sought) for arm in arms(sought)]
    if not pages:
        return None
    if len(pages) == 1:
        since = late_since(transfers.c.id, sought.now).label("late_since")
        return pages[0].add_columns(since)
    every = union(*(select(page.subquery()) for page in pages)).subquery()
    since = late_since(every.c.id, sought.now).label("late_since")
    newest = (every.c.opened_at.desc(), every.c.id.desc())
    return select(every, since).order_by(*newest).limit(sought.limit)


def counts_query(sought: Sought) -> Query | None:
    """The counts as one query: an arm may hold what another holds, and nothing counts twice."""
    columns = [transfers.c[name] for name in ("id", "pathway", "stage")]
    queries = [select(*columns).where(arm) for arm in arms(sought)]
    if not queries:
        return None
    every = (union(*queries) if len(queries) > 1 else queries[0]).subquery()
    late = case((every.c.id.in_(late_transfers(sought.authority, sought.now)), 1), else_=0)
    counts = (func.count().label("transfers"), func.sum(late).label("late"))
    by = (every.c.pathway, every.c.stage)
    return select(*by, *counts).group_by(*by)


def _first(query: Query, sought: Sought) -> Query:
    newest = (transfers.c.opened_at.desc(), transfers.c.id.desc())
    return query.order_by(*newest).limit(sought.limit)


async def ids_after(tx: Transaction, after: str, limit: int) -> list[str]:
    """The ids of the transfers past an id, in their order."""
    query = select(transfers.c.id).where(transfers.c.id > after)
    found = await tx.connection.execute(query.order_by(transfers.c.id).limit(limit))
    return list(found.scalars())
