"""Disagreements on a transfer, each in the order in which it was raised."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from app.store.column_types import Instant, Json
from app.store.tables.base import Code, Id, metadata

disagreements = Table(
    "disagreements",
    metadata,
    Column("transfer", Id, ForeignKey("transfers.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("authority", Code, nullable=False),
    Column("id", String(36), nullable=False),
    Column("kinds", Json, nullable=False),
    Column("about", Text, nullable=False),
    Column("raised_by", Code, nullable=False),
    Column("raised_at", Instant, nullable=False),
    Column("steps", Json, nullable=False),
    Column("outcome", Code),
    Column("rationale", Text),
    Column("resolved_by", Code),
    Column("resolved_at", Instant),
)

Index(
    "ix_disagreements_open",
    disagreements.c.authority,
    disagreements.c.transfer,
    sqlite_where=disagreements.c.resolved_at.is_(None),
    postgresql_where=disagreements.c.resolved_at.is_(None),
)
