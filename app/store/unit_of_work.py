"""record(decision): everything that one decision means, in the one open transaction."""

from datetime import datetime

from app.domain.decision import Alert, Decision, Event, Situation
from app.domain.published import published
from app.store.alerts import raise_alert
from app.store.clocks import wind_clocks
from app.store.deliveries import enqueue
from app.store.engine import Transaction
from app.store.publish import publish
from app.store.rows import insert_rows
from app.store.tables import audit_events
from app.store.transfers import insert_transfer, update_transfer


async def record(tx: Transaction, decision: Decision, situation: Situation) -> None:
    """Keep the transfer, its milestones and clocks, the audit events, deliveries and alerts.

    Raises:
        StaleVersion: the transfer is no longer as the decision found it.
        ChildInTransfer: a child of a new transfer has an open one already.
    """
    after, now = decision.after, situation.now
    if decision.before is None:
        await insert_transfer(tx, after, now)
    else:
        await update_transfer(tx, decision.before, after, now)
    await record_events(tx, after.authority, after.id, decision.events)
    new = decision.before is None
    await wind_clocks(tx, after, situation.clocks(after), now, new=new)
    urgent = situation.rules(after).routes[after.route].immediate_risk
    for message in decision.messages:
        await enqueue(
            tx,
            message,
            authority=after.authority,
            alert_team=after.origin_team,
            immediate_risk=urgent,
            now=now,
        )
    await publish(tx, after.authority, published(decision), now)
    await record_alerts(tx, after.authority, after.id, decision.alerts, now)


async def record_events(
    tx: Transaction, authority: str, transfer: str | None, events: tuple[Event, ...]
) -> None:
    """Append audit events."""
    rows = [
        {
            "authority": authority,
            "transfer": transfer,
            "action": event.action,
            "actor": event.actor,
            "at": event.at,
            "from_stage": event.from_stage,
            "to_stage": event.to_stage,
            "version": event.version,
            "codes": list(event.codes),
        }
        for event in events
    ]
    await insert_rows(tx, audit_events, rows)


async def record_alerts(
    tx: Transaction,
    authority: str,
    transfer: str | None,
    alerts: tuple[Alert, ...],
    now: datetime,
) -> None:
    """Raise alerts, each key once."""
    for alert in alerts:
        await raise_alert(tx, alert, authority=authority, transfer=transfer, now=now)
