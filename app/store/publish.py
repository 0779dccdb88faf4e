"""Publishing: an event becomes one delivery a subscription that asks for it, in one statement."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, literal, select, union_all

from app.domain.messages import MessageKind
from app.domain.published_event import PublishedEvent
from app.domain.subscription import SUBSCRIBER, SubscriptionState
from app.store.column_types import Instant, Json
from app.store.delivery_rows import PENDING, payloads
from app.store.engine import Transaction
from app.store.rows import insert_once
from app.store.tables import deliveries, subscription_events, subscriptions

_GETS = (SubscriptionState.ACTIVE.value, SubscriptionState.PAUSED.value)
_PAYLOAD = payloads[MessageKind.EVENT]


async def publish(
    tx: Transaction, authority: str, events: Sequence[PublishedEvent], now: datetime
) -> None:
    """Queue the events for the authority's subscriptions, each once, in this order."""
    if not events:
        return
    asking = [_asking(authority, event, now) for event in events]
    chosen = asking[0] if len(asking) == 1 else union_all(*asking)
    await tx.connection.execute(
        insert_once(tx, deliveries)
        .from_select([column.name for column in asking[0].selected_columns], chosen)
        .on_conflict_do_nothing(index_elements=["key"])
    )


async def publish_to(
    tx: Transaction, authority: str, subscription: str, event: PublishedEvent, now: datetime
) -> None:
    """Queue an event for that subscription alone, whether or not it asks for such."""
    columns = _columns(authority, event, now)
    chosen = select(*columns).where(subscriptions.c.id == subscription)
    await tx.connection.execute(
        insert_once(tx, deliveries).from_select([column.name for column in columns], chosen)
    )


def _asking(authority: str, event: PublishedEvent, now: datetime) -> Select[*tuple[object, ...]]:
    asked, chosen = subscriptions.c, subscription_events.c
    return (
        select(*_columns(authority, event, now))
        .join(subscription_events, chosen.subscription == asked.id)
        .where(
            asked.authority == authority,
            asked.state.in_(_GETS),
            chosen.event == event.type.value,
        )
    )


def _columns(authority: str, event: PublishedEvent, now: datetime) -> list[ColumnElement[Any]]:
    """A delivery of the event, as columns beside a subscription."""
    destination = literal(f"{SUBSCRIBER}:") + subscriptions.c.id
    kind = MessageKind.EVENT.value
    key = literal(f"{event.transfer or ''}:") + destination + f":{kind}:{event.revision}"
    columns: dict[str, ColumnElement[Any]] = {
        "key": key,
        "authority": literal(authority),
        "transfer": literal(event.transfer),
        "destination": destination,
        "kind": literal(kind),
        "revision": literal(event.revision),
        "payload": literal(_PAYLOAD.dump_python(event, mode="json"), Json),
        "immediate_risk": literal(value=False),
        "alert_team": destination,
        "state": literal(PENDING.value),
        "attempts": literal(0),
        "claims": literal(0),
        "ambiguous": literal(value=False),
        "next_attempt_at": literal(now, Instant),
        "created_at": literal(now, Instant),
    }
    return [column.label(name) for name, column in columns.items()]
