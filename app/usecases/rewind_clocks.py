"""Rewind: compute clocks anew, as after a change of the calendar of bank holidays."""

from datetime import datetime

from app.domain.people import Actor
from app.store.clocks import wind_clocks
from app.store.engine import Transaction
from app.store.search import ids_after
from app.usecases.call import Call, Rulebook

MOST_AT_ONCE = 100
NOBODY = Actor("calendar", "")
"""Clocks are wound for nobody: no decision is made."""


async def rewind_clocks(
    tx: Transaction, book: Rulebook, now: datetime, after: str = ""
) -> str | None:
    """Wind the clocks of the next transfers past the id `after`; the last id, None past the end.

    A transfer is held while its clocks are wound, so that nobody changes it meanwhile. What was
    alerted is alerted again only where a due time changed.

    Raises:
        NoSuchVersion: a transfer's protocol is nowhere to be found.
    """
    call = Call(tx, NOBODY, book, now)
    ids = await ids_after(tx, after, MOST_AT_ONCE)
    for transfer_id in ids:
        transfer = await call.transfer(transfer_id)
        situation = await call.situation(transfer)
        await wind_clocks(tx, transfer, situation.clocks(transfer), now, new=False)
    return ids[-1] if ids else None
