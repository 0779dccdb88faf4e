"""What a relay sees while it works: new deliveries, and relays that died with leases."""

import asyncio
from datetime import datetime
from time import monotonic

import structlog

from app.service_clock import Clock
from app.store.engine import Store
from app.store.failures import StoreError
from app.store.leases import take_back
from app.store.lookout import Lookout

log = structlog.get_logger()
ROLL_CALL = 0.5
"""Seconds between two looks at who lives; who is missing twice has died."""


class Watch:
    """Keeps the lookout until it is cancelled; `woken` is set where there may be work."""

    def __init__(self, lookout: Lookout, store: Store, clock: Clock, look: float) -> None:
        self.woken = asyncio.Event()
        self._lookout = lookout
        self._store = store
        self._clock = clock
        self._look = look

    async def run(self, after_trouble: float) -> None:
        """Watch; while the database is away, try again after so many seconds."""
        roll_call = 0.0
        while True:
            try:
                await self._lookout.keep()
                if monotonic() >= roll_call:
                    roll_call = monotonic() + ROLL_CALL
                    await self._call_the_roll(self._clock())
                if await self._lookout.news(self._look):
                    self.woken.set()
            except StoreError as error:
                log.warning("the lookout sees nothing", error=type(error).__name__)
                await asyncio.sleep(after_trouble)

    async def _call_the_roll(self, now: datetime) -> None:
        dead = await self._lookout.dead()
        if not dead:
            return
        async with self._store.write() as tx:
            taken = await take_back(tx, dead, now)
        log.warning("leases of dead relays are taken back", relays=len(dead), deliveries=taken)
        self.woken.set()
