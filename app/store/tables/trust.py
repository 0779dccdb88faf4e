"""Who acts for whom, from whom transfers are withheld, and who broke the glass."""

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, String, Table, Text

from app.store.column_types import Instant
from app.store.tables.base import Code, Id, Serial, metadata

delegations = Table(
    "delegations",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("authority", Code, ForeignKey("authorities.code"), nullable=False),
    Column("delegator", Code, ForeignKey("people.id"), nullable=False),
    Column("delegate", Code, ForeignKey("people.id"), nullable=False, index=True),
    Column("role", Code, nullable=False),
    Column("team", Code, ForeignKey("teams.id"), nullable=False),
    Column("from_date", Date, nullable=False),
    Column("to_date", Date, nullable=False),
    Column("made_by", Code, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("ended_by", Code),
    *(Index(None, whose, "id") for whose in ("team", "authority")),
)

restrictions = Table(
    "restrictions",
    metadata,
    Column("transfer", Id, ForeignKey("transfers.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("authority", Code, nullable=False),
    Column("kind", String(30), nullable=False),
    Column("person", Code),
    Column("reason", Code, nullable=False),
    Column("note", Text, nullable=False),
    Column("by", Code, nullable=False),
    Column("at", Instant, nullable=False),
    Column("lifted_at", Instant),
    Column("lifted_by", Code),
)
_stands = restrictions.c.lifted_at.is_(None)
Index(
    "ix_restrictions_standing",
    *(restrictions.c[name] for name in ("authority", "person", "kind", "transfer")),
    sqlite_where=_stands,
    postgresql_where=_stands,
)

openings = Table(
    "openings",
    metadata,
    Column("id", Id, primary_key=True),
    Column("authority", Code, nullable=False),
    Column("transfer", Id, ForeignKey("transfers.id"), nullable=False, index=True),
    Column("person", Code, ForeignKey("people.id"), nullable=False),
    Column("reason", Code, nullable=False),
    Column("note", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Index(None, "person", "until"),
)
