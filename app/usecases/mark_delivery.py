"""Mark a delivery, and keep what its push taught us, in one transaction (the relay's use case)."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.domain.decision import Alert
from app.domain.duty_task import CaseSystem
from app.domain.errors import IllegalTransition, RulesBroken, StaleReport
from app.domain.event_types import EventType
from app.domain.learned import Learned
from app.domain.people import system_actor
from app.domain.published_event import PublishedEvent
from app.domain.record_dates import note_finding
from app.domain.transfer import Transfer
from app.store.alerts import raise_alert
from app.store.delivery_rows import LATE, PARKED, PENDING, UNCERTAIN, Delivery, Settlement
from app.store.engine import Transaction
from app.store.leases import settle
from app.store.publish import publish
from app.usecases.call import Call, Rulebook
from app.usecases.receive_report import hear_report


@dataclass(frozen=True, slots=True)
class AlertAfter:
    """How old a delivery may grow, still being tried, before a manager is told."""

    immediate_risk: timedelta
    otherwise: timedelta


async def mark_delivery(  # noqa: PLR0913 - a mark has as many parts
    tx: Transaction,
    book: Rulebook,
    delivery: Delivery,
    settlement: Settlement,
    learned: Learned | None,
    *,
    now: datetime,
    alert_after: AlertAfter,
) -> bool:
    """Settle the row and apply what was learned; False where the lease was no longer ours.

    A row that a report has proved delivered meanwhile is no longer ours either: what the report
    said has been heard already.
    """
    system = CaseSystem(delivery.destination)
    call = Call(tx, system_actor(system, delivery.authority), book, now)
    # The transfer before its delivery, as a callback takes them: no deadlock.
    transfer = await call.transfer(delivery.of_transfer)
    if not await settle(tx, delivery, settlement, now):
        return False
    await _alert_where_due(tx, delivery, settlement, now, alert_after)
    if learned is not None:
        await _apply(call, transfer, delivery, learned)
    return True


async def _apply(call: Call, transfer: Transfer, delivery: Delivery, learned: Learned) -> None:
    if learned.date is not None:
        situation = await call.situation(transfer)
        decision = note_finding(transfer, learned.date, call.actor, situation)
        if decision is not None:
            await call.record(decision, situation)
            transfer = decision.after
    if learned.missing and learned.reference == transfer.reference:
        await _raise(call.tx, delivery, "task_missing", "The tray has no such task", call.now)
    if learned.held_by_another:
        says = "Somebody else holds the task in the tray"
        told = replace(delivery, alert_team=transfer.form.recipient or delivery.alert_team)
        await _raise(call.tx, told, "held_by_another", says, call.now)
    for report in learned.reports:
        # One that no longer fits is passed over: the transfer moved on while we asked.
        with suppress(StaleReport, IllegalTransition, RulesBroken):
            heard = await hear_report(
                call, transfer, learned.reference, report, CaseSystem(delivery.destination)
            )
            transfer = heard or transfer


async def _alert_where_due(
    tx: Transaction,
    delivery: Delivery,
    settlement: Settlement,
    now: datetime,
    alert_after: AlertAfter,
) -> None:
    if settlement.state in (PARKED, UNCERTAIN):
        kind = f"delivery_{settlement.state}"
        await _raise(tx, delivery, kind, f"{delivery.kind}: {settlement.outcome}", now)
        await publish(tx, delivery.authority, [_stuck(delivery, settlement, now)], now)
    limit = alert_after.immediate_risk if delivery.immediate_risk else alert_after.otherwise
    if settlement.state == PENDING and now - delivery.created_at >= limit:
        await raise_late(tx, delivery, now)


def _stuck(delivery: Delivery, settlement: Settlement, now: datetime) -> PublishedEvent:
    parked = settlement.state is PARKED
    return PublishedEvent(
        type=EventType.DELIVERY_PARKED if parked else EventType.DELIVERY_UNCERTAIN,
        revision=f"delivery-{delivery.id}-{delivery.claims}",
        at=now,
        transfer=delivery.transfer,
        team=delivery.alert_team,
        delivery=delivery.id,
        destination=delivery.destination,
        message=delivery.kind.value,
    )


async def raise_late(tx: Transaction, delivery: Delivery, now: datetime) -> None:
    """Tell a manager, once, that a delivery has not arrived for long."""
    await _raise(tx, delivery, LATE, f"{delivery.kind}: still being tried", now)


async def _raise(tx: Transaction, delivery: Delivery, kind: str, says: str, now: datetime) -> None:
    await raise_alert(
        tx,
        Alert(kind, f"{kind}:{delivery.key}", delivery.alert_team, says),
        authority=delivery.authority,
        transfer=delivery.transfer,
        now=now,
    )
