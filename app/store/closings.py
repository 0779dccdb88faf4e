"""How the origin closed its own record: one row a transfer, written once."""

from dataclasses import asdict

from sqlalchemy import RowMapping, insert, select

from app.domain.closing import Closing, Remaining, RemainingOutcome
from app.domain.transfer import Transfer
from app.store.engine import Transaction
from app.store.tables import closings


async def load_closing(tx: Transaction, transfer_id: str) -> Closing | None:
    """The closing of that transfer, or None."""
    columns = [column for column in closings.c if column is not closings.c.transfer]
    query = select(*columns).where(closings.c.transfer == transfer_id)
    row = (await tx.connection.execute(query)).mappings().one_or_none()
    return _closing(row) if row else None


async def keep_closing(tx: Transaction, before: Transfer | None, after: Transfer) -> None:
    """Write the closing where it is new."""
    known = before.closing if before else None
    if after.closing is None or after.closing == known:
        return
    row = asdict(after.closing)
    row |= {"transfer": after.id, "unchecked": list(after.closing.unchecked)}
    row["remaining"] = list(row["remaining"])
    await tx.connection.execute(insert(closings).values(row))


def _closing(row: RowMapping) -> Closing:
    left = tuple(
        Remaining(x["child_id"], RemainingOutcome(x["outcome"]), x["comment"])
        for x in row["remaining"]
    )
    return Closing(**{**row, "unchecked": tuple(row["unchecked"]), "remaining": left})
