"""Tombstones in and out of their rows: what is left of transfers that were disposed of."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import insert, literal, select, tuple_

from app.domain.disposal import Tombstone
from app.domain.retention import RecordKind
from app.store.engine import Transaction
from app.store.tables import disposed_transfers


async def keep_tombstone(tx: Transaction, stone: Tombstone) -> None:
    """Leave it."""
    await tx.connection.execute(insert(disposed_transfers).values(asdict(stone)))


async def tombstones(
    tx: Transaction,
    since: datetime | None = None,
    after: Tombstone | None = None,
    limit: int = 100,
) -> list[Tombstone]:
    """Those of that time and later past `after`: by council, the first disposed of first."""
    of = disposed_transfers.c
    order = (of.authority, of.disposed_at, of.id)
    query = select(disposed_transfers).order_by(*order).limit(limit)
    if since is not None:
        query = query.where(of.disposed_at >= since)
    if after is not None:
        key = (after.authority, after.disposed_at, after.id)
        last = (literal(x, column.type) for x, column in zip(key, order, strict=True))
        query = query.where(tuple_(*order) > tuple_(*last))
    found = await tx.connection.execute(query)
    return [Tombstone(**{**row, "kind": RecordKind(row["kind"])}) for row in found.mappings()]
