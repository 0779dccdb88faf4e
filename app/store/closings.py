"""How the origin closed its own record: one row a transfer, written once."""

from dataclasses import asdict

from sqlalchemy import bindparam, select

from app.domain.closing import Closing, Remaining, RemainingOutcome
from app.domain.transfer import Transfer
from app.store.engine import Transaction
from app.store.rows import insert_rows
from app.store.statement import Row, Statement
from app.store.tables import closings

_OF_TRANSFER = Statement(
    select(*(column for column in closings.c if column is not closings.c.transfer)).where(
        closings.c.transfer == bindparam("id")
    )
)


async def load_closing(tx: Transaction, transfer_id: str) -> Closing | None:
    """The closing of that transfer, or None."""
    row = await tx.row(_OF_TRANSFER, {"id": transfer_id})
    return _closing(row) if row else None


async def keep_closing(tx: Transaction, before: Transfer | None, after: Transfer) -> None:
    """Write the closing where it is new."""
    known = before.closing if before else None
    if after.closing is None or after.closing == known:
        return
    row = asdict(after.closing)
    row |= {"transfer": after.id, "unchecked": list(after.closing.unchecked)}
    row["remaining"] = list(row["remaining"])
    await insert_rows(tx, closings, [row])


def _closing(row: Row) -> Closing:
    left = tuple(
        Remaining(x["child_id"], RemainingOutcome(x["outcome"]), x["comment"])
        for x in row["remaining"]
    )
    return Closing(**{**row, "unchecked": tuple(row["unchecked"]), "remaining": left})
