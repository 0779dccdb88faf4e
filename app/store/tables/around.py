"""What gathers around a transfer, each in the order in which it came."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Integer, String, Table, Text

from app.store.column_types import Instant
from app.store.tables.base import Code, Id, Name, metadata

milestones = Table(
    "milestones",
    metadata,
    Column("transfer", Id, ForeignKey("transfers.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("name", Code, nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", Code, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("inferred", Boolean, nullable=False),
    Column("person", Name),
    Column("team", Code),
    Column("reason", Code),
    Column("note", Text),
    Column("outcome", Code),
    Column("until", Instant),
)

consents = Table(
    "consents",
    metadata,
    Column("transfer", Id, ForeignKey("transfers.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("id", Code, nullable=False),
    Column("scope", Code, nullable=False),
    Column("given_by", Name, nullable=False),
    Column("given_on", Date, nullable=False),
    Column("how", String(10), nullable=False),
    Column("informed", Boolean, nullable=False),
    Column("explicit", Boolean, nullable=False),
    Column("recorded_by", Code, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("expires_on", Date),
    Column("withdrawn_at", Instant),
    Column("withdrawn_by", Code),
    Column("withdrawn_comment", Text),
    Column("decision", String(10)),
    Column("decided_at", Instant),
    Column("decided_by", Code),
    Column("decided_comment", Text),
)

sharing_bases = Table(
    "sharing_bases",
    metadata,
    Column("transfer", Id, ForeignKey("transfers.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("id", Code, nullable=False),
    Column("scope", Code, nullable=False),
    Column("basis", Code, nullable=False),
    Column("says", Text, nullable=False),
    Column("recorded_by", Code, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("ends_on", Date),
)

team_members = Table(
    "team_members",
    metadata,
    Column("transfer", Id, ForeignKey("transfers.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("id", Code, nullable=False),
    Column("name", Name, nullable=False),
    Column("agency", Name, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("stepped_in_at", Instant, nullable=False),
    Column("stepped_out_at", Instant),
)

clock_pauses = Table(
    "clock_pauses",
    metadata,
    Column("transfer", Id, ForeignKey("transfers.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("clock", Code, nullable=False),
    Column("begun_at", Instant, nullable=False),
    Column("by", Code, nullable=False),
    Column("reason", Code, nullable=False),
    Column("comment", Text, nullable=False),
    Column("ended_at", Instant),
    Column("ended_by", Code),
    Column("ended_reason", Code),
    Column("ended_comment", Text),
)
