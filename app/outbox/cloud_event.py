"""An event on the wire: CloudEvents 1.0 in structured JSON."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import orjson

from app.domain.event_types import PREFIX
from app.domain.published_event import PublishedEvent
from app.store.delivery_rows import Delivery

_ENVELOPE = ("type", "revision", "at")


def body_of(delivery: Delivery) -> tuple[str, bytes]:
    """The event's id and its body, the same bytes on every attempt and replay.

    Raises:
        TypeError: the delivery carries no event.
    """
    event = delivery.payload
    if not isinstance(event, PublishedEvent):
        raise TypeError(f"delivery {delivery.id} carries no event")
    return event.id, orjson.dumps(cloud_event(event, delivery.authority))


def cloud_event(event: PublishedEvent, authority: str) -> dict[str, Any]:
    """The event with its envelope; what it has nothing to say of is left out."""
    told = {
        name: _plain(value)
        for name, value in asdict(event).items()
        if name not in _ENVELOPE and value not in (None, ())
    }
    return {
        "specversion": "1.0",
        "id": event.id,
        "source": f"/v1/authorities/{authority}",
        "type": f"{PREFIX}{event.type}",
        **({"subject": event.transfer} if event.transfer else {}),
        "time": _plain(event.at),
        "datacontenttype": "application/json",
        "data": told,
    }


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return list(value) if isinstance(value, tuple) else value
