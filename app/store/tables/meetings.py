"""Meetings: what stands of them besides the decisions, which stand on the transfers."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from app.store.column_types import Instant, Json
from app.store.tables.base import Code, Id, Name, metadata

meetings = Table(
    "meetings",
    metadata,
    Column("id", Id, primary_key=True),
    Column("authority", Code, ForeignKey("authorities.code"), nullable=False),
    Column("protocol", Code, nullable=False),
    Column("protocol_version", Code, nullable=False),
    Column("series", Code, nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),
    Column("extraordinary", Boolean, nullable=False),
    Column("agenda_circulated_at", Instant),
    Column("agenda_circulated_by", Code),
    Column("called_off_at", Instant),
    Column("called_off_by", Code),
    Column("called_off_reason", Text),
    UniqueConstraint("authority", "series", "starts_at"),
    Index(None, "authority", "starts_at"),
)

meeting_cases = Table(
    "meeting_cases",
    metadata,
    Column("meeting", Id, ForeignKey("meetings.id"), primary_key=True),
    Column("transfer", Id, ForeignKey("transfers.id"), primary_key=True),
    Column("submitted_at", Instant, nullable=False),
    Column("submitted_by", Code, nullable=False),
    Column("late", Boolean, nullable=False),
    Column("left_at", Instant),
    Column("place", Integer),
    Column("themes", Json, nullable=False),
    Index(None, "transfer"),
)

meeting_actions = Table(
    "meeting_actions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("meeting", Id, ForeignKey("meetings.id"), nullable=False),
    Column("transfer", Id, ForeignKey("transfers.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("what", Text, nullable=False),
    Column("owner", Name, nullable=False),
    Column("due_on", Date),
    Column("done_at", Instant),
    Column("done_by", Code),
    Index(None, "meeting", "position"),
)

meeting_attendance = Table(
    "meeting_attendance",
    metadata,
    Column("meeting", Id, ForeignKey("meetings.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("name", Name, nullable=False),
    Column("represents", Name, nullable=False),
    Column("status", String(10), nullable=False),
    Column("role", Code),
    Column("deputises_for", Name),
    Column("feedback", Text),
)
