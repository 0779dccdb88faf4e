"""The drain: claim what is due, push it with no transaction open, mark what became of it.

A step marks every push that has ended since the last one and claims what there is room for, in one
transaction, however many rows. Where a whole batch has ended, the next one is claimed before, so
that one is pushed while the other is marked.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.logs import place
from app.outbox.attempt import Attempt
from app.outbox.circuit import Circuit
from app.outbox.outlet import Outlet
from app.store.delivery_rows import PARKED, Delivery, Settlement
from app.store.engine import Store, Transaction
from app.store.failures import StoreError
from app.store.leases import claim, give_back, is_due

Made = tuple[Delivery, Attempt]
Mark = Callable[[Transaction, Sequence[Made]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Pace:
    """How a relay works: rows under way a destination, and the lease on each."""

    batch: int
    lease: timedelta


class Drain:
    """One relay's work on the outbox, under the worker name that its leases bear.

    `outlets` gives the present outlet of each destination: what has none is left alone. `mark`
    keeps outcomes in the transaction that it is handed.
    """

    def __init__(  # noqa: PLR0913 - wired once, in the relay
        self,
        store: Store,
        outlets: Callable[[], Mapping[str, Outlet]],
        mark: Mark,
        *,
        worker: str,
        pace: Pace,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._outlets = outlets
        self._mark = mark
        self._worker = worker
        self._pace = pace
        self._clock = clock
        self._circuit = Circuit()
        self._under_way: dict[asyncio.Task[None], Delivery] = {}
        self._made: list[Made] = []
        self.ended = asyncio.Event()
        """Set where a push has ended since the last step."""

    async def step(self, *, woken: bool = False) -> int:
        """Mark what was pushed, claim what there is room for and begin to push it.

        How many were claimed. `woken`: something came in, so that it need not be looked for.

        Raises:
            StoreError: the database cannot serve; what was not marked is marked by a later step,
                or comes back when its lease runs out.
        """
        self.ended.clear()
        outlets, made = self._outlets(), tuple(self._made)
        room = self._room(outlets)
        if not (made or (woken and room) or await self._is_due(room)):
            return 0
        ahead = 0
        batch = self._pace.batch
        if not self._under_way and batch < 2 * len(made) <= 4 * batch:  # not without end, unmarked
            ahead = await self._begin_more(outlets)
        try:
            async with self._store.write() as tx:
                if made:
                    await self._mark(tx, made)
                claimed = await self._claim(tx, outlets)
        except StoreError:
            raise
        except Exception:  # noqa: BLE001 - one row's fault, and the others are marked without it
            await self._mark_apart(made)
            return ahead
        self._forget(made)
        self._begin(claimed, outlets)
        return ahead + len(claimed)

    async def settle_all(self) -> None:
        """Wait until nothing is under way, and mark it.

        Raises:
            StoreError: as a step does.
        """
        while self._under_way or self._made:
            if self._under_way:
                await asyncio.wait(self._under_way)
            await self._mark_all()

    async def stop(self, grace: timedelta) -> None:
        """Let what is under way end, mark it, and give back the leases of what does not end.

        Raises:
            StoreError: the database cannot serve; the leases run out.
        """
        late: list[Delivery] = []
        if self._under_way:
            _, unfinished = await asyncio.wait(self._under_way, timeout=grace.total_seconds())
            late = [self._under_way[task] for task in unfinished]
            for task in unfinished:
                task.cancel()
            await asyncio.gather(*self._under_way, return_exceptions=True)
        self._under_way.clear()
        await self._mark_all()
        if late:
            async with self._store.write() as tx:
                await give_back(tx, late, self._clock())

    async def _begin_more(self, outlets: Mapping[str, Outlet]) -> int:
        """Push the next batch while this one is marked, so that neither waits for the other."""
        async with self._store.write() as tx:
            claimed = await self._claim(tx, outlets)
        self._begin(claimed, outlets)
        return len(claimed)

    async def _claim(self, tx: Transaction, outlets: Mapping[str, Outlet]) -> list[Delivery]:
        """Lease what there is room for by now: more may have ended since the step began."""
        room, lease = self._room(outlets), self._pace.lease
        return await claim(tx, self._worker, self._clock(), lease=lease, limits=room)

    def _begin(self, claimed: Sequence[Delivery], outlets: Mapping[str, Outlet]) -> None:
        for delivery in claimed:
            task = asyncio.create_task(self._push(delivery, outlets[delivery.destination]))
            self._under_way[task] = delivery

    def _room(self, outlets: Mapping[str, Outlet]) -> dict[str, int]:
        """How many more of each destination may be pushed."""
        busy = Counter(delivery.destination for delivery in self._under_way.values())
        left = {
            destination: self._circuit.limit(destination, self._pace.batch) - busy[destination]
            for destination in outlets
        }
        return {destination: limit for destination, limit in left.items() if limit > 0}

    async def _is_due(self, room: Mapping[str, int]) -> bool:
        """Whether a claim would find anything: only looking takes no turn at writing."""
        if not room:
            return False
        async with self._store.read() as tx:
            return await is_due(tx, self._clock(), room)

    async def _mark_all(self) -> None:
        made = tuple(self._made)
        if not made:
            return
        try:
            async with self._store.write() as tx:
                await self._mark(tx, made)
        except StoreError:
            raise
        except Exception:  # noqa: BLE001 - as in a step
            await self._mark_apart(made)
        else:
            self._forget(made)

    async def _mark_apart(self, made: Sequence[Made]) -> None:
        """Mark one by one; what cannot be marked would fail again, and is parked for a person."""
        for one in made:
            delivery, _ = one
            try:
                async with self._store.write() as tx:
                    await self._mark(tx, (one,))
            except StoreError:
                raise
            except Exception as error:  # noqa: BLE001 - whatever it is, it is this row's
                async with self._store.write() as tx:
                    await self._mark(tx, ((delivery, _broken(error)),))
            self._forget((one,))

    def _forget(self, made: Sequence[Made]) -> None:
        marked = {id(one) for one in made}
        self._made = [one for one in self._made if id(one) not in marked]

    async def _push(self, delivery: Delivery, outlet: Outlet) -> None:
        try:
            made = await outlet.attempt(delivery, self._clock())
        except Exception as error:  # noqa: BLE001 - a row that breaks the relay would break it again
            made = _broken(error)
        if made.answered:
            self._circuit.arrived(delivery.destination)
        else:
            self._circuit.failed(delivery.destination)
        self._made.append((delivery, made))
        task = asyncio.current_task()
        if task is not None:
            self._under_way.pop(task, None)
        self.ended.set()


def _broken(error: Exception) -> Attempt:
    says = f"unexpected {type(error).__name__} at {place(error)}"
    return Attempt(Settlement(PARKED, says, ambiguous=True))
