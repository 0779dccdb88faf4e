"""Subscribe a system of the council to events."""

import base64
import secrets
from dataclasses import dataclass

from app.domain.authority import require_right
from app.domain.event_types import EventType
from app.domain.relations import in_council
from app.domain.rights import Act
from app.domain.see_to_subscription import (
    event_of,
    ordered,
    require_address,
    require_room,
)
from app.domain.subscription import Subscription
from app.domain.webhook_address import AllowedHosts
from app.store.seal import Seal
from app.store.subscriptions import insert_subscription, list_subscriptions
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
        RulesBroken: events may not be sent there, or the council has its share of subscriptions.
    """
    require_right(Act.SEE_TO_SUBSCRIPTIONS, in_council(call.actor))
    require_address(asked.url, webhooks.allowed)
    require_room(await list_subscriptions(call.tx, call.actor.authority))
    secret = new_secret()
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
    await audit(call, "opened", made, tuple(f"event:{kind}" for kind in made.events))
    return WithSecret(made, secret)


async def audit(
    call: Call, action: str, subscription: Subscription, codes: tuple[str, ...] = ()
) -> None:
    """Record what was done with it."""
    event = event_of(action, subscription, call.actor.id, call.now, codes)
    await record_events(call.tx, subscription.authority, None, (event,))


def new_secret() -> str:
    """As Standard Webhooks write one: random, and told once."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()}"
