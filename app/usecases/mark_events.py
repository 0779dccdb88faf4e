"""Mark what was sent to a subscriber; one that is gone is subscribed no more (the relay's)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.decision import Alert
from app.domain.london import local_date
from app.domain.see_to_subscription import GONE, ended, event_of
from app.domain.subscription import SubscriptionState, subscription_of
from app.store.alerts import raise_alert
from app.store.delivery_rows import PARKED, PENDING, Delivery, Settlement
from app.store.engine import Transaction
from app.store.leases import settle
from app.store.subscriptions import cancel_what_waits, load_subscription, update_subscription
from app.store.unit_of_work import record_events


@dataclass(frozen=True, slots=True)
class EventMark:
    """What became of an event's attempt. `gone`: the subscriber is there no more."""

    delivery: Delivery
    settlement: Settlement
    gone: bool = False


async def mark_events(
    tx: Transaction, marks: Sequence[EventMark], *, now: datetime, late_after: timedelta
) -> frozenset[int]:
    """Settle the rows; the ids of those whose lease was still ours.

    Administrators are told once a day and subscription of what it does not take, and of what is
    still tried after `late_after`: the alert's team is the subscription itself, and nobody else
    sees it.
    """
    for gone in {mark.delivery.destination: mark for mark in marks if mark.gone}.values():
        await _end(tx, gone.delivery, now)
    ours = await settle(tx, [(mark.delivery, mark.settlement) for mark in marks], now)
    for mark in marks:
        delivery, settlement = mark.delivery, mark.settlement
        late = settlement.state is PENDING and now - delivery.created_at >= late_after
        if delivery.id in ours and (late or settlement.state is PARKED):
            kind = "event_late" if late else "event_parked"
            key = f"{kind}:{delivery.destination}:{local_date(now)}"
            says = f"A subscriber does not take its events: {settlement.outcome}"
            await _tell(tx, Alert(kind, key, delivery.destination, says), delivery, now)
    return ours


async def _end(tx: Transaction, delivery: Delivery, now: datetime) -> None:
    """A subscriber that answers 410 wants nothing more, ever."""
    before = await load_subscription(
        tx, subscription_of(delivery.destination) or "", to_change=True
    )
    if before is None or before.state is SubscriptionState.ENDED:
        return
    after = ended(before, now)
    await update_subscription(tx, before, after)
    await cancel_what_waits(tx, after, now)
    event = event_of("ended", after, after.destination, now, (GONE,))
    await record_events(tx, after.authority, None, (event,))
    says = f"The subscription {after.name} has ended: its address answers that it is gone"
    alert = Alert("subscription_gone", f"subscription_gone:{after.id}", after.destination, says)
    await _tell(tx, alert, delivery, now)


async def _tell(tx: Transaction, alert: Alert, delivery: Delivery, now: datetime) -> None:
    await raise_alert(tx, alert, authority=delivery.authority, transfer=None, now=now)
