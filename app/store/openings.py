"""Who broke the glass to read what, in and out of their rows."""

from dataclasses import asdict

from sqlalchemy import insert, select

from app.domain.break_glass import BreakGlassReason, Opening
from app.store.engine import Transaction
from app.store.tables import openings


async def insert_opening(tx: Transaction, opening: Opening, authority: str) -> None:
    """A new opening."""
    row = asdict(opening) | {"authority": authority, "reason": opening.reason.value}
    await tx.connection.execute(insert(openings).values(row))


async def openings_of(tx: Transaction, transfer: str) -> list[Opening]:
    """Every opening of a transfer, the oldest first."""
    columns = (openings.c[name] for name in Opening.__slots__)
    query = select(*columns).where(openings.c.transfer == transfer)
    found = await tx.connection.execute(query.order_by(openings.c.at, openings.c.id))
    return [
        Opening(**{**row, "reason": BreakGlassReason(row["reason"])}) for row in found.mappings()
    ]
