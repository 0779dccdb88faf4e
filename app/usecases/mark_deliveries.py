"""Mark deliveries, and keep what their pushes taught us (the relay's use case)."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.domain.decision import Alert, Decision, Situation
from app.domain.duty_task import CaseSystem
from app.domain.errors import IllegalTransition, RulesBroken, StaleReport
from app.domain.event_types import EventType
from app.domain.learned import Learned
from app.domain.people import system_actor
from app.domain.published_event import PublishedEvent
from app.domain.record_dates import note_finding
from app.domain.transfer import Transfer
from app.store.alerts import raise_alert
from app.store.delivery_rows import (
    DELIVERED,
    LATE,
    PARKED,
    PENDING,
    UNCERTAIN,
    Delivery,
    Settlement,
)
from app.store.directory import load_teams
from app.store.engine import Transaction
from app.store.leases import Proof, prove_delivered, settle
from app.store.publish import publish
from app.store.transfers import load_transfers
from app.store.unit_of_work import record_changes
from app.usecases.call import Rulebook
from app.usecases.protocol_of import protocol_of
from app.usecases.receive_report import heard


@dataclass(frozen=True, slots=True)
class AlertAfter:
    """How old a delivery may grow, still being tried, before a manager is told."""

    immediate_risk: timedelta
    otherwise: timedelta


@dataclass(frozen=True, slots=True)
class Mark:
    """What became of a delivery's attempt, and what it taught us."""

    delivery: Delivery
    settlement: Settlement
    learned: Learned | None = None


async def mark_deliveries(
    tx: Transaction,
    book: Rulebook,
    marks: Sequence[Mark],
    *,
    now: datetime,
    alert_after: AlertAfter,
) -> frozenset[int]:
    """Settle the rows and apply what was learned; the ids of those whose lease was still ours.

    A row that a report has proved delivered meanwhile is no longer ours either: what the report
    said has been heard already.
    """
    # Transfers before their deliveries, as a callback takes them, each by their ids: no deadlock.
    told = {m.delivery.of_transfer for m in marks if m.learned or m.settlement.state != DELIVERED}
    transfers = await load_transfers(tx, told, to_change=True) if told else {}
    ours = await settle(tx, [(mark.delivery, mark.settlement) for mark in marks], now)
    counted = [mark for mark in marks if mark.delivery.id in ours]
    for mark in counted:
        await _alert_where_due(tx, mark.delivery, mark.settlement, now, alert_after)
    taught = [mark for mark in counted if mark.learned is not None]
    if taught:
        situations = await _situations(tx, book, transfers, now)
        await _Lesson(tx, transfers, situations, now).apply(taught)
    return ours


async def _situations(
    tx: Transaction, book: Rulebook, transfers: Mapping[str, Transfer], now: datetime
) -> dict[str, Situation]:
    """What decisions on each of the transfers are made against."""
    named = (team for x in transfers.values() for team in (x.origin_team, x.form.recipient))
    teams = await load_teams(tx, {team for team in named if team is not None}, relied_on=True)
    return {
        x.id: Situation(
            await protocol_of(tx, book.protocols, x.protocol, x.protocol_version),
            teams,
            book.calendar,
            now,
        )
        for x in transfers.values()
    }


class _Lesson:
    """What pushes taught us: decided one after the other, recorded at once."""

    def __init__(
        self,
        tx: Transaction,
        transfers: Mapping[str, Transfer],
        situations: Mapping[str, Situation],
        now: datetime,
    ) -> None:
        self._tx = tx
        self._transfers = dict(transfers)
        self._situations = situations
        self._now = now
        self._decided: dict[str, Decision] = {}
        self._proofs: dict[Proof, None] = {}

    async def apply(self, marks: Sequence[Mark]) -> None:
        for mark in marks:
            if mark.learned is not None:
                await self._hear(mark.delivery, mark.learned)
        await prove_delivered(self._tx, self._proofs, self._now)
        await record_changes(
            self._tx, [(found, self._situations[id_]) for id_, found in self._decided.items()]
        )

    async def _hear(self, delivery: Delivery, learned: Learned) -> None:
        system, id_ = CaseSystem(delivery.destination), delivery.of_transfer
        transfer, situation = self._transfers[id_], self._situations[id_]
        if learned.date is not None:
            actor = system_actor(system, delivery.authority)
            self._keep(note_finding(transfer, learned.date, actor, situation))
        if learned.missing and learned.reference == transfer.reference:
            await _raise(self._tx, delivery, "task_missing", "The tray has no such task", self._now)
        if learned.held_by_another:
            says = "Somebody else holds the task in the tray"
            told = replace(delivery, alert_team=transfer.form.recipient or delivery.alert_team)
            await _raise(self._tx, told, "held_by_another", says, self._now)
        for report in learned.reports:
            # One that no longer fits is passed over: the transfer moved on while we asked.
            with suppress(StaleReport, IllegalTransition, RulesBroken):
                now = self._transfers[id_]
                self._keep(heard(now, learned.reference, report, situation, system))
                self._proofs[Proof(id_, system.value, now.dispatch)] = None

    def _keep(self, decision: Decision | None) -> None:
        if decision is None:
            return
        id_ = decision.after.id
        before = self._decided.get(id_)
        self._decided[id_] = before.then(decision) if before else decision
        self._transfers[id_] = decision.after


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
