"""Which clocks must be looked at now, and when each is looked at next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select

from app.domain.pathway import Pathway
from app.store.clocks import with_transfers
from app.store.engine import Transaction
from app.store.rows import change_rows
from app.store.tables import clocks, transfers


@dataclass(frozen=True, slots=True)
class DueClock:
    """A clock that someone must be told of, with what the telling needs of its transfer.

    `due_at` is None where the calendar does not know the day.
    """

    transfer: str
    code: str
    authority: str
    team: str
    started_at: datetime
    due_at: datetime | None
    protocol: str
    protocol_version: str
    pathway: Pathway
    origin_team: str
    sent_to: str | None


async def clocks_to_alert(tx: Transaction, now: datetime, limit: int) -> list[DueClock]:
    """Clocks whose time to be looked at has come, the first first, for this transaction alone.

    What another relay holds is passed over. The transfer is held with its clock, so that nobody
    who changes it waits for the clock while we wait for the transfer.
    """
    found = await tx.connection.execute(alerts_query(now, limit))
    return [DueClock(**{**row, "pathway": Pathway(row["pathway"])}) for row in found.mappings()]


def alerts_query(now: datetime, limit: int) -> Select[*tuple[object, ...]]:
    """What clocks_to_alert asks."""
    return (
        with_transfers(DueClock.__slots__)
        .where(clocks.c.alert_at.is_not(None), clocks.c.alert_at <= now)
        .order_by(clocks.c.alert_at)
        .limit(limit)
        .with_for_update(of=[clocks, transfers], key_share=True, skip_locked=True)
    )


async def look_again(tx: Transaction, when: Mapping[DueClock, datetime | None]) -> None:
    """When each of those clocks is looked at next; None: not until it changes."""
    rows = [
        {"transfer": clock.transfer, "code": clock.code, "alert_at": at}
        for clock, at in when.items()
    ]
    await change_rows(tx, clocks, rows)
