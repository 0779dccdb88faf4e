"""Seal the audit: what was recorded since becomes links of the chains (a relay tick, hazard 17)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.store.audit_seal import seal, seal_stragglers
from app.store.audit_streams import unsealed
from app.store.engine import Store

MOST_AT_ONCE = 1000
MOST_BATCHES = 3
"""Of them at a tick, so that deliveries do not wait for years of events."""
BEHIND_EVERY = timedelta(seconds=10)


@dataclass(slots=True)
class Sealer:
    """Seals for one relay; several may, and one of them at a time does."""

    store: Store
    _behind_at: datetime | None = None

    async def seal(self, now: datetime, batches: int = MOST_BATCHES) -> bool:
        """Seal so many batches; whether there may be more."""
        if self._behind_at is None or not timedelta() <= now - self._behind_at < BEHIND_EVERY:
            self._behind_at = now
            async with self.store.write() as tx:
                await seal_stragglers(tx, now, MOST_AT_ONCE)
        async with self.store.read() as tx:
            if (await unsealed(tx)).events == 0:
                return False
        for _ in range(batches):
            async with self.store.write() as tx:
                if await seal(tx, now, MOST_AT_ONCE) < MOST_AT_ONCE:
                    return False
        return True

    async def seal_all(self, now: datetime) -> None:
        """Seal until there is nothing left."""
        while await self.seal(now):
            pass
