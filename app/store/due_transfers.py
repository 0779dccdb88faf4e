"""Which transfers may be due: ended long enough ago to be disposed of, or drafts left untouched."""

from datetime import datetime

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.sql.elements import ColumnElement

from app.domain.instants import start_of_day
from app.domain.london import local_date
from app.domain.pathway import Stage
from app.domain.retention import ENTERED_IN_ERROR, STALE, Retention
from app.domain.time_units import months_on
from app.store.engine import Transaction
from app.store.tables import milestones, transfer_children, transfers


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
