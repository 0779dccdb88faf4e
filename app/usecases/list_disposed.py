"""What was disposed of, for who must show that the council keeps to its schedule."""

from collections.abc import AsyncIterator
from datetime import datetime

from app.domain.disposal import Tombstone
from app.store.engine import Store
from app.store.tombstones import tombstones

MOST_AT_ONCE = 500


async def list_disposed(store: Store, since: datetime | None) -> AsyncIterator[Tombstone]:
    """Every tombstone of that time and later: by council, the first disposed of first."""
    last = None
    while True:
        async with store.read() as tx:
            page = await tombstones(tx, since, last, MOST_AT_ONCE)
        for stone in page:
            yield stone
        if len(page) < MOST_AT_ONCE:
            return
        last = page[-1]
