"""Who subscribes to which events."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table

from app.store.column_types import Instant
from app.store.tables.base import Code, Id, Name, metadata

Sealed = String(1000)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("authority", Code, ForeignKey("authorities.code"), nullable=False),
    Column("name", Name, nullable=False),
    Column("url", String(2000), nullable=False),
    Column("secret", Sealed, nullable=False),
    Column("previous_secret", Sealed),
    Column("previous_until", Instant),
    Column("state", String(20), nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_by", Code, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Index(None, "authority", "id"),
)

subscription_events = Table(
    "subscription_events",
    metadata,
    Column("subscription", Id, ForeignKey("subscriptions.id"), primary_key=True),
    Column("event", Code, primary_key=True),
)
