"""The times that the relay works by, in the tests, and a mark as the relay makes it."""

from datetime import datetime, timedelta

from store.kept import BOOK

from app.store.engine import Transaction
from app.usecases.mark_deliveries import AlertAfter, Mark, mark_deliveries

LEASE = timedelta(seconds=60)
QUIET_FOR = timedelta(minutes=15)
ALERT_AFTER = AlertAfter(timedelta(minutes=15), timedelta(hours=1))


async def marked(tx: Transaction, mark: Mark, now: datetime) -> bool:
    """Mark one delivery; whether its lease was still ours."""
    ours = await mark_deliveries(tx, BOOK, [mark], now=now, alert_after=ALERT_AFTER)
    return mark.delivery.id in ours
