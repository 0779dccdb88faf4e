"""The clocks as they stand, wound anew with every change.

`team` is whose a clock is, `other_team` the one at the other side once something is sent, `series`
the meetings that the transfer is booked into: whoever sees the transfer is of one of these.
A review has a row also while it waits, and after it: its indexes find those that are open apart.
"""

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
    Column("other_team", Code),
    Column("series", Code),
    Column("review", Boolean, nullable=False),
    Column("started_at", Instant),
    Column("nearly_late_at", Instant),
    Column("due_at", Instant),
    Column("met_at", Instant),
    Column("stopped_at", Instant),
    Column("paused_at", Instant),
    Column("alert_at", Instant),
    Column("open", Boolean, nullable=False),
)
_c = clocks.c
_AUTHORITY, _SERIES = (_c.authority,), (_c.authority, _c.series)
for _kind, _which, _everybodys, _apart in (
    ("open", _c.open, ((_c.team,), _SERIES, _AUTHORITY), ()),
    ("reviews", _c.review, ((_c.team,), (_c.other_team,), _SERIES, _AUTHORITY), (_c.open,)),
):
    for _whose in _everybodys:
        Index(
            f"ix_clocks_{_kind}_by_{_whose[-1].name}",
            *_whose,
            *_apart,
            *(_c.due_at, _c.transfer, _c.code, _c.paused_at),
            sqlite_where=_which.is_(True),
            postgresql_where=_which.is_(True),
        )
Index(
    "ix_clocks_alert_at",
    clocks.c.alert_at,
    sqlite_where=clocks.c.alert_at.is_not(None),
    postgresql_where=clocks.c.alert_at.is_not(None),
)
