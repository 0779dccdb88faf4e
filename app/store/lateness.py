"""When a clock is late, in SQL: what lists of clocks and lists of transfers both go by."""

from datetime import datetime

from sqlalchemy import ScalarSelect, and_, func, select
from sqlalchemy.sql.elements import ColumnElement

from app.store.tables import clocks


def is_late(now: datetime) -> ColumnElement[bool]:
    """An open clock that is past due; a paused one is not."""
    c = clocks.c
    return and_(c.open.is_(True), c.due_at < now, c.paused_at.is_(None))


def late_transfers(authority: str, now: datetime) -> ScalarSelect[str]:
    """The ids of the authority's transfers that have a late clock, some more than once."""
    late = select(clocks.c.transfer).where(clocks.c.authority == authority, is_late(now))
    return late.scalar_subquery()


def late_since(transfer: ColumnElement[str], now: datetime) -> ScalarSelect[datetime]:
    """When the first of a transfer's late clocks was due; null where none is late."""
    first = select(func.min(clocks.c.due_at)).where(clocks.c.transfer == transfer, is_late(now))
    return first.scalar_subquery()
