"""What a relay does of the council's retention: drafts that are stale, and what is due to go."""

from dataclasses import dataclass
from datetime import timedelta

import structlog

from app.domain.retention import Retention
from app.relay.turns import is_time
from app.service_clock import Clock
from app.store.engine import Store
from app.usecases.call import Rulebook
from app.usecases.cancel_stale_drafts import cancel_stale_drafts
from app.usecases.dispose import dispose_all, forget_old
from app.usecases.forget_children import forget_children

log = structlog.get_logger()
EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Kept:
    """What one run did."""

    cancelled: int
    disposed: int


class Keeper:
    """Retention, as one relay runs it; several may, since each transfer is held while it goes."""

    def __init__(self, store: Store, book: Rulebook, retention: Retention, clock: Clock) -> None:
        self._store = store
        self._book = book
        self._retention = retention
        self._clock = clock
        self._next = clock()

    async def tick(self) -> None:
        """Run, where it is time for it again."""
        now = self._clock()
        if not is_time(self._next, EVERY, now):
            return
        self._next = now + EVERY
        await self.run()

    async def run(self) -> Kept:
        """Forget old rows and children, dispose of what is due, and cancel stale drafts."""
        now = self._clock()
        await forget_old(self._store, self._retention, now)
        await forget_children(self._store, self._retention, now)
        disposed = await dispose_all(self._store, self._retention, now)
        cancelled = await cancel_stale_drafts(self._store, self._book, self._retention, now)
        if disposed or cancelled:
            log.info("retention", disposed=disposed, cancelled=cancelled)
        return Kept(cancelled, disposed)
