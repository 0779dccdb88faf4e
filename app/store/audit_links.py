"""Reading chains back, link by link, for who checks them."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam, exists, func, select, union

from app.domain.audit_handles import Handle
from app.domain.audit_walk import Link, Salted
from app.store.audit_handles import known_handles
from app.store.audit_seal import recorded
from app.store.engine import Transaction
from app.store.statement import Statement
from app.store.tables import audit_chain, audit_events, audit_streams, audit_sweep

MOST = 1000
IDS_AT_ONCE = 50_000
_LINKS = Statement(
    select(
        audit_chain.c.sequence,
        audit_chain.c.event.label("event_id"),
        audit_chain.c.at.label("chain_at"),
        audit_chain.c.hash,
        audit_events,
    )
    .outerjoin(audit_events, audit_events.c.id == audit_chain.c.event)
    .where(
        audit_chain.c.authority == bindparam("stream"), audit_chain.c.sequence > bindparam("after")
    )
    .order_by(audit_chain.c.sequence)
    .limit(bindparam("most"))
)

_BARE = Statement(
    select(audit_chain.c.sequence, audit_chain.c.event.label("event_id"), audit_chain.c.hash)
    .where(
        audit_chain.c.authority == bindparam("stream"), audit_chain.c.sequence > bindparam("after")
    )
    .order_by(audit_chain.c.sequence)
    .limit(bindparam("most"))
)


async def links_after(tx: Transaction, stream: str, after: int, most: int = MOST) -> list[Link]:
    """The next links of the stream, `most` at most, in order; one alone near what is unreadable."""
    bounds = {"stream": stream, "after": after, "most": most}
    try:
        rows = await tx.rows(_LINKS, bounds)
    except (ValueError, TypeError, AttributeError):  # SQLite keeps any text as a time, or as codes
        if most > 1:
            return await links_after(tx, stream, after, 1)
        return [Link(**row, at=None, event=None) for row in await tx.rows(_BARE, bounds)]
    return [
        Link(
            row["sequence"],
            row["event_id"],
            row["chain_at"],
            row["hash"],
            recorded(row) if row["id"] is not None and row["authority"] == stream else None,
        )
        for row in rows
    ]


async def salts_of(tx: Transaction, named: Collection[Handle]) -> dict[Handle, Salted]:
    """The salts of those who have one."""
    known = await known_handles(tx, named)
    return {handle: Salted(one.salt, one.digest) for handle, one in known.items()}


async def known_streams(tx: Transaction) -> list[str]:
    """Every authority with a head, or with a link."""
    both = union(select(audit_streams.c.authority), select(audit_chain.c.authority).distinct())
    return sorted((await tx.connection.execute(both)).scalars())


async def link_before(tx: Transaction, stream: str, since: datetime) -> Link | None:
    """The last link of the stream whose event is from before that time; None: there is none."""
    query = select(func.max(audit_chain.c.sequence)).where(
        audit_chain.c.authority == stream, audit_chain.c.at < since
    )
    sequence = (await tx.connection.execute(query)).scalar_one()
    if sequence is None:
        return None
    return (await links_after(tx, stream, sequence - 1))[0]


async def never_sealed(tx: Transaction, stream: str, after: int) -> tuple[int | None, int | None]:
    """The first event of the authority, of the next 50,000 ids, that has had its time to become a
    link and is none; and the id to go on after, None at the end.
    """  # noqa: D205 - one sentence
    swept = (await tx.connection.execute(select(func.max(audit_sweep.c.swept)))).scalar_one() or 0
    until = min(after + IDS_AT_ONCE, swept)
    is_linked = exists().where(audit_chain.c.event == audit_events.c.id)
    query = select(func.min(audit_events.c.id)).where(
        audit_events.c.id > after,
        audit_events.c.id <= until,
        audit_events.c.authority == stream,
        ~is_linked,
    )
    found = (await tx.connection.execute(query)).scalar_one()
    return found, until if until < swept else None
