"""How far the audit is sealed, and what of it is under a signed checkpoint."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, literal, select, update

from app.store.engine import Transaction
from app.store.statement import Statement
from app.store.tables import audit_events, audit_streams, audit_sweep

COUNTED = 10_000
_REACHED = select(func.max(audit_sweep.c.reached)).scalar_subquery()
_BEYOND = (
    select(audit_events.c.at)
    .where(audit_events.c.id > func.coalesce(_REACHED, 0))
    .order_by(audit_events.c.id)
    .limit(literal(COUNTED))
    .subquery()
)
_UNSEALED = Statement(select(func.count().label("events"), func.min(_BEYOND.c.at).label("since")))
_STREAMS = Statement(select(audit_streams).order_by(audit_streams.c.authority))
_WRITTEN = Statement(
    update(audit_streams).where(
        audit_streams.c.authority == bindparam("stream"),
        audit_streams.c.checkpoint_sequence < bindparam("up_to"),
    ),
    ("checkpoint_sequence", "checkpoint_at", "checkpoint_failing_since"),
)
_FAILING = Statement(
    update(audit_streams).where(
        audit_streams.c.authority == bindparam("stream"),
        audit_streams.c.checkpoint_failing_since.is_(None),
    ),
    ("checkpoint_failing_since",),
)


@dataclass(frozen=True, slots=True)
class Unsealed:
    """How many events no link holds yet, 10,000 at most, and since when."""

    events: int
    since: datetime | None


@dataclass(frozen=True, slots=True)
class StreamHead:
    """The last link of an authority's chain, and how its checkpoints stand."""

    authority: str
    sequence: int
    hash: str
    checkpoint_sequence: int
    checkpoint_at: datetime
    checkpoint_failing_since: datetime | None


async def unsealed(tx: Transaction) -> Unsealed:
    """What waits to be sealed."""
    found = await tx.row(_UNSEALED, {}) or {"events": 0, "since": None}
    return Unsealed(**found)


async def stream_heads(tx: Transaction) -> list[StreamHead]:
    """The head of every stream."""
    return [StreamHead(**row) for row in await tx.rows(_STREAMS, {})]


async def mark_written(tx: Transaction, authority: str, sequence: int, now: datetime) -> None:
    """Keep that a checkpoint over the stream's first so many links is written."""
    values = {"checkpoint_sequence": sequence, "checkpoint_at": now}
    where = {"stream": authority, "up_to": sequence}
    await tx.change(_WRITTEN, values | {"checkpoint_failing_since": None} | where)


async def mark_failing(tx: Transaction, authority: str, now: datetime) -> bool:
    """Keep that a checkpoint could not be written; whether that is new."""
    values = {"checkpoint_failing_since": now, "stream": authority}
    return await tx.change(_FAILING, values) > 0
