"""Transfers put straight into the store at a stage, and callbacks signed as the gateways sign."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import orjson
from builders import child, situation, transfer_at
from service import CALLBACK_SECRETS, Api
from standardwebhooks import Webhook

from app.api.meeting_examples import ACTION_ID, MEETING_ID
from app.api.rights_examples import HOLD_ID, REQUEST_ID
from app.api.subscription_examples import ADDRESS, SUBSCRIPTION_ID
from app.domain.decision import Alert
from app.domain.delegation import Delegation
from app.domain.duty_task import CaseSystem
from app.domain.event_types import SUBSCRIBABLE
from app.domain.export_document import document
from app.domain.form import AttachedForm
from app.domain.legal_hold import HoldReason, LegalHold
from app.domain.london import local_date
from app.domain.meetings.meeting import Meeting, MeetingAction, MeetingCase
from app.domain.messages import Message, MessageKind, TaskLookUp
from app.domain.pathway import Pathway, Stage
from app.domain.people import Role
from app.domain.subject_access import Applicant, RequestState, SubjectAccess, due
from app.domain.subject_access_export import Export
from app.domain.subscription import Subscription
from app.domain.transfer import BookedMeeting, Milestone, Transfer
from app.store.alerts import raise_alert
from app.store.clocks import wind_clocks
from app.store.delegations import insert_delegation
from app.store.deliveries import enqueue, list_deliveries
from app.store.delivery_rows import PARKED, DeliveryState, Settlement
from app.store.engine import Transaction
from app.store.leases import claim, settle
from app.store.legal_holds import insert_hold
from app.store.meetings import insert_meeting, save_meeting
from app.store.subject_access import insert_request, keep_export
from app.store.subscriptions import insert_subscription
from app.store.transfers import insert_transfer

SUBSCRIBER_SECRET = "whsec_c3Vic2NyaWJlcnN1YnNjcmliZXJzdWJzY3JpYg=="
DOWN, UP = Pathway.STEP_DOWN, Pathway.STEP_UP
HOLDERS = {UP: "ff.socialworker", DOWN: "op.worker"}


def as_it_is(transfer: Transfer) -> Transfer:
    """The same."""
    return transfer


def ready_for_meeting(transfer: Transfer) -> Transfer:
    """The transfer with all that Durham asks for before a meeting."""
    forms = (*transfer.form.forms, AttachedForm("evidence_tool", "EVT-1"))
    opened = transfer.milestones[0]
    done = [replace(opened, name=name) for name in ("discussed_with_manager", "manager_agreed")]
    form = replace(transfer.form, forms=forms)
    return replace(transfer, form=form, milestones=(*transfer.milestones, *done))


async def seed(
    api: Api,
    stage: Stage,
    pathway: Pathway = UP,
    at: datetime | None = None,
    *,
    then: Callable[[Transfer], Transfer] = as_it_is,
    **opening: object,
) -> Transfer:
    """A transfer of a child of its own; a practitioner of the receiving team holds it, if any."""
    now = at or api.clock.now
    ours: dict[str, object] = {"id": str(uuid4()), "children": (child(uuid4().hex[:16]),)}
    transfer = then(transfer_at(stage, pathway, now, **(ours | opening)))
    if transfer.holder is not None:
        transfer = replace(transfer, holder=HOLDERS[pathway])
    async with api.store.write() as tx:
        await insert_transfer(tx, transfer, now)
        await wind_clocks(tx, transfer, situation(now).clocks(transfer), now, new=True)
    return transfer


async def seed_delegation(api: Api, to: str = "ff.socialworker", **changes: Any) -> Delegation:
    """The team manager's role of Families First, delegated for today; `changes` replace fields."""
    today = local_date(api.clock.now)
    made = Delegation(
        "durham", "ff.manager", to, Role.TEAM_MANAGER, "ff-bishop", today, today,
        "ff.manager", api.clock.now,
    )  # fmt: skip
    made = replace(made, **changes)
    async with api.store.write() as tx:
        return replace(made, id=await insert_delegation(tx, made))


async def seed_meeting(
    api: Api, *, circulated: bool = False, decided: bool = True, **opening: Any
) -> Transfer:
    """The meeting of the examples, at this moment: one case, decided, with something to do."""
    now = api.clock.now

    def brought(transfer: Transfer) -> Transfer:
        marks = [
            Milestone("submitted_to_meeting", now, "op.worker", now, until=now),
            Milestone("meeting_decided", now, "meeting.chair", now, outcome="deferred"),
        ]
        ready = ready_for_meeting(transfer)
        milestones = (*ready.milestones, *(marks if decided else marks[:1]))
        return replace(ready, meeting=BookedMeeting("weekly", now), milestones=milestones)

    transfer = await seed(api, Stage.DRAFT, UP, then=brought, **opening)
    bare = Meeting(MEETING_ID, "durham", "durham", "2026-11", "weekly", now)
    action = MeetingAction(ACTION_ID, "Tell the school", "One Point Manager")
    case = MeetingCase(transfer.id, now, "op.worker", actions=(action,))
    at = now if circulated else None
    async with api.store.write() as tx:
        assert await insert_meeting(tx, bare)
        await save_meeting(tx, bare, replace(bare, cases=(case,), agenda_circulated_at=at))
    return transfer


