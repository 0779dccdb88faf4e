"""What a delivery is: its states, its row, and what an attempt makes of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import RowMapping

from app.domain.messages import PAYLOADS, MessageKind, Payload


class DeliveryState(StrEnum):
    """How a delivery stands; after any fault, those created are the sum of these."""

    PENDING = "pending"
    LEASED = "leased"
    DELIVERED = "delivered"
    UNCERTAIN = "uncertain"
    PARKED = "parked"
    CANCELLED = "cancelled"


PENDING, LEASED, DELIVERED = (
    DeliveryState.PENDING, DeliveryState.LEASED, DeliveryState.DELIVERED,
)  # fmt: skip
UNCERTAIN, PARKED, CANCELLED = (
    DeliveryState.UNCERTAIN, DeliveryState.PARKED, DeliveryState.CANCELLED,
)  # fmt: skip
OPEN = (PENDING, LEASED)
STUCK = (UNCERTAIN, PARKED)
LEASE_RAN_OUT = "its lease ran out"
RELAY_DIED = "its relay died"
CUT_OFF = "cut off by a stop"
UNSEEN = frozenset({LEASE_RAN_OUT, RELAY_DIED, CUT_OFF})
"""The outcomes of a push whose end nobody saw: the system may be at it still."""
LATE = "delivery_late"
"""The kind of the alert on a late delivery; its key is that and the delivery's."""

payloads = {kind: TypeAdapter(shape) for kind, shape in PAYLOADS.items()}


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery.

    `attempts` counts since it was written or replayed; `claims` counts every lease there ever was
    and is, with `leased_by`, the fence of the present one.
    `transfer` is None where a subscriber is told of something else: its own test.
    `ambiguous`: an earlier attempt may have been processed although we saw no answer.
    """

    id: int
    key: str
    authority: str
    transfer: str | None
    destination: str
    kind: MessageKind
    payload: Payload
    immediate_risk: bool
    alert_team: str
    state: DeliveryState
    attempts: int
    claims: int
    ambiguous: bool
    next_attempt_at: datetime
    leased_by: str | None
    outcome: str | None
    created_at: datetime
    settled_at: datetime | None

    @property
    def of_transfer(self) -> str:
        """The transfer that it is of.

        Raises:
            LookupError: it is of none.
        """
        if self.transfer is None:
            raise LookupError(f"delivery {self.id} is of no transfer")
        return self.transfer


@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of an attempt; `next_attempt_at` only with `pending`."""

    state: DeliveryState
    outcome: str
    next_attempt_at: datetime | None = None
    ambiguous: bool = False


def delivery_of(row: Mapping[str, Any] | RowMapping) -> Delivery:
    """A row as a delivery."""
    kind = MessageKind(row["kind"])
    return Delivery(
        id=row["id"],
        key=row["key"],
        authority=row["authority"],
        transfer=row["transfer"],
        destination=row["destination"],
        kind=kind,
        payload=payloads[kind].validate_python(row["payload"]),
        immediate_risk=row["immediate_risk"],
        alert_team=row["alert_team"],
        state=DeliveryState(row["state"]),
        attempts=row["attempts"],
        claims=row["claims"],
        ambiguous=row["ambiguous"],
        next_attempt_at=row["next_attempt_at"],
        leased_by=row["leased_by"],
        outcome=row["outcome"],
        created_at=row["created_at"],
        settled_at=row["settled_at"],
    )
