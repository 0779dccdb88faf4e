"""Subscribe a council's system to events, and see to its subscription afterwards."""

import base64
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from app.domain.event_types import EventType
from app.domain.published_event import PublishedEvent
from app.domain.subscription import (
    Subscription,
    SubscriptionTerms,
    changed,
    ended,
    event_of,
    ordered,
    require_address,
    require_administers,
    require_open,
    require_reads_subscriptions,
    require_sees,
    with_new_secret,
)
from app.domain.webhook_address import AllowedHosts
from app.store.deliveries import deliveries_to
from app.store.delivery_rows import Delivery
from app.store.publish import publish_to
from app.store.seal import Seal
from app.store.subscriptions import (
    cancel_what_waits,
    insert_subscription,
    list_subscriptions,
    load_subscription,
    update_subscription,
)
from app.store.unit_of_work import record_events
from app.usecases.call import Call

SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Webhooks:
    """What subscriptions are made under: where events may go, and what seals their secrets."""

    allowed: AllowedHosts
    seal: Seal


@dataclass(frozen=True, slots=True)
class NewSubscription:
    """What is asked for."""

    id: str
    name: str
    url: str
    events: frozenset[EventType]


@dataclass(frozen=True, slots=True)
class WithSecret:
    """A subscription and the secret that it was given: this is the one time that it is told."""

    subscription: Subscription
    secret: str


async def subscribe(call: Call, asked: NewSubscription, webhooks: Webhooks) -> WithSecret:
    """A new subscription of the actor's authority.

    Raises:
        NotPermitted: the actor is no administrator.
        RulesBroken: events may not be sent there.
    """
    require_administers(call.actor)
    require_address(asked.url, webhooks.allowed)
    secret = _new_secret()
    made = Subscription(
        id=asked.id,
        authority=call.actor.authority,
        name=asked.name,
        url=asked.url,
        events=ordered(asked.events),
        secret=webhooks.seal.close(secret),
        created_by=call.actor.id,
        created_at=call.now,
        changed_at=call.now,
    )
    await insert_subscription(call.tx, made)
    await _audit(call, "opened", made, tuple(f"event:{kind}" for kind in made.events))
    return WithSecret(made, secret)


async def find_subscriptions(call: Call) -> list[Subscription]:
    """Every subscription of the actor's authority.

    Raises:
        NotPermitted: the actor is neither administrator nor auditor.
    """
    require_reads_subscriptions(call.actor)
    return await list_subscriptions(call.tx, call.actor.authority)


async def read_subscription(
    call: Call, subscription_id: str, *, to_change: bool = False
) -> Subscription:
    """The subscription.

    Raises:
        NotVisible: there is none for this actor.
    """
    found = await load_subscription(call.tx, subscription_id, to_change=to_change)
    return require_sees(call.actor, found)


async def read_log(
    call: Call, subscription_id: str, state: str | None, after: int, limit: int
) -> list[Delivery]:
    """One page of what was sent to the subscriber, in order. Raises NotVisible as above."""
    subscription = await read_subscription(call, subscription_id)
    return await deliveries_to(
        call.tx, subscription.destination, state=state, after=after, limit=limit
    )


async def require_may_administer(call: Call, subscription_id: str) -> Subscription:
    """The subscription, for this transaction to change.

    Raises:
        NotVisible: there is none for this actor.
        NotPermitted: they may only read it.
    """
    found = await read_subscription(call, subscription_id, to_change=True)
    require_administers(call.actor)
    return found


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
    secret = _new_secret()

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
    await _audit(call, "tested", found)
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
    codes = (f"state:{after.state}",) if after.state is not before.state else ()
    await _audit(call, action, after, codes)
    return after


async def _audit(
    call: Call, action: str, subscription: Subscription, codes: tuple[str, ...] = ()
) -> None:
    event = event_of(action, subscription, call.actor.id, call.now, codes)
    await record_events(call.tx, subscription.authority, None, (event,))


def _new_secret() -> str:
    return f"whsec_{base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()}"
