"""Reading the audit back."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.store.engine import Transaction
from app.store.tables import IS_NO_READ, audit_events


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One event as it stands in the store."""

    id: int
    action: str
    actor: str
    at: datetime
    from_stage: str | None
    to_stage: str | None
    version: int | None
    codes: list[str]


async def history_of(tx: Transaction, transfer: str) -> list[AuditEvent]:
    """Everything that was done to a transfer, oldest first; who read it is not."""
    found = await tx.connection.execute(
        select(audit_events)
        .where(audit_events.c.transfer == transfer, IS_NO_READ)
        .order_by(audit_events.c.id)
    )
    return [
        AuditEvent(r.id, r.action, r.actor, r.at, r.from_stage, r.to_stage, r.version, r.codes)
        for r in found
    ]
