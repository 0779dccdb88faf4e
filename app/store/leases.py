"""The relay's side of the outbox: claim with a lease, settle behind a fence, replay.

Order holds per (transfer, destination): a row is claimable only when no earlier row of its pair is
pending or leased. A task's own delivery, parked or uncertain, holds back the later ones of its pair
as well, because they speak of a task that may not be there; replaying or withdrawing it sets them
free.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, exists, or_, select, update

from app.domain.duty_task import CaseSystem
from app.domain.messages import MessageKind
from app.store.delivery_rows import (
    DELIVERED,
    LEASED,
    OPEN,
    PENDING,
    STUCK,
    UNCERTAIN,
    Delivery,
    Settlement,
    delivery_of,
)
from app.store.engine import Transaction
from app.store.tables import deliveries


async def claim(
    tx: Transaction,
    worker: str,
    now: datetime,
    *,
    lease: timedelta,
    limits: dict[str, int],
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
    destination: str,
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
        .where(deliveries.c.destination == destination, due, ~blocked)
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
            claims=deliveries.c.claims + 1,
            leased_by=worker,
            leased_until=now + lease,
        )
        .returning(deliveries)
    )
    return sorted((delivery_of(row) for row in found.mappings()), key=lambda d: d.id)


async def settle(
    tx: Transaction, delivery: Delivery, settlement: Settlement, now: datetime
) -> bool:
    """Mark an attempt, if the lease is still this worker's and the very same; else False."""
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
            deliveries.c.claims == delivery.claims,
        )
        .values(values)
    )
    return changed.rowcount == 1


async def give_back(tx: Transaction, delivery: Delivery, now: datetime) -> bool:
    """End a lease before its time: the push was cut off and may have been processed."""
    cut_off = Settlement(PENDING, "cut off by a stop", now, ambiguous=True)
    return await settle(tx, delivery, cut_off, now)


async def prove_delivered(
    tx: Transaction, transfer: str, destination: CaseSystem, dispatch: int, now: datetime
) -> None:
    """A report on a task proves that it arrived, whatever we saw of the push.

    One that took its place (pending_tasks.py) goes by that number of the dispatch and a suffix.
    """
    revision = deliveries.c.revision
    await tx.connection.execute(
        update(deliveries)
        .where(
            deliveries.c.transfer == transfer,
            deliveries.c.destination == destination.value,
            deliveries.c.kind == MessageKind.DELIVER_TASK.value,
            or_(revision == str(dispatch), revision.startswith(f"{dispatch}.")),
            deliveries.c.state.in_((*OPEN, *STUCK)),
        )
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
