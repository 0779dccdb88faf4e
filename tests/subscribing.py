"""Subscriptions of the sample council, made up in one place."""

import base64
from collections.abc import Collection
from dataclasses import replace
from typing import Any
from uuid import uuid4

from builders import NOW, transfer_at

from app.domain.event_types import SUBSCRIBABLE, EventType
from app.domain.pathway import Stage
from app.domain.subscription import Subscription
from app.domain.transfer import Transfer
from app.store.deliveries import deliveries_to
from app.store.delivery_rows import Delivery
from app.store.engine import Store
from app.store.seal import Seal
from app.store.subscriptions import insert_subscription

SEALING_KEY = base64.b64encode(b"k" * 32).decode()
SEAL = Seal([SEALING_KEY])
SECRET = "whsec_" + base64.b64encode(b"s" * 32).decode()
URL = "https://events.council.example/transfers"


def subscription(events: Collection[EventType] = SUBSCRIBABLE, **changes: Any) -> Subscription:
    """A subscription of Durham's hub to all events, unless said otherwise."""
    usual = Subscription(
        str(uuid4()),
        "durham",
        "Hub",
        URL,
        tuple(events),
        SEAL.close(SECRET),
        "systems.team",
        NOW,
        NOW,
    )
    return replace(usual, **changes)


async def subscribed(store: Store, *made: Subscription) -> None:
    """Keep these subscriptions."""
    async with store.write() as tx:
        for one in made:
            await insert_subscription(tx, one)


async def sent_to(store: Store, subscriber: Subscription) -> list[Delivery]:
    """Every delivery to that subscriber, in order."""
    async with store.read() as tx:
        return await deliveries_to(tx, subscriber.destination, state=None, after=0, limit=200)


def fresh(stage: Stage = Stage.DRAFT) -> Transfer:
    """A transfer with an id of its own."""
    return replace(transfer_at(stage), id=str(uuid4()))
