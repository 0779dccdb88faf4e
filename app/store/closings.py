"""How the origin closed its own record: one row a transfer, written once."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import select

from app.domain.closing import Closing, Remaining, RemainingOutcome
from app.domain.transfer import Transfer
from app.store.engine import Transaction
from app.store.rows import insert_rows, of_several
from app.store.statement import Row
from app.store.tables import closings

_OF_TRANSFERS = of_several(closings.c.transfer, select(closings))


async def load_closings(tx: Transaction, ids: Sequence[str]) -> dict[str, Closing]:
    """The closings of those transfers that have one."""
    found = await tx.rows(_OF_TRANSFERS, {"ids": ids})
    return {row.pop("transfer"): _closing(row) for row in found}


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
