"""The drain: claim what is due, push it with no transaction open, mark what became of it."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.logs import place
from app.outbox.attempt import DEADLINE, Attempt, attempt
from app.outbox.circuit import Circuit
from app.outbox.tray import DutyTray
from app.store.delivery_rows import PARKED, Delivery, Settlement
from app.store.engine import Store
from app.store.failures import StoreError
from app.store.leases import claim, give_back

Mark = Callable[[Delivery, Attempt], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Pace:
    """How a relay works: rows under way a destination, the lease, the steps between attempts,
    and how long one push may take.
    """  # noqa: D205

    batch: int
    lease: timedelta
    steps: Sequence[float]
    deadline: timedelta = DEADLINE


class Drain:
    """One relay's work on the outbox, under the worker name that its leases bear."""

    def __init__(  # noqa: PLR0913 - wired once, in relay.py
        self,
        store: Store,
        trays: Mapping[str, DutyTray],
        mark: Mark,
        *,
        worker: str,
        pace: Pace,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._trays = trays
        self._mark = mark
        self._worker = worker
        self._pace = pace
        self._clock = clock
        self._circuit = Circuit()
        self._under_way: dict[asyncio.Task[None], Delivery] = {}

    async def step(self) -> int:
        """Claim what there is room for and begin to push it; how many were claimed.

        Raises:
            StoreError: the database cannot serve, now or when an earlier attempt was marked; what
                was not marked comes back when its lease runs out.
        """
        for done in [task for task in self._under_way if task.done()]:
            del self._under_way[done]
            done.result()
        busy = Counter(delivery.destination for delivery in self._under_way.values())
        room = {
            destination: self._circuit.limit(destination, self._pace.batch) - busy[destination]
            for destination in self._trays
        }
        if not any(limit > 0 for limit in room.values()):
            return 0
        async with self._store.write() as tx:
            claimed = await claim(
                tx, self._worker, self._clock(), lease=self._pace.lease, limits=room
            )
        for delivery in claimed:
            self._under_way[asyncio.create_task(self._push(delivery))] = delivery
        return len(claimed)

    async def settle_all(self) -> None:
        """Wait until nothing is under way."""
        while self._under_way:
            await asyncio.wait(self._under_way)
            for done in [task for task in self._under_way if task.done()]:
                del self._under_way[done]
                done.result()

    async def stop(self, grace: timedelta) -> None:
        """Let what is under way end, and give back the leases of what does not."""
        if not self._under_way:
            return
        _, late = await asyncio.wait(self._under_way, timeout=grace.total_seconds())
        for task in late:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        unfinished = [self._under_way[task] for task in late]
        async with self._store.write() as tx:
            for delivery in unfinished:
                await give_back(tx, delivery, self._clock())
        self._under_way.clear()

    async def _push(self, delivery: Delivery) -> None:
        tray = self._trays[delivery.destination]
        try:
            pace = self._pace
            made = await attempt(delivery, tray, self._clock(), pace.steps, pace.deadline)
        except Exception as error:  # noqa: BLE001 - a row that breaks the relay would break it again
            made = _broken(error)
        if made.answered:
            self._circuit.arrived(delivery.destination)
        else:
            self._circuit.failed(delivery.destination)
        try:
            await self._mark(delivery, made)
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - as above: it is parked for a person to see
            await self._mark(delivery, _broken(error))


def _broken(error: Exception) -> Attempt:
    says = f"unexpected {type(error).__name__} at {place(error)}"
    return Attempt(Settlement(PARKED, says, ambiguous=True))
