"""Rows that are kept for a number of days, whatever transfer they are of: unless it is held."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy import Table, and_, delete, exists, func, select, update
from sqlalchemy.sql.elements import ColumnElement

from app.domain.duty_task import DutyTask, TaskMeeting
from app.domain.messages import MessageKind
from app.store.delivery_rows import CANCELLED, DELIVERED, payloads
from app.store.engine import Transaction
from app.store.legal_holds import is_child_held, is_held_by_row
from app.store.tables import alerts, deliveries, inbox, subject_access, subject_access_exports

REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class OlderThan:
    """What is deleted, or minimised, where it is older."""

    payloads: datetime
    callbacks: datetime
    alerts: datetime
    exports: datetime


def _rows_of(than: OlderThan) -> Mapping[str, tuple[Table, ColumnElement[bool]]]:
    exports = subject_access_exports.c
    of_held = exists().where(subject_access.c.id == exports.request, is_child_held())
    rows = {
        "callbacks": (inbox, inbox.c.received_at < than.callbacks, _is_held(inbox)),
        "alerts": (alerts, alerts.c.raised_at < than.alerts, _is_held(alerts)),
        "exports": (subject_access_exports, exports.expires_at <= than.exports, of_held),
    }
    return {kind: (table, and_(old, ~held)) for kind, (table, old, held) in rows.items()}


async def forget_old_rows(tx: Transaction, than: OlderThan, limit: int) -> int:
    """Delete so many of each kind; how many of the kind of which there were most."""
    most = 0
    for table, old in _rows_of(than).values():
        keys = list(table.primary_key)
        found = (await tx.connection.execute(select(*keys).where(old).limit(limit))).all()
        for values in found:
            these = (key == value for key, value in zip(keys, values, strict=True))
            await tx.connection.execute(delete(table).where(and_(*these)))
        most = max(most, len(found))
    return most


async def minimise_payloads(tx: Transaction, than: OlderThan, limit: int) -> int:
    """Take the persons out of so many tasks that arrived or never will; how many.

    What is left keeps the shape of a task, and the digest of what it was.
    """
    query = select(deliveries.c.id, deliveries.c.payload).where(_minimisable(than))
    found = (
        await tx.connection.execute(query.order_by(deliveries.c.settled_at).limit(limit))
    ).all()
    shape = payloads[MessageKind.DELIVER_TASK]
    for delivery, payload in found:
        less = shape.dump_python(minimised(shape.validate_python(payload)), mode="json")
        digest = sha256(orjson.dumps(payload, option=orjson.OPT_SORT_KEYS)).hexdigest()
        await tx.connection.execute(
            update(deliveries)
            .where(deliveries.c.id == delivery)
            .values(payload=less, payload_digest=digest)
        )
    return len(found)


def minimised(task: Any) -> DutyTask:  # noqa: ANN401 - as the adapter gives it
    """The same task, of nobody.

    Raises:
        TypeError: it is no task.
    """
    if not isinstance(task, DutyTask):
        raise TypeError("not a task")
    return replace(
        task,
        comments=REMOVED,
        from_worker=REMOVED,
        record_id=REMOVED,
        meeting=TaskMeeting(),
        children=(),
        forms=(),
        statements={},
        primary_need=None,
        next_lead_professional=None,
        team_around_the_family=(),
    )


async def count_old_rows(tx: Transaction, than: OlderThan) -> dict[str, int]:
    """How many are due, by their kind."""
    counts = {
        kind: select(func.count()).select_from(table).where(old)
        for kind, (table, old) in _rows_of(than).items()
    }
    counts["payloads"] = select(func.count()).select_from(deliveries).where(_minimisable(than))
    return {
        kind: (await tx.connection.execute(query)).scalar_one() for kind, query in counts.items()
    }


def _is_held(table: Table) -> ColumnElement[bool]:
    return is_held_by_row(table.c.transfer)


def _minimisable(than: OlderThan) -> ColumnElement[bool]:
    of = deliveries.c
    return and_(
        of.kind == MessageKind.DELIVER_TASK.value,
        of.state.in_((DELIVERED.value, CANCELLED.value)),
        of.payload_digest.is_(None),
        of.settled_at < than.payloads,
        ~_is_held(deliveries),
    )
