"""record(decision): everything that one decision means, in the one open transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.domain.decision import Alert, Decision, Event, Situation
from app.domain.published import published
from app.store.alerts import raise_alert
from app.store.clocks import wind_all_clocks, wind_clocks
from app.store.deliveries import enqueue
from app.store.engine import Transaction
from app.store.publish import publish
from app.store.rows import insert_rows
from app.store.tables import audit_events
from app.store.transfers import insert_transfer, update_transfers


async def record(tx: Transaction, decision: Decision, situation: Situation) -> None:
    """Keep the transfer, its milestones and clocks, the audit events, deliveries and alerts.

    Raises:
        StaleVersion: the transfer is no longer as the decision found it.
        ChildInTransfer: a child of a new transfer has an open one already.
    """
    if decision.before is not None:
        return await record_changes(tx, [(decision, situation)])
    after, now = decision.after, situation.now
    await insert_transfer(tx, after, now)
    await record_events(tx, after.authority, after.id, decision.events)
    await wind_clocks(tx, after, situation.clocks(after), now, new=True)
    return await _say(tx, decision, situation)


async def record_changes(tx: Transaction, decided: Sequence[tuple[Decision, Situation]]) -> None:
    """The same for decisions of one moment, each on another transfer that was loaded to change.

    Raises:
        StaleVersion: there is one alone, and its transfer is no longer as the decision found it.
    """
    if not decided:
        return
    now = decided[0][1].now
    changes = [(found.before, found.after) for found, _ in decided if found.before is not None]
    await update_transfers(tx, changes, now)
    rows = [
        event_row(found.after.authority, found.after.id, event)
        for found, _ in decided
        for event in found.events
    ]
    await insert_rows(tx, audit_events, rows)
    wound = [(found.after, situation.clocks(found.after)) for found, situation in decided]
    await wind_all_clocks(tx, wound, now)
    for found, situation in decided:
        await _say(tx, found, situation)


async def _say(tx: Transaction, decision: Decision, situation: Situation) -> None:
    """The messages of a decision and its alerts."""
    after, now = decision.after, situation.now
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
    rows = [event_row(authority, transfer, event) for event in events]
    await insert_rows(tx, audit_events, rows)


def event_row(authority: str, transfer: str | None, event: Event) -> dict[str, Any]:
    """An event as a row of the audit."""
    return {
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
