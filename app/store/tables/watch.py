"""What was done, and what a person must look at."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, UniqueConstraint

from app.store.column_types import Instant, Json
from app.store.tables.base import Code, Id, Serial, metadata

audit_events = Table(
    "audit_events",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("authority", Code, nullable=False),
    Column("transfer", Id, ForeignKey("transfers.id"), index=True),
    Column("action", Code, nullable=False),
    Column("actor", Code, nullable=False),
    Column("at", Instant, nullable=False),
    Column("from_stage", String(30)),
    Column("to_stage", String(30)),
    Column("version", Integer),
    Column("codes", Json, nullable=False),
)

alerts = Table(
    "alerts",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("key", String(400), nullable=False),
    Column("authority", Code, nullable=False),
    Column("transfer", Id, ForeignKey("transfers.id"), index=True),
    Column("team", Code, nullable=False),
    Column("kind", Code, nullable=False),
    Column("says", String(500), nullable=False),
    Column("raised_at", Instant, nullable=False),
    UniqueConstraint("key"),
    *(Index(None, whose, "id") for whose in ("team", "authority")),
)
