"""What became of transfers: the rows that tell it, for a page of transfers at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from app.domain.became import TOLD, Mark
from app.store.engine import Transaction
from app.store.tables import milestones, transfer_children


@dataclass(frozen=True, slots=True)
class SentChild:
    """A child of a transfer, what became of them, and the record that was created, if any."""

    child_id: str
    record_id: str | None
    record_created_at: datetime | None
    record_dated_now: date | None
    record_allocated_to: str | None
    outcome: str | None
    outcome_reason: str | None
    outcome_at: datetime | None


async def children_of(tx: Transaction, ids: Sequence[str]) -> dict[str, list[SentChild]]:
    """The children of each of these transfers, in their order."""
    child = transfer_children.c
    query = (
        select(child.transfer, *(child[name] for name in SentChild.__slots__))
        .where(child.transfer.in_(ids))
        .order_by(child.transfer, child.position)
    )
    found: dict[str, list[SentChild]] = {id_: [] for id_ in ids}
    for transfer, *columns in await tx.connection.execute(query):
        found[transfer].append(SentChild(*columns))
    return found


async def marks_of(tx: Transaction, ids: Sequence[str]) -> dict[str, list[Mark]]:
    """The milestones of the process of each of these transfers, in their order."""
    mark = milestones.c
    query = (
        select(mark.transfer, mark.name, mark.at, mark.person, mark.reason)
        .where(mark.transfer.in_(ids), mark.name.in_(sorted(TOLD)))
        .order_by(mark.transfer, mark.position)
    )
    found: dict[str, list[Mark]] = {id_: [] for id_ in ids}
    for transfer, *columns in await tx.connection.execute(query):
        found[transfer].append(Mark(*columns))
    return found
