"""The audit, the chain over it, and what stands for the people and records in it."""

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    literal_column,
)

from app.store.column_types import Instant, Json
from app.store.tables.base import Code, Serial, metadata

Digest = String(64)

audit_events = Table(
    "audit_events",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("authority", Code, nullable=False),
    Column("transfer", Code),
    Column("action", Code, nullable=False),
    Column("actor", Code, nullable=False),
    Column("at", Instant, nullable=False),
    Column("from_stage", String(30)),
    Column("to_stage", String(30)),
    Column("version", Integer),
    Column("codes", Json, nullable=False),
)
IS_NO_READ = audit_events.c.action != literal_column("'read'")
"""In these words, so that the history of a transfer finds the index without its reads."""
Index(
    "ix_audit_events_history",
    *(audit_events.c.transfer, audit_events.c.id),
    sqlite_where=IS_NO_READ,
    postgresql_where=IS_NO_READ,
)

audit_handles = Table(
    "audit_handles",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("subject", Code),
    Column("salt", LargeBinary),
    Column("digest", Digest, nullable=False),
    UniqueConstraint("subject", "kind"),
    UniqueConstraint("digest"),
)

audit_mentions = Table(
    "audit_mentions",
    metadata,
    Column("handle", BigInteger, primary_key=True),
    Column("event", BigInteger, primary_key=True),
    sqlite_with_rowid=False,
)

audit_chain = Table(
    "audit_chain",
    metadata,
    Column("authority", Code, primary_key=True),
    Column("sequence", BigInteger, primary_key=True),
    Column("event", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
    Column("hash", Digest, nullable=False),
    UniqueConstraint("event"),
    Index(None, "authority", "at", "event"),
)

audit_streams = Table(
    "audit_streams",
    metadata,
    Column("authority", Code, primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Column("hash", Digest, nullable=False),
    Column("checkpoint_sequence", BigInteger, nullable=False),
    Column("checkpoint_at", Instant, nullable=False),
    Column("checkpoint_failing_since", Instant),
)

audit_sweep = Table(
    "audit_sweep",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("reached", BigInteger, nullable=False),
    Column("marked", BigInteger, nullable=False),
    Column("marked_at", Instant, nullable=False),
    Column("swept", BigInteger, nullable=False),
)
