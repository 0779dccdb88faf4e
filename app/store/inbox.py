"""The inbox: every callback that a case system signed, once, with the answer it got."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from app.domain.duty_task import CaseSystem
from app.store.engine import Transaction
from app.store.rows import insert_once
from app.store.tables import inbox


@dataclass(frozen=True, slots=True)
class InboxEntry:
    """A callback as received. `digest` is the SHA-256 of its body, `answer` what we said."""

    system: CaseSystem
    message_id: str
    digest: str
    transfer: str | None
    kind: str
    received_at: datetime
    status: int
    answer: dict[str, Any]


async def find_entry(tx: Transaction, system: CaseSystem, message_id: str) -> InboxEntry | None:
    """The callback of that id from that system, or None."""
    found = await tx.connection.execute(
        select(inbox).where(inbox.c.system == system.value, inbox.c.message_id == message_id)
    )
    row = found.mappings().one_or_none()
    return InboxEntry(**{**row, "system": CaseSystem(row["system"])}) if row else None


async def claim_entry(tx: Transaction, entry: InboxEntry) -> InboxEntry | None:
    """Keep a callback (None), or give what is kept under its id.

    A twin that is being answered at this moment is waited for.
    """
    claimed = await tx.connection.execute(
        insert_once(tx, inbox)
        .values(
            system=entry.system.value,
            message_id=entry.message_id,
            digest=entry.digest,
            transfer=entry.transfer,
            kind=entry.kind,
            received_at=entry.received_at,
            status=entry.status,
            answer=entry.answer,
        )
        .on_conflict_do_nothing()
        .returning(inbox.c.message_id)
    )
    if claimed.first() is not None:
        return None
    # A write, so that this answer waits for the disk and the standby as the first one had to.
    again = update(inbox).where(
        inbox.c.system == entry.system.value, inbox.c.message_id == entry.message_id
    )
    await tx.connection.execute(again.values(message_id=entry.message_id))
    return await find_entry(tx, entry.system, entry.message_id)


async def keep_answer(tx: Transaction, entry: InboxEntry) -> None:
    """Keep what a claimed callback was answered, and of which transfer it spoke."""
    await tx.connection.execute(
        update(inbox)
        .where(inbox.c.system == entry.system.value, inbox.c.message_id == entry.message_id)
        .values(transfer=entry.transfer, status=entry.status, answer=entry.answer)
    )
