"""The subscribers that something waits for: the outlets that come and go while a relay runs."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from time import monotonic

from adapters.webhooks import WebhookPost
from app.domain.subscription import Subscription, subscription_of
from app.outbox.attempt import Patience
from app.outbox.outlet import Outlet
from app.outbox.subscriber import SubscriberOutlet
from app.settings import Settings
from app.store.engine import Store
from app.store.seal import Seal
from app.store.subscriptions import due_subscribers, load_subscription

LOOK_EVERY = 0.25
AFTER_NEWS = 0.02
"""Seconds between looks while deliveries come in, so that looking costs them little."""
MOST_AT_ONCE = 32
"""More wait for the next look, each in its turn: the dead keep none of the others out."""


class Subscribers:
    """The subscribers of every council, as one relay sees them."""

    def __init__(self, settings: Settings, store: Store, clock: Callable[[], datetime]) -> None:
        deadline = settings.relay_call_deadline
        self._store = store
        self._clock = clock
        self._post = WebhookPost(settings.webhook_addresses)
        self._seal = Seal(settings.sealing_keys)
        self._patience = Patience(settings.relay_backoff, timedelta(seconds=deadline))
        self._looked, self._heard = 0.0, False
        self._last = ""
        self.present: Mapping[str, Outlet] = {}

    async def look(self, *, woken: bool = False, at_once: bool = False) -> bool:
        """See for whom an event is due: now and then, soon where something came in, or at once.

        Whether it saw anybody.

        Raises:
            StoreError: the database cannot serve.
        """
        self._heard = self._heard or woken
        pause = AFTER_NEWS if self._heard else LOOK_EVERY
        if monotonic() < self._looked + pause and not at_once:
            return False
        async with self._store.read() as tx:
            due = await due_subscribers(tx, self._clock(), MOST_AT_ONCE, after=self._last)
        self.present = {destination: self._outlet(destination) for destination in due}
        self._last = due[-1] if due else ""
        self._looked, self._heard = monotonic(), False
        return bool(due)

    async def close(self) -> None:
        """Close the connections."""
        await self._post.close()

    def _outlet(self, destination: str) -> Outlet:
        read = partial(self._read, subscription_of(destination) or "")
        return SubscriberOutlet(read, self._post, self._seal, self._patience)

    async def _read(self, subscription_id: str) -> Subscription | None:
        async with self._store.read() as tx:
            return await load_subscription(tx, subscription_id)
