"""The outbox: deliveries in, one a key, and out again as lists and counts."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, exists, func, literal, literal_column, or_, select

from app.domain.authority import VisibleTo
from app.domain.duty_task import SharingLimit
from app.domain.messages import Message, MessageKind
from app.domain.withheld import Reader
from app.store.delivery_rows import (
    DELIVERED,
    LATE,
    OPEN,
    PENDING,
    STUCK,
    Delivery,
    delivery_of,
    payloads,
)
from app.store.engine import Transaction
from app.store.pending_tasks import cancel_what_waits, replace_tasks
from app.store.rows import insert_unless_there
from app.store.search import seen_by
from app.store.statement import Statement
from app.store.tables import alerts, deliveries, transfers
from app.store.withheld import open_to

_IS_UNDELIVERED = deliveries.c.state != literal_column(f"'{DELIVERED}'")
"""In these words, so that a query that is planned for any state finds the index of these."""
CHANNEL = "transfers_deliveries"
"""Where PostgreSQL gives notice of new deliveries, where the store is told to."""
_NOTIFY = Statement(select(func.pg_notify(literal(CHANNEL), literal("")).label("told")))


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

    A withdrawal first cancels what still waits to be said of the transfer; a limit of sharing
    first replaces a task that has not arrived by one without the forms that it names.
    """
    if message.kind is MessageKind.WITHDRAW_TASK:
        await cancel_what_waits(tx, message, now)
    if isinstance(message.payload, SharingLimit):
        await replace_tasks(tx, message, message.payload, now)
    row = {
        "key": message.key,
        "authority": authority,
        "transfer": message.transfer,
        "destination": message.destination.value,
        "kind": message.kind.value,
        "revision": message.revision,
        "payload": payloads[message.kind].dump_python(message.payload, mode="json"),
        "immediate_risk": immediate_risk,
        "alert_team": alert_team,
        "state": PENDING,
        "attempts": 0,
        "claims": 0,
        "ambiguous": False,
        "next_attempt_at": now,
        "created_at": now,
    }
    await insert_unless_there(tx, deliveries, row, unique="key")
    if tx.notifies:
        await tx.rows(_NOTIFY, {})


_TO_CASE_SYSTEMS = deliveries.c.kind != MessageKind.EVENT.value


async def late_deliveries(
    tx: Transaction, *, since: datetime, immediate_risk_since: datetime, limit: int
) -> list[Delivery]:
    """Deliveries still open that were created by then and raised no alert yet; oldest first.

    Of those to case systems: a subscriber who takes nothing is told of where one fails.
    """
    told = exists().where(alerts.c.key == literal(LATE) + ":" + deliveries.c.key)
    query = (
        select(deliveries)
        .where(
            deliveries.c.state.in_(OPEN),
            _TO_CASE_SYSTEMS,
            _IS_UNDELIVERED,
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
    return [delivery_of(row) for row in found.mappings()]


async def load_delivery(tx: Transaction, delivery_id: int) -> Delivery | None:
    """The delivery of that id, or None."""
    found = await tx.connection.execute(select(deliveries).where(deliveries.c.id == delivery_id))
    row = found.mappings().one_or_none()
    return delivery_of(row) if row else None


async def list_deliveries(  # noqa: PLR0913 - one parameter a filter
    tx: Transaction,
    *,
    authority: str,
    visible_to: VisibleTo | None = None,
    transfer: str | None = None,
    state: str | None = None,
    after: int = 0,
    limit: int,
) -> list[Delivery]:
    """Messages to case systems of an authority in order, narrowed to what may be seen, a transfer
    or a state.
    """  # noqa: D205
    query = select(deliveries).where(
        deliveries.c.authority == authority, deliveries.c.id > after, _TO_CASE_SYSTEMS
    )
    if visible_to is not None and visible_to.every and visible_to.reader is not None:
        query = query.where(open_to(deliveries.c.transfer, authority, visible_to.reader))
    elif visible_to is not None:
        # A subquery for each, not a join: PostgreSQL expects few to be seen, and would look up all
        # of a team's transfers first, and put what was sent of them in order.
        theirs = seen_by(visible_to, authority)
        seen = select(theirs).where(transfers.c.id == deliveries.c.transfer)
        query = query.where(seen.scalar_subquery())
    if transfer is not None:
        query = query.where(deliveries.c.transfer == transfer)
    if state is not None:
        query = query.where(deliveries.c.state == state)
        if state != DELIVERED:
            query = query.where(_IS_UNDELIVERED)
    found = await tx.connection.execute(query.order_by(deliveries.c.id).limit(limit))
    return [delivery_of(row) for row in found.mappings()]


async def count_unsettled(tx: Transaction) -> dict[tuple[str, str], int]:
    """How many deliveries stand in each (destination, state) that something is still to follow."""
    found = await tx.connection.execute(unsettled_query())
    return {(destination, state): count for destination, state, count in found}


def unsettled_query() -> Select[str, str, int]:
    """What is delivered or cancelled is passed over: it grows without end."""
    columns = (deliveries.c.destination, deliveries.c.state)
    here = (deliveries.c.state.in_((*OPEN, *STUCK)), _IS_UNDELIVERED)
    return select(*columns, func.count()).where(*here).group_by(*columns)


async def deliveries_to(  # noqa: PLR0913 - to whom, for whom, which page
    tx: Transaction,
    destination: str,
    *,
    theirs: tuple[str, Reader] | None = None,
    state: str | None,
    after: int,
    limit: int,
) -> list[Delivery]:
    """What was sent to a subscriber, in order, narrowed to a state.

    `theirs`: of the authority, without what is withheld from the reader.
    """
    query = log_query(destination, state, after)
    if theirs is not None:
        of = deliveries.c.transfer
        query = query.where(or_(of.is_(None), open_to(of, *theirs)))
    found = await tx.connection.execute(query.limit(limit))
    return [delivery_of(row) for row in found.mappings()]


def log_query(destination: str, state: str | None, after: int) -> Select[*tuple[Any, ...]]:
    """Said so that the partial index of events is seen to fit."""
    query = select(deliveries).where(
        deliveries.c.destination == destination,
        deliveries.c.kind == literal_column(f"'{MessageKind.EVENT}'"),
        deliveries.c.id > after,
    )
    if state is not None:
        query = query.where(deliveries.c.state == state)
    return query.order_by(deliveries.c.id)
