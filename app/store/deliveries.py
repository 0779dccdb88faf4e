"""The outbox: deliveries in, and for the relay claim, mark, list and replay.

States: pending, leased, delivered, uncertain, parked, cancelled. Order holds per (transfer,
destination): a row is claimable only when no earlier row of its pair is pending or leased. A
task's own delivery, parked or uncertain, holds back the later ones of its pair as well, because
they speak of a task that may not be there; replaying or withdrawing it sets them free, also where
it was put aside after its withdrawal.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import RowMapping, and_, exists, func, literal, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.domain.duty_task import CaseSystem
from app.domain.messages import PAYLOADS, Message, MessageKind, Payload
from app.store.engine import Transaction
from app.store.search import seen_by
from app.store.tables import alerts, deliveries, transfers


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
LATE = "delivery_late"
"""The kind of the alert on a late delivery; its key is that and the delivery's."""

_payloads = {kind: TypeAdapter(shape) for kind, shape in PAYLOADS.items()}


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery. `attempts` counts this attempt and is, with `leased_by`, its fence.

    `ambiguous`: an earlier attempt may have been processed although we saw no answer.
    """

    id: int
    key: str
    authority: str
    transfer: str
    destination: CaseSystem
    kind: MessageKind
    payload: Payload
    immediate_risk: bool
    alert_team: str
    state: DeliveryState
    attempts: int
    ambiguous: bool
    next_attempt_at: datetime
    leased_by: str | None
    outcome: str | None
    created_at: datetime
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of an attempt; `next_attempt_at` only with `pending`."""

    state: DeliveryState
    outcome: str
    next_attempt_at: datetime | None = None
    ambiguous: bool = False


async def enqueue(  # noqa: PLR0913 - a row has these columns
    tx: Transaction,
    message: Message,
    *,
    authority: str,
    alert_team: str,
    immediate_risk: bool,
    now: datetime,
) -> None:
    """Add a delivery, once a key.

    A withdrawal first cancels what still waits to be said of the transfer.
    """
    if message.kind is MessageKind.WITHDRAW_TASK:
        await tx.connection.execute(
            update(deliveries)
            .where(
                deliveries.c.transfer == message.transfer,
                deliveries.c.destination == message.destination.value,
                deliveries.c.state.in_((PENDING, *STUCK)),
            )
            .values(state=CANCELLED, outcome="withdrawn", settled_at=now)
        )
    dialect = sqlite if tx.connection.dialect.name == "sqlite" else postgresql
    await tx.connection.execute(
        dialect.insert(deliveries)
        .values(
            key=message.key,
            authority=authority,
            transfer=message.transfer,
            destination=message.destination.value,
            kind=message.kind.value,
            revision=message.revision,
            payload=_payloads[message.kind].dump_python(message.payload, mode="json"),
            immediate_risk=immediate_risk,
            alert_team=alert_team,
            state=PENDING,
            attempts=0,
            ambiguous=False,
            next_attempt_at=now,
            created_at=now,
        )
        .on_conflict_do_nothing(index_elements=["key"])
    )


async def claim(
    tx: Transaction,
    worker: str,
    now: datetime,
    *,
    lease: timedelta,
    limits: dict[CaseSystem, int],
) -> list[Delivery]:
    """Lease what is due, at most `limits` a destination: pending rows and rows whose lease ran out.

    A row whose lease ran out comes back `ambiguous`: its push may have been processed.
    """
    claimed: list[Delivery] = []
    for destination, limit in limits.items():
        if limit > 0:
            claimed += await _claim(tx, worker, now, lease, destination, limit)
    return claimed


async def _claim(  # noqa: PLR0913
    tx: Transaction,
    worker: str,
    now: datetime,
    lease: timedelta,
    destination: CaseSystem,
    limit: int,
) -> list[Delivery]:
    earlier, withdrawal = deliveries.alias("earlier"), deliveries.alias("withdrawal")
    due = or_(
        and_(deliveries.c.state == PENDING, deliveries.c.next_attempt_at <= now),
        and_(deliveries.c.state == LEASED, deliveries.c.leased_until < now),
    )
    withdrawn = (
        exists()
        .where(
            withdrawal.c.transfer == earlier.c.transfer,
            withdrawal.c.destination == earlier.c.destination,
            withdrawal.c.kind == MessageKind.WITHDRAW_TASK.value,
            withdrawal.c.id > earlier.c.id,
            withdrawal.c.id <= deliveries.c.id,
        )
        .correlate(earlier, deliveries)
    )
    put_aside = and_(
        earlier.c.kind == MessageKind.DELIVER_TASK.value, earlier.c.state.in_(STUCK), ~withdrawn
    )
    blocked = exists().where(
        earlier.c.transfer == deliveries.c.transfer,
        earlier.c.destination == deliveries.c.destination,
        earlier.c.id < deliveries.c.id,
        or_(earlier.c.state.in_(OPEN), put_aside),
    )
    chosen = (
        select(deliveries.c.id)
        .where(deliveries.c.destination == destination.value, due, ~blocked)
        .order_by(deliveries.c.next_attempt_at, deliveries.c.id)
        .limit(limit)
    )
    if tx.connection.dialect.name == "postgresql":
        chosen = chosen.with_for_update(of=deliveries, skip_locked=True)
    ids = chosen.cte("chosen")
    found = await tx.connection.execute(
        update(deliveries)
        .where(deliveries.c.id.in_(select(ids.c.id)))
        .values(
            ambiguous=or_(deliveries.c.ambiguous, deliveries.c.state == LEASED),
            state=LEASED,
            attempts=deliveries.c.attempts + 1,
            leased_by=worker,
            leased_until=now + lease,
        )
        .returning(deliveries)
    )
    return sorted((_delivery(row) for row in found.mappings()), key=lambda d: d.id)


