"""Publishing: an event becomes one delivery a subscription that asks for it, in one statement."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, String, bindparam, false, literal, select, union_all

from app.domain.messages import MessageKind
from app.domain.published_event import PublishedEvent
from app.domain.subscription import SUBSCRIBER, SubscriptionState
from app.store.column_types import Instant, Json
from app.store.delivery_rows import PENDING, payloads
from app.store.engine import Transaction
from app.store.statement import Statement, insert_into
from app.store.tables import deliveries, subscription_events, subscriptions

_PAYLOAD = payloads[MessageKind.EVENT]
_ENDED = SubscriptionState.ENDED.value


async def publish(
    tx: Transaction, authority: str, events: Sequence[PublishedEvent], now: datetime
) -> None:
    """Queue the events for the authority's subscriptions, each once, in this order."""
    if events:
        values = {"authority": authority, "now": now}
        for place, event in enumerate(events):
            values |= _values(event, place) | {f"type_{place}": event.type.value}
        await tx.change(_publishing(len(events)), values)


async def publish_to(
    tx: Transaction, authority: str, subscription: str, event: PublishedEvent, now: datetime
) -> None:
    """Queue an event for that subscription alone, whether or not it asks for such."""
    own = {"authority": authority, "now": now, "subscription": subscription}
    await tx.change(_TO_ONE, own | _values(event, 0))


def _values(event: PublishedEvent, place: int) -> dict[str, Any]:
    return {
        f"transfer_{place}": event.transfer,
        f"before_{place}": f"{event.transfer or ''}:",
        f"after_{place}": f":{MessageKind.EVENT.value}:{event.revision}",
        f"revision_{place}": event.revision,
        f"payload_{place}": _PAYLOAD.dump_python(event, mode="json"),
    }


@cache
def _publishing(many: int) -> Statement:
    """For so many events: those of one decision go in one round trip."""
    asking = [_asking(place) for place in range(many)]
    chosen = asking[0] if many == 1 else union_all(*asking)
    return Statement(
        lambda dialect: (
            insert_into(dialect, deliveries)
            .inline()
            .from_select(list(_columns(0)), chosen)
            .on_conflict_do_nothing(index_elements=["key"])
        )
    )


def _asking(place: int) -> Select[*tuple[Any, ...]]:
    asked, chosen = subscriptions.c, subscription_events.c
    return (
        select(*_columns(place).values())
        .join(subscription_events, chosen.subscription == asked.id)
        .where(
            asked.authority == bindparam("authority"),
            asked.state != _ENDED,
            chosen.event == bindparam(f"type_{place}"),
        )
    )


def _columns(place: int) -> dict[str, ColumnElement[Any]]:
    """A delivery of the event of that place, as columns beside a subscription."""
    destination = literal(f"{SUBSCRIBER}:") + subscriptions.c.id
    key = (
        bindparam(f"before_{place}", type_=String)
        + destination
        + bindparam(f"after_{place}", type_=String)
    )
    now = bindparam("now", type_=Instant)
    return {
        "key": key,
        "authority": subscriptions.c.authority,
        "transfer": bindparam(f"transfer_{place}", type_=String),
        "destination": destination,
        "kind": literal(MessageKind.EVENT.value),
        "revision": bindparam(f"revision_{place}", type_=String),
        "payload": bindparam(f"payload_{place}", type_=Json),
        "immediate_risk": false(),
        "alert_team": destination,
        "state": literal(PENDING.value),
        "attempts": literal(0),
        "claims": literal(0),
        "ambiguous": false(),
        "next_attempt_at": now,
        "created_at": now,
    }


_TO_ONE = Statement(
    lambda dialect: (
        insert_into(dialect, deliveries)
        .inline()
        .from_select(
            list(_columns(0)),
            select(*_columns(0).values()).where(
                subscriptions.c.id == bindparam("subscription"),
                subscriptions.c.authority == bindparam("authority"),
            ),
        )
    )
)
