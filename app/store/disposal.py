"""Disposing of a transfer: what may be due, what stands around it, and taking it all away."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import and_, delete, exists, func, insert, or_, select
from sqlalchemy.sql.elements import ColumnElement

from app.domain.disposal import DISPOSED, Standing, Tombstone
from app.domain.instants import start_of_day
from app.domain.london import local_date
from app.domain.pathway import Stage
from app.domain.retention import ENTERED_IN_ERROR, STALE, Retention
from app.domain.time_units import months_on
from app.domain.transfer import Transfer
from app.store.delivery_rows import CANCELLED, DELIVERED
from app.store.engine import Transaction
from app.store.forget_child import forget_child, is_in_transfer
from app.store.legal_holds import is_held
from app.store.subject_access import forget_requests, is_requested
from app.store.tables import (
    deliveries,
    disposed_transfers,
    meeting_attendance,
    meeting_cases,
    meetings,
    metadata,
    milestones,
    transfer_children,
    transfers,
)
from app.store.transfers import load_transfer

TRANSFER = "transfer"
OUTLIVES = frozenset({"audit_events"})
"""Tables that speak of a transfer and stay: the audit, which tells that it was disposed of."""


async def may_be_due(
    tx: Transaction, retention: Retention, now: datetime, after: str, limit: int
) -> list[str]:
    """Ids past `after` of transfers that ended long enough ago; the domain says which are due."""
    query = (
        select(transfers.c.id)
        .where(transfers.c.id > after, _long_ago(retention, now))
        .order_by(transfers.c.id)
        .limit(limit)
    )
    return list((await tx.connection.execute(query)).scalars())


async def untouched_drafts(tx: Transaction, before: datetime, after: str, limit: int) -> list[str]:
    """Ids past `after` of drafts that were never sent and have not changed since `before`."""
    query = (
        select(transfers.c.id)
        .where(
            transfers.c.id > after,
            transfers.c.stage == Stage.DRAFT.value,
            transfers.c.dispatch == 0,
            transfers.c.changed_at <= before,
        )
        .order_by(transfers.c.id)
        .limit(limit)
    )
    return list((await tx.connection.execute(query)).scalars())


async def standing_of(tx: Transaction, transfer_id: str) -> Standing | None:
    """The transfer, kept for this transaction, and what stands around it; None: there is none."""
    transfer = await load_transfer(tx, transfer_id, to_change=True)
    if transfer is None:
        return None
    children = [child.child_id for child in transfer.children]
    changed = select(transfers.c.changed_at).where(transfers.c.id == transfer_id)
    waiting = select(func.count()).where(
        deliveries.c.transfer == transfer_id,
        deliveries.c.state.not_in((DELIVERED.value, CANCELLED.value)),
    )
    return Standing(
        transfer=transfer,
        last_changed=(await tx.connection.execute(changed)).scalar_one(),
        held=await is_held(tx, transfer.authority, transfer_id, children),
        requested=await is_requested(tx, transfer.authority, children),
        undelivered=(await tx.connection.execute(waiting)).scalar_one(),
    )


async def dispose_of(tx: Transaction, transfer: Transfer, stone: Tombstone) -> None:
    """Leave the tombstone, and nothing else of the transfer but its audit.

    Every table that speaks of a transfer is emptied of it, whichever there are; so is a meeting
    that has no other case. A child who is in no other transfer is forgotten everywhere.
    """
    await tx.connection.execute(insert(disposed_transfers).values(asdict(stone)))
    held = select(meeting_cases.c.meeting).where(meeting_cases.c.transfer == transfer.id)
    met = list((await tx.connection.execute(held)).scalars())
    for table in reversed(metadata.sorted_tables):
        if TRANSFER in table.c and table.name not in OUTLIVES:
            await tx.connection.execute(delete(table).where(table.c[TRANSFER] == transfer.id))
    await tx.connection.execute(delete(transfers).where(transfers.c.id == transfer.id))
    await _forget_meetings(tx, met)
    for child in transfer.children:
        if not await is_in_transfer(tx, transfer.authority, child.child_id):
            await forget_requests(tx, transfer.authority, child.child_id)
            why = (DISPOSED, f"transfer:{transfer.id}")
            await forget_child(tx, transfer.authority, child.child_id, stone.disposed_at, why)


async def tombstones(tx: Transaction, authority: str) -> list[Tombstone]:
    """What is left of the authority's transfers that were disposed of, the latest first."""
    query = select(disposed_transfers).where(disposed_transfers.c.authority == authority)
    found = await tx.connection.execute(query.order_by(disposed_transfers.c.disposed_at.desc()))
    return [Tombstone(**row) for row in found.mappings()]


def _long_ago(retention: Retention, now: datetime) -> ColumnElement[bool]:
    """No later than what the domain says: days here are counted roughly, and never too many."""
    today = local_date(now)
    changed = transfers.c.changed_at

    def before(months: int = 0, days: int = 0) -> ColumnElement[bool]:
        day = months_on(today, -months).toordinal() - days + 2
        return changed < start_of_day(today.fromordinal(day))

    def cancelled_as(reason: str) -> ColumnElement[bool]:
        return exists().where(
            milestones.c.transfer == transfers.c.id,
            milestones.c.name == "cancelled",
            milestones.c.reason == reason,
        )

    born_after = months_on(today, -12 * retention.until_age)
    too_young = exists().where(
        transfer_children.c.transfer == transfers.c.id,
        transfer_children.c.date_of_birth > born_after.fromordinal(born_after.toordinal() + 2),
    )
    completed = transfers.c.stage == Stage.COMPLETED.value
    cancelled = transfers.c.stage == Stage.CANCELLED.value
    return or_(
        and_(completed, before(months=12 * retention.years), ~too_young),
        and_(
            cancelled,
            or_(
                before(months=12 * retention.cancelled_years),
                and_(before(days=retention.entered_in_error_days), cancelled_as(ENTERED_IN_ERROR)),
                and_(before(days=retention.stale_days), cancelled_as(STALE)),
            ),
        ),
    )


async def _forget_meetings(tx: Transaction, ids: Collection[str]) -> None:
    """Of a meeting without a case nobody needs to know who sat in it, or what they said."""
    other = select(meeting_cases.c.meeting).where(meeting_cases.c.meeting.in_(ids))
    kept = set((await tx.connection.execute(other)).scalars())
    over = sorted(set(ids) - kept)
    await tx.connection.execute(
        delete(meeting_attendance).where(meeting_attendance.c.meeting.in_(over))
    )
    await tx.connection.execute(delete(meetings).where(meetings.c.id.in_(over)))
