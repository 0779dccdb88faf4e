"""The relay's side of the outbox: claim with a lease, settle behind a fence, replay.

Order holds per (transfer, destination): a row is claimable only when no earlier row of its pair is
pending or leased. A task's own delivery, parked or uncertain, holds back the later ones of its pair
as well, because they speak of a task that may not be there; replaying or withdrawing it sets them
free.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    and_,
    bindparam,
    exists,
    false,
    or_,
    select,
    union_all,
    update,
)

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
    DeliveryState,
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
    limits: Mapping[str, int],
) -> list[Delivery]:
    """Lease what is due, at most `limits` a destination: pending rows and rows whose lease ran out.

    A row whose lease ran out comes back `ambiguous`: its push may have been processed.
    """
    if not limits:
        return []
    chosen = [_claimable(destination, now).limit(limit) for destination, limit in limits.items()]
    if tx.connection.dialect.name == "postgresql":
        chosen = [query.with_for_update(of=deliveries, skip_locked=True) for query in chosen]
    ids = union_all(*(select(query.subquery().c.id) for query in chosen)).cte("chosen")
    found = await tx.connection.execute(
        update(deliveries)
        .where(deliveries.c.id.in_(select(ids.c.id)))
        .values(
            ambiguous=or_(deliveries.c.ambiguous, _is(deliveries, LEASED)),
            state=LEASED,
            attempts=deliveries.c.attempts + 1,
            claims=deliveries.c.claims + 1,
            leased_by=worker,
            leased_until=now + lease,
        )
        .returning(deliveries)
    )
    return sorted((delivery_of(row) for row in found.mappings()), key=lambda d: d.id)


async def is_due(tx: Transaction, now: datetime, destinations: Iterable[str]) -> bool:
    """Whether a claim would find anything for one of these destinations; only looks."""
    due = [_claimable(destination, now).exists() for destination in destinations]
    return bool((await tx.connection.execute(select(or_(false(), *due)))).scalar())


def _claimable(destination: str, now: datetime) -> Select[tuple[int]]:
    """The ids of what is due for a destination, oldest first: a range of one partial index."""
    earlier, withdrawal = deliveries.alias("earlier"), deliveries.alias("withdrawal")
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
        earlier.c.kind == MessageKind.DELIVER_TASK.value, _is(earlier, *STUCK), ~withdrawn
    )
    blocked = exists().where(
        earlier.c.transfer == deliveries.c.transfer,
        earlier.c.destination == deliveries.c.destination,
        earlier.c.id < deliveries.c.id,
        or_(_is(earlier, *OPEN), put_aside),
    )
    return (
        select(deliveries.c.id)
        .where(
            deliveries.c.destination == destination,
            _is(deliveries, *OPEN),
            deliveries.c.next_attempt_at <= now,  # of a lease too: it began after that time
            or_(_is(deliveries, PENDING), deliveries.c.leased_until < now),
            ~blocked,
        )
        .order_by(deliveries.c.next_attempt_at, deliveries.c.id)
    )


def _is(rows: FromClause, *states: DeliveryState) -> ColumnElement[bool]:
    """Whether rows are in one of the states, said so that a partial index is seen to fit."""
    said = [state.value for state in states]
    return rows.c.state.in_(bindparam(None, said, expanding=True, literal_execute=True))


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

    A subscriber is sent an event again that arrived, too: it knows what it has by the event's id.

    An uncertain one is no longer ambiguous: the person has decided that it is sent.
    """
    taken = and_(deliveries.c.kind == MessageKind.EVENT.value, deliveries.c.state == DELIVERED)
    changed = await tx.connection.execute(
        update(deliveries)
        .where(deliveries.c.id == delivery_id, or_(deliveries.c.state.in_(STUCK), taken))
        .values(
            state=PENDING,
            ambiguous=and_(deliveries.c.ambiguous, deliveries.c.state != UNCERTAIN),
            next_attempt_at=now,
            attempts=0,
            settled_at=None,
        )
    )
    return changed.rowcount == 1
