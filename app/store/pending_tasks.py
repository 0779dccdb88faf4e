"""Tasks on their way when something changes that must not wait until they have arrived.

A changed payload is a new revision (delivery.md): what waits is cancelled, and a row with the new
payload takes its place. One whose push is under way is cancelled too: should it have arrived, the
new row is the duplicate that the tray knows by its reference.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row, and_, exists, insert, or_, select, update

from app.domain.duty_task import DutyTask, SharingLimit
from app.domain.messages import Message, MessageKind
from app.store.delivery_rows import CANCELLED, DELIVERED, LEASED, OPEN, PENDING, STUCK
from app.store.engine import Transaction
from app.store.tables import deliveries

_TASK = TypeAdapter(DutyTask)


async def cancel_what_waits(tx: Transaction, message: Message, now: datetime) -> None:
    """Cancel what still waits to be said of the transfer to the destination of a withdrawal.

    What a tray must not share of a task that it has is said all the same, and so is an earlier
    withdrawal: the task that it names lies in another tray.
    """
    arrived = deliveries.alias("arrived")
    limits_what_arrived = and_(
        deliveries.c.kind == MessageKind.LIMIT_SHARING.value,
        exists().where(
            arrived.c.transfer == deliveries.c.transfer,
            arrived.c.destination == deliveries.c.destination,
            arrived.c.kind == MessageKind.DELIVER_TASK.value,
            arrived.c.state == DELIVERED,
            arrived.c.id < deliveries.c.id,
        ),
    )
    withdraws = deliveries.c.kind == MessageKind.WITHDRAW_TASK.value
    said_all_the_same = or_(limits_what_arrived, withdraws)
    await tx.connection.execute(
        update(deliveries)
        .where(*_of(message), deliveries.c.state.in_((PENDING, *STUCK)), ~said_all_the_same)
        .values(state=CANCELLED, outcome="withdrawn", settled_at=now)
    )


async def replace_tasks(
    tx: Transaction, message: Message, limit: SharingLimit, now: datetime
) -> None:
    """Put tasks without the forms of the limit in the place of those that have not arrived."""
    if not limit.forms:
        return
    query = select(deliveries).where(
        *_of(message),
        deliveries.c.kind == MessageKind.DELIVER_TASK.value,
        deliveries.c.state.in_((*OPEN, *STUCK)),
    )
    for row in (await tx.connection.execute(query.with_for_update())).all():
        task = _TASK.validate_python(row.payload)
        less = task.without(limit.forms)
        if less == task:
            continue
        payload = _TASK.dump_python(less, mode="json")
        await tx.connection.execute(
            update(deliveries)
            .where(deliveries.c.id == row.id)
            .values(
                state=CANCELLED,
                outcome="replaced by a task without what was withdrawn",
                payload=payload,
                leased_by=None,
                leased_until=None,
                settled_at=now,
            )
        )
        if task.reference == limit.reference:
            await tx.connection.execute(
                insert(deliveries).values(_in_its_place(row, message.revision, payload, now))
            )


def _in_its_place(
    row: Row[Any], revision: str, payload: dict[str, Any], now: datetime
) -> dict[str, Any]:
    """The row's successor: as old, as doubtful, and not before a push under way is over."""
    dispatch = row.revision.partition(".")[0]
    under_way = row.state == LEASED
    return {
        **{name: getattr(row, name) for name in _KEPT},
        "key": f"{row.transfer}:{row.destination}:{row.kind}:{dispatch}.{revision}",
        "revision": f"{dispatch}.{revision}",
        "payload": payload,
        "state": PENDING if row.state in OPEN else row.state,
        "ambiguous": row.ambiguous or under_way,
        "next_attempt_at": max(now, row.leased_until) if under_way else now,
        "attempts": 0,
        "claims": 0,
    }


_KEPT = (
    *("authority", "transfer", "destination", "kind", "immediate_risk", "alert_team"),
    *("created_at", "outcome", "settled_at"),
)


def _of(message: Message) -> Collection[Any]:
    return (
        deliveries.c.transfer == message.transfer,
        deliveries.c.destination == message.destination.value,
    )
