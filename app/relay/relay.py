"""One relay process: its wiring, the loop around the drain, and its end."""

import asyncio
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

import structlog

from app.domain.messages import MessageKind
from app.outbox.drain import Drain, Made, Pace
from app.protocols.shelf import NoSuchVersion, load_protocols
from app.relay.checkpoints import checkpoints_of
from app.relay.keeper import Keeper
from app.relay.outlets import Outlets
from app.relay.ticks import Ticks, Waits
from app.relay.watch import Watch
from app.service_clock import Clock
from app.settings import Settings
from app.store.engine import Store, Transaction
from app.store.failures import StoreError
from app.store.lookout import lookout, worker_name
from app.unsafe_settings import refuse_if_unsafe
from app.usecases.call import Rulebook
from app.usecases.keep_protocols import keep_protocols
from app.usecases.mark_deliveries import Mark, mark_deliveries
from app.usecases.mark_events import EventMark, mark_events

log = structlog.get_logger()
AFTER_TROUBLE = 1.0
_EVENT = MessageKind.EVENT
GRACE = timedelta(seconds=10)
LAST_WORDS = timedelta(seconds=10)
"""For marking and giving back at the end, where the database does not even refuse."""


class Relay:
    """One relay process, opened on its settings."""

    def __init__(self, settings: Settings, clock: Clock | None = None) -> None:
        self._settings = settings
        self._clock = clock or settings.clock
        self._store = Store(settings.database_url, pool_size=settings.database_pool_size)
        self._book = Rulebook(load_protocols(settings.protocols_folder), settings.calendar)
        self._outlets = Outlets(settings, self._store, self._clock)
        self.ticks = Ticks(
            self._store,
            self._book,
            Waits.of(settings),
            self._clock,
            checkpoints_of(settings, self._store),
        )
        self.keeper = Keeper(self._store, self._book, settings.retention, self._clock)
        worker = worker_name()
        self._lookout = lookout(settings.database_url, worker, settings.relay_wake_up)
        self._watch = Watch(self._lookout, self._store, self._clock, settings.relay_look)
        self._drain = Drain(
            self._store,
            self._outlets.present,
            self._mark,
            worker=worker,
            pace=Pace(settings.relay_batch, timedelta(seconds=settings.relay_lease)),
            clock=self._clock,
        )

    async def run(self, until: asyncio.Event) -> None:
        """Drain until told to stop, or cut off; then finish what is under way or give it back.

        Raises:
            VersionChanged, ProtocolError: see keep_protocols; nothing was pushed.
        """
        log.info("relay started")
        try:
            async with self._watched() as watching:
                await self._work(until, watching)
        finally:
            await self._give_back()
            await self.close()
        log.info("relay stopped")

    async def drain_once(self) -> int:
        """Push everything that is due now and wait for it; how many rows were claimed."""
        claimed = 0
        await self._outlets.look(at_once=True)
        while (now_claimed := await self._drain.step()) > 0:
            claimed += now_claimed
            await self._drain.settle_all()
        return claimed

    async def close(self) -> None:
        """Return every connection."""
        await self._outlets.close()
        await self._lookout.close()
        await self._store.close()

    @asynccontextmanager
    async def _watched(self) -> AsyncIterator[asyncio.Task[None]]:
        """The watch, which ends however this does: else it would hold a session for ever."""
        watching = asyncio.create_task(self._watch.run(AFTER_TROUBLE))
        try:
            yield watching
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)

    async def _work(self, until: asyncio.Event, watching: asyncio.Task[None]) -> None:
        checked = False
        while not until.is_set():
            if watching.done():
                watching.result()
            pause = self._settings.relay_poll
            woken = self._watch.woken.is_set()
            self._watch.woken.clear()
            try:
                if not checked:
                    await self._check_protocols()
                    checked = True
                await self.ticks.tick()
                await self.keeper.tick()
                await self._drain.step(woken=woken)
                # After the trays: a task in haste does not wait for a look at the subscribers.
                if await self._outlets.look(woken=woken):
                    pause = 0.0
            except StoreError as error:
                log.warning("the database cannot serve", error=type(error).__name__)
                pause = AFTER_TROUBLE
            except NoSuchVersion as error:
                log.error("a protocol is missing", version=str(error))  # noqa: TRY400 - no traceback
            await _first_of(pause, until, self._drain.ended, self._watch.woken)

    async def _give_back(self) -> None:
        try:
            async with asyncio.timeout((GRACE + LAST_WORDS).total_seconds()):
                await self._drain.stop(GRACE)
        except (StoreError, TimeoutError) as error:
            log.warning("leases are left to run out", error=type(error).__name__)

    async def _check_protocols(self) -> None:
        async with self._store.read() as tx:
            await keep_protocols(tx, self._book.protocols)

    async def _mark(self, tx: Transaction, made: Sequence[Made]) -> None:
        for delivery, attempt in made:
            log.info(
                "delivery attempted",
                delivery=delivery.id,
                kind=delivery.kind.value,
                destination=delivery.destination,
                attempt=delivery.attempts,
                state=attempt.settlement.state,
                outcome=attempt.settlement.outcome,
            )
        events = [EventMark(d, x.settlement, x.gone) for d, x in made if d.kind is _EVENT]
        marks = [Mark(d, x.settlement, x.learned) for d, x in made if d.kind is not _EVENT]
        now, alert_after = self._clock(), self.ticks.waits.alert_after
        if marks:
            await mark_deliveries(tx, self._book, marks, now=now, alert_after=alert_after)
        if events:
            await mark_events(tx, events, now=now, late_after=alert_after.otherwise)


async def _first_of(seconds: float, *events: asyncio.Event) -> None:
    """Wait until one of the events, but no longer than that."""
    if any(event.is_set() for event in events):
        return
    waiting = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()


async def run_relay(settings: Settings) -> None:
    """Run one relay until SIGTERM or SIGINT."""
    refuse_if_unsafe(settings)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    await Relay(settings).run(stop)
