"""Who may do what with a subscription, and what becomes of it."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.domain.authority import may
from app.domain.breach import must
from app.domain.decision import Event
from app.domain.errors import NotVisible, RulesBroken, StaleVersion, TransferError
from app.domain.event_types import EventType
from app.domain.people import Actor
from app.domain.relations import in_council
from app.domain.rights import Act
from app.domain.subscription import Subscription, SubscriptionState
from app.domain.webhook_address import AllowedHosts

GONE = "gone"
MOST = 50
"""So many subscriptions of a council that have not ended."""


class SubscriptionHasEnded(TransferError):
    """Nothing is done with a subscription that has ended."""


@dataclass(frozen=True, slots=True)
class SubscriptionTerms:
    """What an administrator chooses; None leaves it as it is."""

    name: str | None = None
    url: str | None = None
    events: Collection[EventType] | None = None
    state: SubscriptionState | None = None


def require_sees(actor: Actor, subscription: Subscription | None) -> Subscription:
    """The subscription, where it exists for the actor.

    Raises:
        NotVisible: it does not.
    """
    if subscription is None or actor.authority != subscription.authority:
        raise NotVisible("subscription")
    if not may(Act.READ_SUBSCRIPTIONS, in_council(actor)):
        raise NotVisible(subscription.id)
    return subscription


def require_open(subscription: Subscription, expected_version: int | None = None) -> None:
    """Pass for a subscription that has not ended, at that version where one is expected.

    Raises:
        StaleVersion: it has changed since.
        SubscriptionHasEnded: it has ended.
    """
    if expected_version is not None and expected_version != subscription.version:
        raise StaleVersion(subscription.id)
    if subscription.state is SubscriptionState.ENDED:
        raise SubscriptionHasEnded("The subscription has ended")


def require_address(url: str, allowed: AllowedHosts) -> None:
    """Pass for an address that events may be sent to.

    Raises:
        RulesBroken: they may not.
    """
    why = allowed.refuses(url)
    if why is not None:
        says = "Choose an https address of a host that the operator of this service has listed"
        raise RulesBroken((must("webhook-address", says, why, "TRANSFERS_WEBHOOK_HOSTS"),))


def require_room(present: Collection[Subscription]) -> None:
    """Pass where the council may have one more: what each gets is written by every decision.

    Raises:
        RulesBroken: it may not.
    """
    going_on = [x for x in present if x.state is not SubscriptionState.ENDED]
    if len(going_on) >= MOST:
        says = f"End one first: a council has at most {MOST}"
        found = f"{len(going_on)} subscriptions"
        raise RulesBroken((must("subscriptions-most", says, found, "docs/webhooks.md"),))


def ordered(events: Collection[EventType]) -> tuple[EventType, ...]:
    """Each kind of event once, in the order of the catalogue."""
    return tuple(kind for kind in EventType if kind in events)


def changed(
    subscription: Subscription, terms: SubscriptionTerms, allowed: AllowedHosts, now: datetime
) -> Subscription:
    """The subscription on other terms.

    Raises:
        RulesBroken: events may not be sent to its new address.
    """
    if terms.url is not None:
        require_address(terms.url, allowed)
    events = subscription.events if terms.events is None else ordered(terms.events)
    return _next(
        replace(
            subscription,
            name=terms.name or subscription.name,
            url=terms.url or subscription.url,
            events=events,
            state=terms.state or subscription.state,
        ),
        now,
    )


def what_changed(before: Subscription, after: Subscription) -> tuple[str, ...]:
    """Codes of what is otherwise than it was, without the administrator's words."""
    named = ("name", "url", "events")
    codes = tuple(name for name in named if getattr(before, name) != getattr(after, name))
    return codes if after.state is before.state else (*codes, f"state:{after.state}")


def with_new_secret(
    subscription: Subscription, secret: str, overlap: timedelta, now: datetime
) -> Subscription:
    """The subscription with another secret; the one before signs as well, that much longer."""
    turned = replace(
        subscription,
        secret=secret,
        previous_secret=subscription.secret if overlap else None,
        previous_until=now + overlap if overlap else None,
    )
    return _next(turned, now)


def ended(subscription: Subscription, now: datetime) -> Subscription:
    """The subscription, over, without secrets: nothing is signed any more."""
    over = replace(subscription, state=SubscriptionState.ENDED, secret="")
    return _next(replace(over, previous_secret=None, previous_until=None), now)


def _next(subscription: Subscription, now: datetime) -> Subscription:
    return replace(subscription, version=subscription.version + 1, changed_at=now)


def event_of(
    action: str, subscription: Subscription, by: str, now: datetime, codes: tuple[str, ...] = ()
) -> Event:
    """The line of the audit on what was done with a subscription."""
    about = (subscription.destination, *codes)
    return Event(f"subscription_{action}", by, now, None, None, None, about)
