"""A council system's subscription to events."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.event_types import EventType

SUBSCRIBER = "subscriber"


class SubscriptionState(StrEnum):
    """`paused`: what happens is kept, and sent once it is active again. `ended` is for good."""

    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Subscription:
    """Which events of an authority go where.

    `secret` signs; so does `previous_secret` until `previous_until`, so that the subscriber can
    change over. Both are sealed here (store/seal.py), and shown once, when they are given out.
    """

    id: str
    authority: str
    name: str
    url: str
    events: tuple[EventType, ...]
    secret: str
    created_by: str
    created_at: datetime
    changed_at: datetime
    state: SubscriptionState = SubscriptionState.ACTIVE
    version: int = 1
    previous_secret: str | None = None
    previous_until: datetime | None = None

    @property
    def destination(self) -> str:
        """What its deliveries are addressed to."""
        return destination_of(self.id)

    def secrets(self, now: datetime) -> tuple[str, ...]:
        """The secrets that sign at that time, the newest first."""
        until, previous = self.previous_until, self.previous_secret
        if previous is None or until is None or now >= until:
            return (self.secret,)
        return (self.secret, previous)


def destination_of(subscription_id: str) -> str:
    """The destination of what is sent to that subscription, and who is told where it is not."""
    return f"{SUBSCRIBER}:{subscription_id}"


def subscription_of(destination: str) -> str | None:
    """The id of the subscription that a destination stands for; None: it is a case system."""
    kind, _, subscription_id = destination.partition(":")
    return subscription_id if kind == SUBSCRIBER else None
