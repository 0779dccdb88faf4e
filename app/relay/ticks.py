"""What a relay does from time to time besides delivering: seal, alert, forget and reconcile."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from app.outbox.checkpoints import Checkpoints, NoCheckpoints
from app.relay.turns import is_time
from app.service_clock import Clock
from app.settings import Settings
from app.store.engine import Store
from app.store.idempotency import forget_old_answers
from app.usecases.alert_clocks import MOST_AT_ONCE, MOST_BATCHES, alert_clocks
from app.usecases.alert_late import alert_late
from app.usecases.call import Rulebook
from app.usecases.mark_deliveries import AlertAfter
from app.usecases.reconcile import MOST_AT_ONCE as MOST_QUIET
from app.usecases.reconcile import reconcile
from app.usecases.seal_audit import Sealer


@dataclass(frozen=True, slots=True)
class Waits:
    """How long is waited: between ticks, before a quiet task is asked about, before an alert."""

    every: timedelta
    quiet_for: timedelta
    alert_after: AlertAfter
    seal_every: timedelta = timedelta(seconds=1)

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """As the settings say."""
        return cls(
            timedelta(seconds=settings.reconcile_every),
            timedelta(seconds=settings.reconcile_after),
            AlertAfter(
                timedelta(seconds=settings.relay_alert_after_immediate_risk),
                timedelta(seconds=settings.relay_alert_after),
            ),
            timedelta(seconds=settings.audit_seal_every),
        )


class Ticks:
    """The ticks of one relay."""

    def __init__(
        self,
        store: Store,
        book: Rulebook,
        waits: Waits,
        clock: Clock,
        checkpoints: Checkpoints | NoCheckpoints | None = None,
    ) -> None:
        """`checkpoints`: None where the settings name no place for them."""
        self.waits = waits
        self._checkpoints = checkpoints
        self._store = store
        self._book = book
        self._clock = clock
        self._sealer = Sealer(store)
        self._next = self._seal_next = clock()

    async def tick(self) -> None:
        """Seal the audit; alert, forget and reconcile; each where it is time for it again.

        Raises:
            NoSuchVersion: a quiet task's protocol is nowhere to be found; the alerts are raised.
        """
        now = self._clock()
        if is_time(self._seal_next, self.waits.seal_every, now):
            more = await self._sealer.seal(now)
            self._seal_next = now if more else now + self.waits.seal_every
            if self._checkpoints is not None:
                await self._checkpoints.write_due(now)
        if not is_time(self._next, self.waits.every, now):
            return
        self._next = now + self.waits.every
        async with self._store.write() as tx:
            await alert_late(tx, now=now, alert_after=self.waits.alert_after)
            await forget_old_answers(tx, now)
        for _ in range(MOST_BATCHES):
            async with self._store.write() as tx:
                if await alert_clocks(tx, self._book, now) < MOST_AT_ONCE:
                    break
        await self.reconcile()

    async def reconcile(self) -> int:
        """Enqueue look-ups for quiet tasks; how many.

        In more batches than one, or a host with thousands of them would never ask about the last.
        """
        asked = 0
        for _ in range(MOST_BATCHES):
            async with self._store.write() as tx:
                batch = await reconcile(
                    tx, self._book.protocols, now=self._clock(), quiet_for=self.waits.quiet_for
                )
            asked += batch
            if batch < MOST_QUIET:
                break
        return asked
