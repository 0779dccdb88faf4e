"""The relay: settings, one duty tray a case system, the drain loop and its ticks."""

import asyncio
import os
import signal
import socket
from collections.abc import Callable
from datetime import timedelta

import structlog

from adapters.ehm.tray import EhmTray
from adapters.http import GatewayClient, GatewaySettings
from adapters.lcs.tray import LcsTray
from app.domain.duty_task import CaseSystem
from app.outbox.attempt import Attempt
from app.outbox.drain import Drain, Pace
from app.outbox.tray import DutyTray
from app.protocols.reader import ProtocolError
from app.protocols.shelf import NoSuchVersion, load_protocols
from app.service_clock import Clock
from app.settings import Settings
from app.store.delivery_rows import Delivery
from app.store.engine import Store
from app.store.failures import StoreError
from app.store.idempotency import forget_old_answers
from app.store.protocol_versions import VersionChanged
from app.usecases.alert_clocks import MOST_AT_ONCE, MOST_BATCHES, alert_clocks
from app.usecases.alert_late import alert_late
from app.usecases.call import Rulebook
from app.usecases.keep_protocols import keep_protocols
from app.usecases.mark_delivery import AlertAfter, mark_delivery
from app.usecases.reconcile import reconcile

log = structlog.get_logger()
AFTER_TROUBLE = 1.0
GRACE = timedelta(seconds=10)
TRAYS: dict[CaseSystem, Callable[[GatewayClient], DutyTray]] = {
    CaseSystem.LCS: LcsTray,
    CaseSystem.EHM: EhmTray,
}


class Relay:
    """One relay process, opened on its settings."""

    def __init__(self, settings: Settings, clock: Clock | None = None) -> None:
        self._settings = settings
        self._clock = clock or settings.clock
        self._store = Store(settings.database_url, pool_size=settings.database_pool_size)
        self._book = Rulebook(load_protocols(settings.protocols_folder), settings.calendar)
        self._clients = {
            system: GatewayClient(
                GatewaySettings(
                    base_url=str(gateway.url).rstrip("/"),
                    client_id=gateway.client_id,
                    client_secret=gateway.client_secret.get_secret_value(),
                    deadline=settings.relay_call_deadline,
                )
            )
            for system, gateway in settings.gateways.items()
        }
        self._alert_after = AlertAfter(
            timedelta(seconds=settings.relay_alert_after_immediate_risk),
            timedelta(seconds=settings.relay_alert_after),
        )
        self._drain = Drain(
            self._store,
            {system.value: TRAYS[system](client) for system, client in self._clients.items()},
            self._mark,
            worker=f"{socket.gethostname()}:{os.getpid()}"[:100],
            pace=Pace(
                batch=settings.relay_batch,
                lease=timedelta(seconds=settings.relay_lease),
                steps=settings.relay_backoff,
                deadline=timedelta(seconds=settings.relay_call_deadline),
            ),
            clock=self._clock,
        )
        self._next_tick = self._clock()

    async def run(self, until: asyncio.Event) -> None:
        """Drain until told to stop; then finish what is under way or give it back.

        Raises:
            VersionChanged, ProtocolError: see keep_protocols; nothing was pushed.
        """
        checked = False
        log.info("relay started")
        while not until.is_set():
            pause = self._settings.relay_poll
            try:
                if not checked:
                    await self._check_protocols()
                    checked = True
                await self.tick()
                if await self._drain.step() > 0:
                    pause = 0.0
            except StoreError as error:
                log.warning("the database cannot serve", error=type(error).__name__)
                pause = AFTER_TROUBLE
            except NoSuchVersion as error:
                log.error("a protocol is missing", version=str(error))  # noqa: TRY400 - no traceback
            await _sleep(pause, until)
        try:
            await self._drain.stop(GRACE)
        except StoreError as error:
            log.warning("leases are left to run out", error=type(error).__name__)
        await self.close()
        log.info("relay stopped")

    async def drain_once(self) -> int:
        """Push everything that is due now and wait for it; how many rows were claimed."""
        claimed = 0
        while (now_claimed := await self._drain.step()) > 0:
            claimed += now_claimed
            await self._drain.settle_all()
        return claimed

    async def reconcile_now(self) -> int:
        """Enqueue look-ups for quiet tasks; how many."""
        async with self._store.write() as tx:
            return await reconcile(
                tx,
                self._book.protocols,
                now=self._clock(),
                quiet_for=timedelta(seconds=self._settings.reconcile_after),
            )

    async def tick(self) -> None:
        """Alert, forget and reconcile, where it is time for it again.

        Raises:
            NoSuchVersion: a quiet task's protocol is nowhere to be found; the alerts are raised.
        """
        now = self._clock()
        if now < self._next_tick:
            return
        self._next_tick = now + timedelta(seconds=self._settings.reconcile_every)
        async with self._store.write() as tx:
            await alert_late(tx, now=now, alert_after=self._alert_after)
            await forget_old_answers(tx, now)
        for _ in range(MOST_BATCHES):
            async with self._store.write() as tx:
                if await alert_clocks(tx, self._book, now) < MOST_AT_ONCE:
                    break
        await self.reconcile_now()

    async def close(self) -> None:
        """Return every connection."""
        for client in self._clients.values():
            await client.close()
        await self._store.close()

    async def _check_protocols(self) -> None:
        try:
            async with self._store.read() as tx:
                await keep_protocols(tx, self._book.protocols)
        except (VersionChanged, ProtocolError):
            await self.close()
            raise

    async def _mark(self, delivery: Delivery, made: Attempt) -> None:
        log.info(
            "delivery attempted",
            delivery=delivery.id,
            kind=delivery.kind.value,
            destination=delivery.destination,
            attempt=delivery.attempts,
            state=made.settlement.state,
            outcome=made.settlement.outcome,
        )
        async with self._store.write() as tx:
            await mark_delivery(
                tx,
                self._book,
                delivery,
                made.settlement,
                made.learned,
                now=self._clock(),
                alert_after=self._alert_after,
            )


async def _sleep(seconds: float, until: asyncio.Event) -> None:
    if seconds > 0:
        try:
            await asyncio.wait_for(until.wait(), seconds)
        except TimeoutError:
            return
    else:
        await asyncio.sleep(0)


async def run_relay(settings: Settings) -> None:
    """Run one relay until SIGTERM or SIGINT."""
    settings.refuse_if_unsafe()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    await Relay(settings).run(stop)
