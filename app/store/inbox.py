"""The inbox: every callback that a case system signed, once, with the answer it got."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from app.domain.duty_task import CaseSystem
from app.store.engine import Transaction
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


async def keep_entry(tx: Transaction, entry: InboxEntry) -> None:
    """Keep a callback with its answer."""
    await tx.connection.execute(
        insert(inbox).values(
            system=entry.system.value,
            message_id=entry.message_id,
            digest=entry.digest,
            transfer=entry.transfer,
            kind=entry.kind,
            received_at=entry.received_at,
            status=entry.status,
            answer=entry.answer,
        )
    )
