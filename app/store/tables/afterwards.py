"""What follows the transfer: how the origin closed, the reviews, what families say."""

from sqlalchemy import Column, Date, ForeignKey, Integer, Table, Text

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
    Column("remaining", Json, nullable=False),
)

reviews = Table(
    "reviews",
    metadata,
    Column("transfer", Id, ForeignKey("transfers.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("review", Code, nullable=False),
    Column("outcome", Code),
    Column("findings", Text, nullable=False),
    Column("outcomes_achieved", Text),
    Column("held_at", Instant, nullable=False),
    Column("by", Code, nullable=False),
    Column("recorded_at", Instant, nullable=False),
)

feedback = Table(
    "feedback",
    metadata,
    Column("transfer", Id, ForeignKey("transfers.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("said_by", Code, nullable=False),
    Column("about", Code, nullable=False),
    Column("words", Text, nullable=False),
    Column("given_on", Date, nullable=False),
    Column("how", Code, nullable=False),
    Column("recorded_by", Code, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("child_id", Code),
)
