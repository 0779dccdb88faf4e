"""Subscriptions in and out of their rows."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import RowMapping, Select, bindparam, delete, func, insert, literal, select, update

from app.domain.event_types import EventType
from app.domain.messages import MessageKind
from app.domain.see_to_subscription import ordered
from app.domain.subscription import SUBSCRIBER, Subscription, SubscriptionState
from app.store.delivery_rows import CANCELLED, OPEN, PENDING, STUCK
from app.store.engine import Transaction
from app.store.tables import deliveries, subscription_events, subscriptions

_PLAIN = (
    *("id", "authority", "name", "url", "version", "created_by", "created_at", "changed_at"),
    *("secret", "previous_secret", "previous_until"),
)


_IS_OPEN = deliveries.c.state.in_(
    bindparam(None, [state.value for state in OPEN], expanding=True, literal_execute=True)
)
"""Said so that the partial index of what is due is seen to fit."""


async def insert_subscription(tx: Transaction, subscription: Subscription) -> None:
    """A new subscription."""
    await tx.connection.execute(insert(subscriptions).values(_row(subscription)))
    await _keep_events(tx, subscription)


async def update_subscription(tx: Transaction, before: Subscription, after: Subscription) -> None:
    """The change from `before` to `after`, which this transaction has read to change."""
    row = {name: value for name, value in _row(after).items() if name != "id"}
    await tx.connection.execute(
        update(subscriptions).where(subscriptions.c.id == after.id).values(row)
    )
    if after.events != before.events:
        await tx.connection.execute(
            delete(subscription_events).where(subscription_events.c.subscription == after.id)
        )
        await _keep_events(tx, after)


async def load_subscription(
    tx: Transaction, subscription_id: str, *, to_change: bool = False
) -> Subscription | None:
    """The subscription of that id, or None; `to_change` keeps its row for this transaction."""
    query = select(subscriptions).where(subscriptions.c.id == subscription_id)
    found = await tx.connection.execute(query.with_for_update() if to_change else query)
    row = found.mappings().one_or_none()
    if row is None:
        return None
    events = await _events_of(tx, [subscription_id])
    return _subscription(row, events[subscription_id])


async def list_subscriptions(tx: Transaction, authority: str) -> list[Subscription]:
    """Every subscription of an authority, those that have ended too, the oldest first."""
    query = select(subscriptions).where(subscriptions.c.authority == authority)
    found = await tx.connection.execute(
        query.order_by(subscriptions.c.created_at, subscriptions.c.id)
    )
    rows = found.mappings().all()
    events = await _events_of(tx, [row["id"] for row in rows])
    return [_subscription(row, events[row["id"]]) for row in rows]


async def due_subscribers(
    tx: Transaction, now: datetime, limit: int, *, after: str = ""
) -> list[str]:
    """The destinations, of all authorities, that an event is due for: those past `after`, and
    then from the first one on, so that who looks again and again sees each in its turn.
    """  # noqa: D205
    return list((await tx.connection.execute(due_query(now, limit, after))).scalars())


def due_query(now: datetime, limit: int, after: str = "") -> Select[str]:
    """Not what is paused; but what has ended, so that what still waits for it is settled."""
    destination = literal(f"{SUBSCRIBER}:") + subscriptions.c.id
    first = (
        select(func.min(deliveries.c.next_attempt_at))
        .where(
            deliveries.c.destination == destination,
            _IS_OPEN,
            deliveries.c.next_attempt_at <= now,
        )
        .scalar_subquery()
    )
    due = (
        select(destination.label("destination"), first.label("first"))
        .where(subscriptions.c.state != SubscriptionState.PAUSED.value)
        .subquery()
    )
    query = select(due.c.destination).where(due.c.first.is_not(None))
    return query.order_by(due.c.destination <= after, due.c.destination).limit(limit)


async def cancel_what_waits(tx: Transaction, subscription: Subscription, now: datetime) -> None:
    """Of a subscription that has ended nothing is sent any more."""
    await tx.connection.execute(
        update(deliveries)
        .where(
            deliveries.c.destination == subscription.destination,
            deliveries.c.kind == MessageKind.EVENT.value,
            deliveries.c.state.in_((PENDING, *STUCK)),
        )
        .values(state=CANCELLED, outcome="the subscription has ended", settled_at=now)
    )


async def _keep_events(tx: Transaction, subscription: Subscription) -> None:
    rows = [{"subscription": subscription.id, "event": kind.value} for kind in subscription.events]
    await tx.connection.execute(insert(subscription_events), rows)


async def _events_of(tx: Transaction, ids: Collection[str]) -> dict[str, list[EventType]]:
    kept = subscription_events.c
    query = select(kept.subscription, kept.event).where(kept.subscription.in_(ids))
    found: dict[str, list[EventType]] = {id_: [] for id_ in ids}
    for subscription, event in await tx.connection.execute(query):
        found[subscription].append(EventType(event))
    return found


def _row(subscription: Subscription) -> dict[str, object]:
    plain = {name: getattr(subscription, name) for name in _PLAIN}
    return plain | {"state": subscription.state.value}


def _subscription(row: RowMapping, events: Collection[EventType]) -> Subscription:
    return Subscription(
        **{name: row[name] for name in _PLAIN},
        state=SubscriptionState(row["state"]),
        events=ordered(events),
    )
