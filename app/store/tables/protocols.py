"""Every version of a protocol that was ever in use, with its text."""

from sqlalchemy import Column, String, Table, Text

from app.store.column_types import Instant
from app.store.tables.base import Code, metadata

protocol_versions = Table(
    "protocol_versions",
    metadata,
    Column("code", Code, primary_key=True),
    Column("version", Code, primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("kept_at", Instant, nullable=False),
)
