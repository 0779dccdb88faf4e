"""What a person must look at."""

from sqlalchemy import Column, ForeignKey, Index, String, Table, UniqueConstraint

from app.store.column_types import Instant
from app.store.tables.base import Code, Id, Serial, metadata

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
    Column("raised_at", Instant, nullable=False, index=True),
    UniqueConstraint("key"),
    *(Index(None, whose, "id") for whose in ("team", "authority")),
)
