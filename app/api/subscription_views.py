"""Subscriptions over the API, and the log of what was sent to one."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from app.api.caller import Answer
from app.api.etag import etag
from app.domain.event_types import EventType
from app.domain.published_event import PublishedEvent
from app.domain.subscription import Subscription, SubscriptionState
from app.store.delivery_rows import Delivery, DeliveryState
from app.usecases.subscribe import WithSecret

SECRET_ONCE = "Told in this one answer: keep it; a repeat of the request does not tell it again"  # noqa: S105  words


class SubscriptionView(BaseModel):
    """A subscription, without its secrets."""

    id: str
    name: str
    url: str
    events: list[EventType]
    state: SubscriptionState
    version: int
    created_by: str
    created_at: datetime
    changed_at: datetime
    previous_secret_until: datetime | None = Field(
        description="Until when the secret before this one signs as well"
    )


class SubscriptionWithSecretView(SubscriptionView):
    """A subscription with the secret that it was given just now."""

    secret: str | None = Field(description=SECRET_ONCE)


class SubscriptionList(BaseModel):
    """All subscriptions of the council."""

    items: list[SubscriptionView]


class EventDeliveryView(BaseModel):
    """One event on its way to a subscriber."""

    id: int = Field(description="Replay it by this")
    event: str = Field(description="Its `id` for the subscriber, the same on every attempt")
    type: EventType
    transfer: str | None
    state: DeliveryState
    attempts: int
    next_attempt_at: datetime
    outcome: str | None = Field(description="What the last attempt met, in coded words")
    created_at: datetime
    settled_at: datetime | None


class EventDeliveryList(BaseModel):
    """A page of the log."""

    items: list[EventDeliveryView]
    next: int | None = Field(description="Give it as `after` for the next page; null on the last")


def subscription_view(subscription: Subscription) -> dict[str, Any]:
    """A subscription in the shape of SubscriptionView."""
    until = {"previous_secret_until": subscription.previous_until}
    own = (name for name in SubscriptionView.model_fields if name not in until)
    return {name: getattr(subscription, name) for name in own} | until


def event_delivery_view(delivery: Delivery) -> dict[str, Any]:
    """A delivery in the shape of EventDeliveryView.

    Raises:
        TypeError: it carries no event.
    """
    event = delivery.payload
    if not isinstance(event, PublishedEvent):
        raise TypeError(f"delivery {delivery.id} carries no event")
    of_event = {"event": event.id, "type": event.type}
    own = (name for name in EventDeliveryView.model_fields if name not in of_event)
    return of_event | {name: getattr(delivery, name) for name in own}


def told_once(made: WithSecret, status: int = 200) -> Answer:
    """The answer with the secret, which is kept without it."""
    view = subscription_view(made.subscription)
    headers = etag(made.subscription)
    if status == 201:  # noqa: PLR2004
        headers["Location"] = f"/v1/subscriptions/{made.subscription.id}"
    kept = view | {"secret": None}
    return Answer(view | {"secret": made.secret}, status, headers, kept=kept)
