"""Rewind: compute clocks anew, as after a change of the calendar of bank holidays."""

from datetime import datetime

from app.domain.decision import Situation
from app.store.clocks import wind_clocks
from app.store.directory import load_teams
from app.store.engine import Transaction
from app.store.search import ids_after
from app.store.transfers import load_transfer
from app.usecases.call import Rulebook
from app.usecases.protocol_of import protocol_of

MOST_AT_ONCE = 100


async def rewind_clocks(
    tx: Transaction, book: Rulebook, now: datetime, after: str = ""
) -> str | None:
    """Wind the clocks of the next transfers past the id `after`; the last id, None past the end.

    A transfer is held while its clocks are wound, so that nobody changes it meanwhile. What was
    alerted is alerted again only where a due time changed.

    Raises:
        NoSuchVersion: a transfer's protocol is nowhere to be found.
    """
    ids = await ids_after(tx, after, MOST_AT_ONCE)
    for transfer_id in ids:
        transfer = await load_transfer(tx, transfer_id, to_change=True)
        if transfer is None:
            raise LookupError(transfer_id)
        protocol = await protocol_of(
            tx, book.protocols, transfer.protocol, transfer.protocol_version
        )
        wanted = {transfer.origin_team, transfer.form.recipient} - {None}
        teams = await load_teams(tx, {team for team in wanted if team is not None})
        situation = Situation(protocol, teams, book.calendar, now)
        await wind_clocks(tx, transfer, situation.clocks(transfer), now, new=False)
    return ids[-1] if ids else None
