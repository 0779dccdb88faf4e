"""The relay's side of the outbox: claim with a lease, settle behind a fence, replay."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    and_,
    bindparam,
    or_,
    select,
    update,
)

from app.domain.messages import MessageKind
from app.store.claimable import claiming, looking
from app.store.delivery_rows import (
    CANCELLED,
    CUT_OFF,
    DELIVERED,
    LEASED,
    PENDING,
    RELAY_DIED,
    STUCK,
    UNCERTAIN,
    Delivery,
    Settlement,
    delivery_of,
)
from app.store.engine import Transaction
from app.store.rows import change_rows, of_several
from app.store.statement import Row, Statement
from app.store.tables import deliveries


@dataclass(frozen=True, slots=True)
class Proof:
    """A report spoke of the task of that dispatch, in that case system."""

    transfer: str
    destination: str
    dispatch: int


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
    given: dict[str, Any] = {"now": now, "worker": worker, "until": now + lease}
    for place, (destination, limit) in enumerate(limits.items()):
        given |= {f"destination_{place}": destination, f"limit_{place}": limit}
    found = await tx.rows(claiming(len(limits)), given)
    return sorted((delivery_of(row) for row in found), key=lambda d: d.id)


async def is_due(tx: Transaction, now: datetime, destinations: Collection[str]) -> bool:
    """Whether a claim would find anything for one of these destinations; only looks."""
    given: dict[str, Any] = {f"destination_{place}": one for place, one in enumerate(destinations)}
    return bool(await tx.row(looking(len(destinations)), {"now": now, **given}))


_HELD = of_several(
    deliveries.c.id,
    select(deliveries.c.id, deliveries.c.leased_by, deliveries.c.claims)
    .where(deliveries.c.state == LEASED.value)
    .order_by(deliveries.c.id)
    .with_for_update(),
)


async def settle(
    tx: Transaction, settled: Sequence[tuple[Delivery, Settlement]], now: datetime
) -> frozenset[int]:
    """Mark attempts, where the lease is still this worker's and the very same; the ids of those."""
    asked = {delivery.id: (delivery, settlement) for delivery, settlement in settled}
    held = await tx.rows(_HELD, {"ids": list(asked)})
    ours = [asked[row["id"]] for row in held if _is_held(asked[row["id"]][0], row)]
    await change_rows(tx, deliveries, [_settled_row(*one, now) for one in ours])
    return frozenset(delivery.id for delivery, _ in ours)


def _is_held(delivery: Delivery, row: Row) -> bool:
    return (delivery.leased_by, delivery.claims) == (row["leased_by"], row["claims"])


def _settled_row(delivery: Delivery, settlement: Settlement, now: datetime) -> dict[str, Any]:
    return {
        "id": delivery.id,
        "state": settlement.state,
        "outcome": settlement.outcome[:500],
        "ambiguous": settlement.ambiguous,
        "leased_by": None,
        "leased_until": None,
        "settled_at": None if settlement.state == PENDING else now,
        "next_attempt_at": settlement.next_attempt_at or delivery.next_attempt_at,
    }


async def give_back(tx: Transaction, cut_off: Sequence[Delivery], now: datetime) -> frozenset[int]:
    """End leases before their time: the pushes were cut off and may have been processed."""
    says = Settlement(PENDING, CUT_OFF, now, ambiguous=True)
    return await settle(tx, [(delivery, says) for delivery in cut_off], now)


async def take_back(tx: Transaction, dead: Iterable[str], now: datetime) -> int:
    """End the leases of workers that died: their pushes may have been processed. How many."""
    held = (
        select(deliveries.c.id)
        .where(deliveries.c.state == LEASED, deliveries.c.leased_by.in_(sorted(dead)))
        .order_by(deliveries.c.id)
        .with_for_update(skip_locked=True)
        .cte("held")
    )
    changed = await tx.connection.execute(
        update(deliveries)
        .where(deliveries.c.id.in_(select(held.c.id)))
        .values(
            state=PENDING,
            ambiguous=True,
            next_attempt_at=now,
            leased_by=None,
            leased_until=None,
            outcome=RELAY_DIED,
        )
        .returning(deliveries.c.id)
    )
    return len(changed.all())


async def prove_delivered(tx: Transaction, proofs: Iterable[Proof], now: datetime) -> None:
    """A report on a task proves that it arrived, whatever we saw of the push.

    One that took its place (pending_tasks.py) goes by that number of the dispatch and a suffix.
    """
    rows = [
        {
            "of": proof.transfer,
            "at": proof.destination,
            "one": str(proof.dispatch),
            "others": f"{proof.dispatch}.%",
            "now": now,
        }
        for proof in proofs
    ]
    await tx.change_many(_PROVE, rows)


_PROVE = Statement(
    update(deliveries)
    .where(
        deliveries.c.transfer == bindparam("of"),
        deliveries.c.destination == bindparam("at"),
        deliveries.c.kind == MessageKind.DELIVER_TASK.value,
        or_(
            deliveries.c.revision == bindparam("one"),
            deliveries.c.revision.like(bindparam("others")),
        ),
        deliveries.c.state != DELIVERED.value,
        deliveries.c.state != CANCELLED.value,
    )
    .values(
        state=DELIVERED.value,
        outcome="proved by a report",
        settled_at=bindparam("now"),
        ambiguous=False,
    )
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
