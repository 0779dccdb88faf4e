"""The clocks as they stand, wound anew with every change."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Table

from app.store.column_types import Instant
from app.store.tables.base import Code, Id, metadata

clocks = Table(
    "clocks",
    metadata,
    Column("transfer", Id, ForeignKey("transfers.id"), primary_key=True),
    Column("code", Code, primary_key=True),
    Column("authority", Code, nullable=False),
    Column("team", Code, ForeignKey("teams.id"), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("nearly_late_at", Instant),
    Column("due_at", Instant),
    Column("met_at", Instant),
    Column("stopped_at", Instant),
    Column("paused_at", Instant),
    Column("alert_at", Instant),
    Column("open", Boolean, nullable=False),
)
for _whose in (clocks.c.team, clocks.c.authority):
    Index(
        f"ix_clocks_open_by_{_whose.name}",
        _whose,
        clocks.c.due_at,
        clocks.c.transfer,
        clocks.c.code,
        sqlite_where=clocks.c.open.is_(True),
        postgresql_where=clocks.c.open.is_(True),
    )
Index(
    "ix_clocks_alert_at",
    clocks.c.alert_at,
    sqlite_where=clocks.c.alert_at.is_not(None),
    postgresql_where=clocks.c.alert_at.is_not(None),
)
