"""Disposing of a transfer: taking all of it away but its tombstone and its audit."""

from collections.abc import Collection

from sqlalchemy import delete, select

from app.domain.disposal import DISPOSED, Tombstone
from app.domain.transfer import Transfer
from app.store.engine import Transaction
from app.store.forget_child import forget_child, is_in_transfer
from app.store.subject_access import forget_requests
from app.store.tables import meeting_attendance, meeting_cases, meetings, metadata, transfers
from app.store.tombstones import keep_tombstone

TRANSFER = "transfer"
OUTLIVES = frozenset({"audit_events"})
"""Tables that speak of a transfer and stay: the audit, which tells that it was disposed of."""


async def dispose_of(tx: Transaction, transfer: Transfer, stone: Tombstone) -> None:
    """Leave the tombstone, and nothing else of the transfer but its audit.

    Every table that speaks of a transfer is emptied of it, whichever there are; so is a meeting
    that has no other case. A child who is in no other transfer is forgotten everywhere.
    """
    await keep_tombstone(tx, stone)
    held = select(meeting_cases.c.meeting).where(meeting_cases.c.transfer == transfer.id)
    met = list((await tx.connection.execute(held)).scalars())
    for table in reversed(metadata.sorted_tables):
        if TRANSFER in table.c and table.name not in OUTLIVES:
            await tx.connection.execute(delete(table).where(table.c[TRANSFER] == transfer.id))
    await tx.connection.execute(delete(transfers).where(transfers.c.id == transfer.id))
    await _forget_meetings(tx, met)
    for child in transfer.children:
        if not await is_in_transfer(tx, transfer.authority, child.child_id):
            await forget_requests(tx, transfer.authority, child.child_id)
            why = (DISPOSED, f"transfer:{transfer.id}")
            await forget_child(tx, transfer.authority, child.child_id, stone.disposed_at, why)


async def _forget_meetings(tx: Transaction, ids: Collection[str]) -> None:
    """Of a meeting without a case nobody needs to know who sat in it, or what they said."""
    other = select(meeting_cases.c.meeting).where(meeting_cases.c.meeting.in_(ids))
    kept = set((await tx.connection.execute(other)).scalars())
    over = sorted(set(ids) - kept)
    await tx.connection.execute(
        delete(meeting_attendance).where(meeting_attendance.c.meeting.in_(over))
    )
    await tx.connection.execute(delete(meetings).where(meetings.c.id.in_(over)))
