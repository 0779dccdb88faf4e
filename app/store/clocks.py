"""The clocks of transfers as they stand, so that lateness is found without reading histories."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, select

from app.domain.breach import Severity
from app.domain.clocks import Clock, team_of
from app.domain.pathway import Stage
from app.domain.transfer import Transfer
from app.store.engine import Transaction
from app.store.rows import change_rows, insert_rows, of_several
from app.store.statement import Row
from app.store.tables import clocks as table
from app.store.tables import transfers

_OF_TRANSFERS = of_several(table.c.transfer, select(table))


async def wind_clocks(
    tx: Transaction, transfer: Transfer, clocks: Iterable[Clock], now: datetime, *, new: bool
) -> None:
    """Make the rows of a transfer's clocks those of `clocks`; rows that are right stay untouched.

    A clock that waits has no row, unless it brings a review of a transfer that goes on. What was
    alerted is alerted again only where the clock, or whose it is, changed. `new`: the transfer was
    put into the store a moment ago.
    """
    await wind_all_clocks(tx, [(transfer, clocks)], now, new=new)


async def wind_all_clocks(
    tx: Transaction,
    wound: Sequence[tuple[Transfer, Iterable[Clock]]],
    now: datetime,
    *,
    new: bool = False,
) -> None:
    """The same for the clocks of many transfers, in one statement of each kind."""
    wanted = {
        (transfer.id, clock.kind.code): _row(transfer, clock, now)
        for transfer, clocks in wound
        for clock in clocks
        if _is_kept(clock, transfer)
    }
    known = {} if new else await _rows(tx, [transfer.id for transfer, _ in wound])
    for transfer, code in known.keys() - wanted.keys():
        await tx.connection.execute(
            delete(table).where(table.c.transfer == transfer, table.c.code == code)
        )
    await insert_rows(tx, table, [row for key, row in wanted.items() if key not in known])
    both = [(row, known[key]) for key, row in wanted.items() if key in known]
    await change_rows(tx, table, [row for row, old in both if not _same(row, old)])


def with_transfers(names: Iterable[str]) -> Select[*tuple[Any, ...]]:
    """These columns of clocks and their transfers; what both have is the clock's."""
    columns = {column.name: column for column in (*transfers.c, *table.c)}
    joined = transfers.c.id == table.c.transfer
    return select(*(columns[name] for name in names)).join_from(table, transfers, joined)


async def _rows(tx: Transaction, ids: Sequence[str]) -> dict[tuple[str, str], Row]:
    found = await tx.rows(_OF_TRANSFERS, {"ids": ids})
    return {(row["transfer"], row["code"]): row for row in found}


def _is_kept(clock: Clock, transfer: Transfer) -> bool:
    awaited = clock.kind.review and transfer.stage is not Stage.CANCELLED
    return clock.started_at is not None or awaited


def _same(wanted: dict[str, Any], known: dict[str, Any]) -> bool:
    return all(known[name] == value for name, value in wanted.items() if name != "alert_at")


def _row(transfer: Transfer, clock: Clock, now: datetime) -> dict[str, Any]:
    alerts = clock.going and clock.kind.severity is Severity.MUST
    team = team_of(clock.kind.falls_to, transfer)
    others = {transfer.origin_team, transfer.sent_to or team} - {team}
    return {
        "transfer": transfer.id,
        "code": clock.kind.code,
        "authority": transfer.authority,
        "team": team,
        "other_team": next(iter(others), None),
        "series": transfer.meeting.series if transfer.meeting else None,
        "review": clock.kind.review,
        "started_at": clock.started_at,
        "nearly_late_at": clock.nearly_late_at,
        "due_at": clock.due_at,
        "met_at": clock.met_at,
        "stopped_at": clock.stopped_at,
        "paused_at": clock.paused_at,
        "alert_at": (clock.nearly_late_at or now) if alerts else None,
        "open": clock.started_at is not None and not (clock.met_at or clock.stopped_at),
    }
