"""Whom the service knows: authorities, teams, people and what they are in which team."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, String, Table

from app.store.tables.base import Code, Name, Serial, metadata

authorities = Table(
    "authorities",
    metadata,
    Column("code", Code, primary_key=True),
    Column("name", Name, nullable=False),
    Column("protocol", Code, nullable=False),
)

teams = Table(
    "teams",
    metadata,
    Column("id", Code, primary_key=True),
    Column("authority", Code, ForeignKey("authorities.code"), nullable=False, index=True),
    Column("name", Name, nullable=False),
    Column("kind", Code, nullable=False),
    Column("service", Name, nullable=False),
    Column("locality", Name, nullable=False),
    Column("case_system", String(10), nullable=False),
    Column("tray", Code, nullable=False),
    Column("active", Boolean, nullable=False),
)

people = Table(
    "people",
    metadata,
    Column("id", Code, primary_key=True),
    Column("authority", Code, ForeignKey("authorities.code"), nullable=False),
    Column("name", Name, nullable=False),
    Column("subject", Name, nullable=False, unique=True),
)

memberships = Table(
    "memberships",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("person", Code, ForeignKey("people.id"), nullable=False, index=True),
    Column("role", Code, nullable=False),
    Column("team", Code, ForeignKey("teams.id"), index=True),
    Column("meeting", Code),
    Column("from_date", Date, nullable=False),
    Column("to_date", Date),
)