async def seed_subscription(api: Api, **changes: Any) -> Subscription:
    """The subscription of the examples, to every event."""
    now = api.clock.now
    sealed = api.app.state.service.webhooks.seal.close(SUBSCRIBER_SECRET)
    usual = Subscription(
        SUBSCRIPTION_ID, "durham", "Hub", ADDRESS, SUBSCRIBABLE, sealed, "systems.team", now, now
    )
    made = replace(usual, **changes)
    async with api.store.write() as tx:
        await insert_subscription(tx, made)
    return made


async def seed_hold(api: Api, **changes: Any) -> LegalHold:
    """The legal hold of the examples, by somebody who is not there any more."""
    usual = LegalHold(
        HOLD_ID, "durham", HoldReason.LITIGATION, "a.leaver", api.clock.now, child_id="DUR1001"
    )
    made = replace(usual, **changes)
    async with api.store.write() as tx:
        await insert_hold(tx, made)
    return made


async def seed_request(api: Api, **changes: Any) -> SubjectAccess:
    """The request of the examples, in review by the operations manager; released, its export."""
    today = api.clock.now.date()
    made = SubjectAccess(
        REQUEST_ID, "durham", "DUR1001", Applicant.CHILD, today, "op.worker", api.clock.now,
        due(today), RequestState.IN_REVIEW, reviewed_by="operations.manager",
    )  # fmt: skip
    made = replace(made, **changes)
    async with api.store.write() as tx:
        await insert_request(tx, made)
        if made.state is RequestState.RELEASED:
            released = document(Export(made, (), {}), api.clock.now)
            content = orjson.dumps(released, option=orjson.OPT_NON_STR_KEYS)
            await keep_export(tx, made.id, content, api.clock.now + timedelta(days=30))
    return made


async def connected(api: Api) -> None:
    """Open as many connections as a race needs, so that it is one."""
    await asyncio.gather(*(api.client.get("/health/ready") for _ in range(8)))


async def seed_delivery(api: Api, transfer: Transfer, state: DeliveryState = PARKED) -> int:
    """A delivery of a transfer, settled in that state; its id."""
    message = Message(
        transfer.id,
        CaseSystem.LCS if transfer.pathway is UP else CaseSystem.EHM,
        MessageKind.LOOK_UP_TASK,
        uuid4().hex[:8],
        TaskLookUp(transfer.reference),
    )
    now = api.clock.now
    async with api.store.write() as tx:
        await enqueue(
            tx,
            message,
            authority=transfer.authority,
            alert_team=transfer.origin_team,
            immediate_risk=False,
            now=now,
        )
        await _settle(tx, state, now)
        found = await list_deliveries(
            tx, authority=transfer.authority, transfer=transfer.id, limit=100
        )
    return found[-1].id


async def _settle(tx: Transaction, state: DeliveryState, now: datetime) -> None:
    limits = {"lcs": 100, "ehm": 100}
    for delivery in await claim(tx, "a-relay", now, lease=timedelta(minutes=1), limits=limits):
        again = now + timedelta(hours=1) if state is DeliveryState.PENDING else None
        if state is not DeliveryState.LEASED:
            await settle(tx, [(delivery, Settlement(state, "as seeded", again))], now)


async def seed_alert(api: Api, team: str, transfer: Transfer | None = None) -> None:
    """An alert for a team."""
    async with api.store.write() as tx:
        await raise_alert(
            tx,
            Alert("a_kind", uuid4().hex, team, "Something to look at"),
            authority="durham",
            transfer=transfer.id if transfer else None,
            now=api.clock.now,
        )


def callback(kind: str, at: datetime | None = None, **data: Any) -> dict[str, Any]:
    """The body of a callback."""
    occurred = (at or datetime.now(UTC)).isoformat().replace("+00:00", "Z")
    return {"type": kind, "occurred_at": occurred, "data": data}


def signature(
    content: bytes, message: str, *, secret: str, at: datetime | None = None
) -> dict[str, str]:
    """The three headers of a Standard Webhooks message."""
    moment = at or datetime.now(UTC)
    return {
        "webhook-id": message,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": Webhook(secret).sign(message, moment, content.decode()),
    }


async def call_back(
    api: Api, system: str, body: dict[str, Any], message: str | None = None
) -> httpx.Response:
    """Send a callback as its system would."""
    content = json.dumps(body).encode()
    signed = signature(content, message or f"msg_{uuid4().hex}", secret=CALLBACK_SECRETS[system])
    headers = {"Content-Type": "application/json", **signed}
    return await api.client.post(f"/v1/callbacks/{system}", content=content, headers=headers)
