"""Finding transfers: keyset pages, newest first."""

from sqlalchemy import Select, and_, or_, select, union
from sqlalchemy.sql.elements import ColumnElement

from app.domain.authority import VisibleTo
from app.store.engine import Transaction
from app.store.lateness import late_since
from app.store.search_terms import arms
from app.store.sought import FoundTransfer, Sought
from app.store.tables import transfers
from app.store.withheld import open_to

COLUMNS = [transfers.c[name] for name in FoundTransfer.__slots__ if name != "late_since"]
Query = Select[*tuple[object, ...]]


def seen_by(seen: VisibleTo, authority: str) -> ColumnElement[bool]:
    """Transfers of the authority that they may see: the SQL of domain.authority.may_see."""
    whose = or_(
        transfers.c.origin_team.in_(seen.teams),
        transfers.c.sent_to.in_(seen.teams),
        transfers.c.meeting_series.in_(seen.series),
    )
    asked = [] if seen.every else [whose]
    if seen.reader is not None:
        asked.append(open_to(transfers.c.id, authority, seen.reader))
    return and_(transfers.c.authority == authority, *asked)


async def find_transfers(tx: Transaction, sought: Sought) -> list[FoundTransfer]:
    """At most `limit` transfers older than the key `before`."""
    query = page_query(sought)
    if query is None:
        return []
    found = await tx.connection.execute(query)
    return [FoundTransfer(**row) for row in found.mappings()]


def page_query(sought: Sought) -> Query | None:
    """The page as one query: the first `limit` of each arm, then the first of all.

    None where nothing can be found.
    """
    pages = [first(select(*COLUMNS).where(arm.term), sought.limit) for arm in arms(sought)]
    if not pages:
        return None
    united = union(*(select(page.subquery()) for page in pages)) if len(pages) > 1 else pages[0]
    every = united.subquery()
    since = late_since(every.c.id, sought.now).label("late_since")
    newest = (every.c.opened_at.desc(), every.c.id.desc())
    return select(every, since).order_by(*newest).limit(sought.limit)


def first(query: Query, limit: int) -> Query:
    """The newest of what a query of transfers finds."""
    return query.order_by(transfers.c.opened_at.desc(), transfers.c.id.desc()).limit(limit)


async def ids_after(tx: Transaction, after: str, limit: int) -> list[str]:
    """The ids of the transfers past an id, in their order."""
    query = select(transfers.c.id).where(transfers.c.id > after)
    found = await tx.connection.execute(query.order_by(transfers.c.id).limit(limit))
    return list(found.scalars())
