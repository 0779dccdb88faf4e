"""The outlet of one subscriber: sends what waits for it, as its subscription stands by then."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.subscription import Subscription, SubscriptionState
from app.outbox.attempt import Attempt, Patience, after_failure
from app.outbox.cloud_event import body_of
from app.outbox.post import Letter, Post, SubscriberGone
from app.outbox.tray import Capability, TrayRefused, TrayUnavailable
from app.store.delivery_rows import CANCELLED, DELIVERED, PARKED, PENDING, Delivery, Settlement
from app.store.failures import StoreError
from app.store.seal import NotSealedByUs, Seal

SOON = timedelta(seconds=1)
"""By then nothing looks for what a paused one is due: each look would cost an attempt."""


@dataclass(frozen=True, slots=True)
class SubscriberOutlet:
    """The outlet of one subscription, which is read anew before each attempt.

    So one that is paused, ended or moved, and a secret that is rotated, count at once.
    """

    read: Callable[[], Awaitable[Subscription | None]]
    post: Post
    seal: Seal
    patience: Patience

    async def attempt(self, delivery: Delivery, now: datetime) -> Attempt:
        """Send the event, unless its subscription is paused or over."""
        try:
            subscription = await self.read()
        except StoreError:
            return Attempt(Settlement(PENDING, "the database could not serve", now + SOON))
        if subscription is None or subscription.state is SubscriptionState.ENDED:
            return Attempt(Settlement(CANCELLED, "the subscription has ended"))
        if subscription.state is SubscriptionState.PAUSED:
            return Attempt(Settlement(PENDING, "paused", now + SOON))
        return await self._sent(subscription, delivery, now)

    async def _sent(self, subscription: Subscription, delivery: Delivery, now: datetime) -> Attempt:
        try:
            async with asyncio.timeout(self.patience.deadline.total_seconds()):
                says = await self.post.send(self._letter(subscription, delivery, now))
        except SubscriberGone:
            return Attempt(Settlement(CANCELLED, "gone"), gone=subscription.url)
        except TrayRefused as refusal:
            return Attempt(Settlement(PARKED, f"refused: {refusal}"))
        except (TrayUnavailable, TimeoutError) as error:
            failure = error if isinstance(error, TrayUnavailable) else TrayUnavailable("deadline")
            may_repeat = Capability.DEDUPES_ON_KEY  # it knows an event by its id
            settled = after_failure(delivery, may_repeat, failure, now, self.patience.steps)
            return Attempt(settled, answered=False)
        return Attempt(Settlement(DELIVERED, says))

    def _letter(self, subscription: Subscription, delivery: Delivery, now: datetime) -> Letter:
        try:
            secrets = tuple(self.seal.open(kept) for kept in subscription.secrets(now))
        except NotSealedByUs as error:
            raise TrayUnavailable("its secret cannot be opened") from error
        event_id, body = body_of(delivery)
        return Letter(subscription.url, event_id, body, secrets)
