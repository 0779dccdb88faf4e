"""Alert on late deliveries, also on those whose turn has not come (a relay tick, hazard 4)."""

from datetime import datetime

from app.store.deliveries import late_deliveries
from app.store.engine import Transaction
from app.usecases.mark_deliveries import AlertAfter, raise_late

MOST_AT_ONCE = 100


async def alert_late(tx: Transaction, *, now: datetime, alert_after: AlertAfter) -> int:
    """Raise an alert for each delivery that is late, once; how many."""
    late = await late_deliveries(
        tx,
        since=now - alert_after.otherwise,
        immediate_risk_since=now - alert_after.immediate_risk,
        limit=MOST_AT_ONCE,
    )
    for delivery in late:
        await raise_late(tx, delivery, now)
    return len(late)
