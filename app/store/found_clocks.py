"""Finding clocks in pages, the first due first: what is late in a team, which reviews are due."""

from sqlalchemy import Select, select, union

from app.domain.pathway import Pathway, Stage
from app.store.clock_terms import Term, arms
from app.store.clocks import with_transfers
from app.store.engine import Transaction
from app.store.search import seen_by
from app.store.sought_clocks import FoundClock, SoughtClocks
from app.store.tables import clocks, transfers

Query = Select[*tuple[object, ...]]


async def find_clocks(tx: Transaction, sought: SoughtClocks) -> list[FoundClock]:
    """At most `limit` clocks after the key `after`, by when they are due."""
    query = clocks_query(sought)
    if query is None:
        return []
    found = await tx.connection.execute(query)
    return [
        FoundClock(**{**row, "pathway": Pathway(row["pathway"]), "stage": Stage(row["stage"])})
        for row in found.mappings()
    ]


def clocks_query(sought: SoughtClocks) -> Query | None:
    """The page as one query: the first `limit` of each arm, then the first of all.

    None where nothing can be found.
    """
    pages = [_page(sought, arm) for arm in arms(sought)]
    if len(pages) < 2:  # noqa: PLR2004 - nothing to unite
        return pages[0] if pages else None
    every = union(*(select(page.subquery()) for page in pages)).subquery()
    order = (every.c.due_at, every.c.transfer, every.c.code)
    return select(every).order_by(*order).limit(sought.limit)


def _page(sought: SoughtClocks, arm: Term) -> Query:
    # Whose a transfer is, is asked of each clock by itself: PostgreSQL takes a council and its team
    # for two chances, and would read all of a team's to find the few that it expects.
    theirs = seen_by(sought.visible_to, sought.authority)
    ours = select(theirs).where(transfers.c.id == clocks.c.transfer)
    seen = ours.correlate(clocks).scalar_subquery()
    query = with_transfers(FoundClock.__slots__).where(arm, seen)
    order = (clocks.c.due_at, clocks.c.transfer, clocks.c.code)
    return query.order_by(*order).limit(sought.limit)
