"""Finding open clocks: what is late in a team, in pages, the first due first."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Select, and_, literal, select, tuple_, union_all
from sqlalchemy.sql.elements import ColumnElement

from app.domain.authority import VisibleTo
from app.domain.pathway import Pathway, Stage
from app.store.clocks import with_transfers
from app.store.engine import Transaction
from app.store.lateness import is_late
from app.store.search import seen_by
from app.store.tables import clocks, transfers

Key = tuple[datetime | None, str, str]
"""Where a clock stands in a list: when it is due, its transfer, and its code."""


class ClockFilter(StrEnum):
    """Which clocks are sought. `open` is all of these but `unknown`, which have no due time."""

    LATE = "late"
    NEARLY_LATE = "nearly_late"
    RUNNING = "running"
    PAUSED = "paused"
    UNKNOWN = "unknown"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class SoughtClocks:
    """What to look for. `teams`: whose clocks they are (None: of the whole authority).

    `visible_to`: only of transfers that they may see. `after`: the key of the last one seen.
    """

    authority: str
    teams: frozenset[str] | None
    state: ClockFilter
    now: datetime
    visible_to: VisibleTo | None = None
    after: Key | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class FoundClock:
    """One open clock. `due_at` is None where the calendar does not know the day."""

    transfer: str
    protocol: str
    protocol_version: str
    pathway: Pathway
    stage: Stage
    code: str
    team: str
    started_at: datetime
    nearly_late_at: datetime | None
    due_at: datetime | None
    paused_at: datetime | None

    @property
    def key(self) -> Key:
        """Where it stands in the list."""
        return self.due_at, self.transfer, self.code


async def find_clocks(tx: Transaction, sought: SoughtClocks) -> list[FoundClock]:
    """At most `limit` clocks after the key `after`, by when they are due."""
    if sought.teams is not None and not sought.teams:
        return []
    found = await tx.connection.execute(clocks_query(sought))
    return [
        FoundClock(**{**row, "pathway": Pathway(row["pathway"]), "stage": Stage(row["stage"])})
        for row in found.mappings()
    ]


def clocks_query(sought: SoughtClocks) -> Select[*tuple[object, ...]]:
    """The page as one query: each team's first `limit` from its index, then the first of all."""
    if sought.teams is None:
        return _page(sought, clocks.c.authority == sought.authority)
    pages = [_page(sought, clocks.c.team == team) for team in sorted(sought.teams)]
    if len(pages) == 1:
        return pages[0]
    every = union_all(*(select(page.subquery()) for page in pages)).subquery()
    order = (every.c.due_at, every.c.transfer, every.c.code)
    return select(every).order_by(*order).limit(sought.limit)


def _page(sought: SoughtClocks, whose: ColumnElement[bool]) -> Select[*tuple[object, ...]]:
    query = (
        with_transfers(FoundClock.__slots__)
        .where(clocks.c.open.is_(True), whose, _stands(sought), _later(sought.after))
        .where(transfers.c.authority == sought.authority)
    )
    if sought.visible_to is not None:
        query = query.where(seen_by(sought.visible_to))
    order = (clocks.c.due_at, clocks.c.transfer, clocks.c.code)
    return query.order_by(*order).limit(sought.limit)


def _stands(sought: SoughtClocks) -> ColumnElement[bool]:
    c, now = clocks.c, sought.now
    going = c.paused_at.is_(None)
    match sought.state:
        case ClockFilter.LATE:
            return is_late(now)
        case ClockFilter.NEARLY_LATE:
            return and_(c.due_at >= now, c.nearly_late_at <= now, going)
        case ClockFilter.RUNNING:
            return and_(c.due_at >= now, c.nearly_late_at > now, going)
        case ClockFilter.PAUSED:
            return and_(c.due_at.is_not(None), c.paused_at.is_not(None))
        case ClockFilter.UNKNOWN:
            return c.due_at.is_(None)
        case ClockFilter.OPEN:
            return c.due_at.is_not(None)


def _later(key: Key | None) -> ColumnElement[bool]:
    if key is None:
        return literal(value=True)
    due_at, transfer, code = key
    rest = tuple_(clocks.c.transfer, clocks.c.code), tuple_(literal(transfer), literal(code))
    if due_at is None:
        return rest[0] > rest[1]
    due = literal(due_at, clocks.c.due_at.type)
    return tuple_(clocks.c.due_at, *rest[0].clauses) > tuple_(due, *rest[1].clauses)
