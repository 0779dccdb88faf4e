"""What comes after the hand-over: how the origin closed its own record."""

from sqlalchemy import Column, Date, ForeignKey, Table, Text

from app.store.column_types import Instant, Json
from app.store.tables.base import Code, Id, metadata

closings = Table(
    "closings",
    metadata,
    Column("transfer", Id, ForeignKey("transfers.id"), primary_key=True),
    Column("closed_on", Date, nullable=False),
    Column("reason", Code, nullable=False),
    Column("proposed", Code),
    Column("comment", Text),
    Column("by", Code, nullable=False),
    Column("at", Instant, nullable=False),
    Column("unchecked", Json, nullable=False),
)
