"""Mark what was sent to a subscriber; one that is gone is subscribed no more (the relay's)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.decision import Alert
from app.domain.london import local_date
from app.domain.see_to_subscription import GONE, ended, event_of
from app.domain.subscription import Subscription, SubscriptionState, subscription_of
from app.store.alerts import raise_alert
from app.store.delivery_rows import PARKED, PENDING, Delivery, Settlement
from app.store.engine import Transaction
from app.store.leases import settle
from app.store.subscriptions import cancel_what_waits, load_subscription, update_subscription
from app.store.unit_of_work import record_events


@dataclass(frozen=True, slots=True)
class EventMark:
    """What became of an event's attempt. `gone`: the address at which the subscriber is no more."""

    delivery: Delivery
    settlement: Settlement
    gone: str | None = None


async def mark_events(
    tx: Transaction, marks: Sequence[EventMark], *, now: datetime, late_after: timedelta
) -> frozenset[int]:
    """Settle the rows; the ids of those whose lease was still ours.

    Administrators are told once a day and subscription of what it does not take, and of what is
    still tried after `late_after`: the alert's team is the subscription itself, and nobody else
    sees it.
    """
    settled = [(mark.delivery, await _settlement(tx, mark, now)) for mark in marks]
    ours = await settle(tx, settled, now)
    for delivery, settlement in settled:
        late = settlement.state is PENDING and now - delivery.created_at >= late_after
        if delivery.id in ours and (late or settlement.state is PARKED):
            kind = "event_late" if late else "event_parked"
            key = f"{kind}:{delivery.destination}:{local_date(now)}"
            says = f"A subscriber does not take its events: {settlement.outcome}"
            await _tell(tx, Alert(kind, key, delivery.destination, says), delivery, now)
    return ours


async def _settlement(tx: Transaction, mark: EventMark, now: datetime) -> Settlement:
    """A subscriber that answers 410 wants nothing more, ever; but one that has moved meanwhile
    gets at its new address what its old one no longer took.
    """  # noqa: D205
    delivery = mark.delivery
    if mark.gone is None:
        return mark.settlement
    before = await load_subscription(
        tx, subscription_of(delivery.destination) or "", to_change=True
    )
    if before is None or before.state is SubscriptionState.ENDED:
        return mark.settlement
    if before.url != mark.gone:
        return Settlement(PENDING, "the subscriber has moved", now)
    await _end(tx, before, delivery, now)
    return mark.settlement


async def _end(tx: Transaction, before: Subscription, delivery: Delivery, now: datetime) -> None:
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
