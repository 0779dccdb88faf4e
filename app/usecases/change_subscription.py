"""Change a subscription: its terms, its secret, its end; or try it."""

from collections.abc import Callable
from datetime import timedelta

from app.domain.event_types import EventType
from app.domain.published_event import PublishedEvent
from app.domain.see_to_subscription import (
    SubscriptionTerms,
    changed,
    ended,
    require_address,
    require_open,
    what_changed,
    with_new_secret,
)
from app.domain.subscription import Subscription
from app.store.publish import publish_to
from app.store.subscriptions import (
    cancel_what_waits,
    update_subscription,
)
from app.usecases.call import Call
from app.usecases.read_subscription import require_may_administer
from app.usecases.subscribe import Webhooks, WithSecret, audit, new_secret


async def change_subscription(
    call: Call,
    subscription_id: str,
    terms: SubscriptionTerms,
    webhooks: Webhooks,
    *,
    expected_version: int,
) -> Subscription:
    """The subscription on other terms, paused or active again.

    Raises:
        NotVisible, NotPermitted: see require_may_administer.
        StaleVersion, SubscriptionHasEnded: see require_open.
        RulesBroken: events may not be sent to its new address.
    """
    return await _change(
        call,
        subscription_id,
        "changed",
        lambda found: changed(found, terms, webhooks.allowed, call.now),
        expected_version,
    )


async def rotate_secret(
    call: Call,
    subscription_id: str,
    overlap: timedelta,
    webhooks: Webhooks,
    *,
    expected_version: int,
) -> WithSecret:
    """The subscription with a new secret; the one before signs as well for the overlap.

    Raises:
        NotVisible, NotPermitted, StaleVersion, SubscriptionHasEnded, RulesBroken: as above, the
            last where events may not be sent there any more.
    """
    secret = new_secret()

    def turn(found: Subscription) -> Subscription:
        require_address(found.url, webhooks.allowed)
        return with_new_secret(found, webhooks.seal.close(secret), overlap, call.now)

    after = await _change(call, subscription_id, "secret_rotated", turn, expected_version)
    return WithSecret(after, secret)


async def end_subscription(
    call: Call, subscription_id: str, *, expected_version: int
) -> Subscription:
    """The subscription, over: what waits for it is sent no more. Raises as above."""
    after = await _change(
        call, subscription_id, "ended", lambda found: ended(found, call.now), expected_version
    )
    await cancel_what_waits(call.tx, after, call.now)
    return after


async def try_subscription(call: Call, subscription_id: str, test_id: str) -> Subscription:
    """Queue an event `subscription.test` for it, whatever it asks for. Raises as above."""
    found = await require_may_administer(call, subscription_id)
    require_open(found)
    event = PublishedEvent(EventType.SUBSCRIPTION_TEST, test_id, call.now)
    await publish_to(call.tx, found.authority, found.id, event, call.now)
    await audit(call, "tested", found)
    return found


async def _change(
    call: Call,
    subscription_id: str,
    action: str,
    change: Callable[[Subscription], Subscription],
    expected_version: int,
) -> Subscription:
    before = await require_may_administer(call, subscription_id)
    require_open(before, expected_version)
    after = change(before)
    await update_subscription(call.tx, before, after)
    await audit(call, action, after, what_changed(before, after))
    return after