async def settle(
    tx: Transaction, delivery: Delivery, settlement: Settlement, now: datetime
) -> bool:
    """Mark an attempt, if the lease is still this worker's and this attempt's; else False."""
    settled_at = None if settlement.state == PENDING else now
    values: dict[str, Any] = {
        "state": settlement.state,
        "outcome": settlement.outcome[:500],
        "ambiguous": settlement.ambiguous,
        "leased_by": None,
        "leased_until": None,
        "settled_at": settled_at,
    }
    if settlement.next_attempt_at is not None:
        values["next_attempt_at"] = settlement.next_attempt_at
    changed = await tx.connection.execute(
        update(deliveries)
        .where(
            deliveries.c.id == delivery.id,
            deliveries.c.state == LEASED,
            deliveries.c.leased_by == delivery.leased_by,
            deliveries.c.attempts == delivery.attempts,
        )
        .values(values)
    )
    return changed.rowcount == 1


async def give_back(tx: Transaction, delivery: Delivery, now: datetime) -> bool:
    """End a lease before its time: the push was cut off and may have been processed."""
    cut_off = Settlement(PENDING, "cut off by a stop", now, ambiguous=True)
    return await settle(tx, delivery, cut_off, now)


async def prove_delivered(tx: Transaction, key: str, now: datetime) -> None:
    """A report on a task proves that it arrived, whatever we saw of the push."""
    await tx.connection.execute(
        update(deliveries)
        .where(deliveries.c.key == key, deliveries.c.state.in_((*OPEN, *STUCK)))
        .values(state=DELIVERED, outcome="proved by a report", settled_at=now, ambiguous=False)
    )


async def replay(tx: Transaction, delivery_id: int, now: datetime) -> bool:
    """Put a parked or uncertain delivery back in the queue, key and payload unchanged.

    An uncertain one is no longer ambiguous: the person has decided that it is sent.
    """
    changed = await tx.connection.execute(
        update(deliveries)
        .where(deliveries.c.id == delivery_id, deliveries.c.state.in_(STUCK))
        .values(
            state=PENDING,
            ambiguous=and_(deliveries.c.ambiguous, deliveries.c.state != UNCERTAIN),
            next_attempt_at=now,
            attempts=0,
            settled_at=None,
        )
    )
    return changed.rowcount == 1


async def late_deliveries(
    tx: Transaction, *, since: datetime, immediate_risk_since: datetime, limit: int
) -> list[Delivery]:
    """Deliveries still open that were created by then and raised no alert yet; oldest first."""
    told = exists().where(alerts.c.key == literal(LATE) + ":" + deliveries.c.key)
    query = (
        select(deliveries)
        .where(
            deliveries.c.state.in_(OPEN),
            or_(
                deliveries.c.created_at <= since,
                and_(deliveries.c.immediate_risk, deliveries.c.created_at <= immediate_risk_since),
            ),
            ~told,
        )
        .order_by(deliveries.c.created_at, deliveries.c.id)
        .limit(limit)
    )
    found = await tx.connection.execute(query)
    return [_delivery(row) for row in found.mappings()]


async def load_delivery(tx: Transaction, delivery_id: int) -> Delivery | None:
    """The delivery of that id, or None."""
    found = await tx.connection.execute(select(deliveries).where(deliveries.c.id == delivery_id))
    row = found.mappings().one_or_none()
    return _delivery(row) if row else None


async def list_deliveries(  # noqa: PLR0913 - one parameter a filter
    tx: Transaction,
    *,
    authority: str,
    visible_to: frozenset[str] | None = None,
    transfer: str | None = None,
    state: str | None = None,
    after: int = 0,
    limit: int,
) -> list[Delivery]:
    """Deliveries of an authority in order, narrowed to teams, a transfer or a state."""
    query = select(deliveries).where(deliveries.c.authority == authority, deliveries.c.id > after)
    if visible_to is not None:
        query = query.join(transfers, transfers.c.id == deliveries.c.transfer).where(
            seen_by(visible_to)
        )
    if transfer is not None:
        query = query.where(deliveries.c.transfer == transfer)
    if state is not None:
        query = query.where(deliveries.c.state == state)
    found = await tx.connection.execute(query.order_by(deliveries.c.id).limit(limit))
    return [_delivery(row) for row in found.mappings()]


async def count_by_state(tx: Transaction) -> dict[tuple[str, str], int]:
    """How many deliveries stand in each (destination, state)."""
    found = await tx.connection.execute(
        select(deliveries.c.destination, deliveries.c.state, func.count()).group_by(
            deliveries.c.destination, deliveries.c.state
        )
    )
    return {(destination, state): count for destination, state, count in found}


def _delivery(row: RowMapping) -> Delivery:
    kind = MessageKind(row["kind"])
    return Delivery(
        id=row["id"],
        key=row["key"],
        authority=row["authority"],
        transfer=row["transfer"],
        destination=CaseSystem(row["destination"]),
        kind=kind,
        payload=_payloads[kind].validate_python(row["payload"]),
        immediate_risk=row["immediate_risk"],
        alert_team=row["alert_team"],
        state=DeliveryState(row["state"]),
        attempts=row["attempts"],
        ambiguous=row["ambiguous"],
        next_attempt_at=row["next_attempt_at"],
        leased_by=row["leased_by"],
        outcome=row["outcome"],
        created_at=row["created_at"],
        settled_at=row["settled_at"],
    )
