"""The half of the gateway contract that LCS and EHM share: duty tasks and their trays."""

from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, ValidationError

from adapters.http import Answer, GatewayClient, refusal
from app.outbox.tray import (
    Capability,
    ChildLeftOut,
    DutyTask,
    HeldByAnother,
    NewRecord,
    Receipt,
    RecordAllocated,
    RecordsCreated,
    RecordUpdated,
    Report,
    SharingLimit,
    TaskDeclined,
    TaskNotice,
    TaskPickedUp,
    TaskReceived,
    TaskWaiting,
    TrayUnavailable,
)

CONFLICT, NOT_FOUND = 409, 404
HELD, DUPLICATE = "held_by_another", "duplicate"


class _Record(BaseModel):
    child_id: str
    record_id: str
    created_at: datetime
    dated: date


class _LeftOut(BaseModel):
    child_id: str
    reason: str


class _Task(BaseModel):
    model_config = ConfigDict(extra="ignore")

    reference: str
    state: str
    received_at: datetime
    picked_up_at: datetime | None
    held_by: str | None
    started_at: datetime | None
    allocated_to: str | None
    records: list[_Record]
    not_taken: list[_LeftOut] = []


class DutyTaskCalls:
    """Everything of the port but the created records, which differ from system to system."""

    capability = Capability.DEDUPES_ON_KEY

    def __init__(self, client: GatewayClient) -> None:
        self.client = client

    async def deliver(self, task: DutyTask, key: str) -> Receipt:
        """POST /duty-tasks; a duplicate is a success (delivery.md)."""
        answer = await self.client.call(
            "POST",
            "/duty-tasks",
            body=as_payload(task),
            headers={"Idempotency-Key": key},
            refusals=frozenset({CONFLICT}),
        )
        if answer.status == CONFLICT:
            if answer.body.get("code") != DUPLICATE:
                raise refusal(answer)
            return Receipt("in the tray already")
        found = _task(answer)
        if found.reference != task.reference:
            raise TrayUnavailable("an answer about another task", ambiguous=True)
        return Receipt("in the tray", found.received_at)

    async def withdraw(self, notice: TaskNotice, key: str) -> Receipt:
        """POST …/withdraw."""
        reason = notice.reason or "withdrawn"
        await self._tell(notice.reference, "withdraw", {"reason": reason}, key)
        return Receipt("withdrawn")

    async def pick_up(self, notice: TaskNotice, key: str) -> Receipt:
        """POST …/pick-up.

        Raises:
            HeldByAnother: the tray has it with somebody else.
        """
        worker = {"worker": notice.worker}
        answer = await self._tell(
            notice.reference, "pick-up", worker, key, refusals=frozenset({CONFLICT})
        )
        if answer.status == CONFLICT:
            holder = answer.body.get("held_by")
            if answer.body.get("code") == HELD and isinstance(holder, str):
                raise HeldByAnother(holder)
            raise refusal(answer)
        return Receipt("picked up")

    async def release(self, notice: TaskNotice, key: str) -> Receipt:
        """POST …/release."""
        await self._tell(notice.reference, "release", {"worker": notice.worker}, key)
        return Receipt("released")

    async def decline(self, notice: TaskNotice, key: str) -> Receipt:
        """POST …/decline."""
        body = {"worker": notice.worker, "reason": notice.reason or "declined"}
        await self._tell(notice.reference, "decline", body, key)
        return Receipt("declined")

    async def limit_sharing(self, limit: SharingLimit, key: str) -> Receipt:
        """POST …/limit-sharing."""
        body = {"scopes": list(limit.scopes), "forms": list(limit.forms)}
        await self._tell(limit.reference, "limit-sharing", body, key)
        return Receipt("sharing limited")

    async def look_up(self, reference: str) -> tuple[Report, ...] | None:
        """GET /duty-tasks/{reference} as the reports that lead to its state."""
        answer = await self.client.call(
            "GET", f"/duty-tasks/{quote(reference)}", refusals=frozenset({NOT_FOUND})
        )
        return None if answer.status == NOT_FOUND else as_reports(_task(answer))

    async def _tell(
        self,
        reference: str,
        what: str,
        body: dict[str, Any],
        key: str,
        refusals: frozenset[int] = frozenset(),
    ) -> Answer:
        path = f"/duty-tasks/{quote(reference)}/{what}"
        headers = {"Idempotency-Key": key}
        answer = await self.client.call("POST", path, body=body, headers=headers, refusals=refusals)
        if answer.status not in refusals and answer.body.get("reference") != reference:
            raise TrayUnavailable("an answer that is no duty task", ambiguous=True)
        return answer


def as_payload(task: DutyTask) -> dict[str, Any]:
    """The body of POST /duty-tasks: every field by name, so that nothing else can travel."""
    meeting = task.meeting
    return {
        "reference": task.reference,
        "title": task.title,
        "tray": task.tray,
        "pathway": task.pathway,
        "route": task.route,
        "immediate_risk": task.immediate_risk,
        "date_of_transfer": task.date_of_transfer,
        "comments": task.comments,
        "from_team": task.from_team,
        "from_worker": task.from_worker,
        "meeting": {
            "held_on": meeting.held_on,
            "chair": meeting.chair,
            "decision": meeting.decision,
            "notes": meeting.notes,
        },
        "origin_record": {"record_id": task.record_id, "started_on": task.record_started_on},
        "children": [
            {
                "child_id": child.child_id,
                "name": child.name,
                "date_of_birth": child.date_of_birth,
                "nhs_number": child.nhs_number,
                "upn": child.upn,
                "upn_unknown": child.upn_unknown,
            }
            for child in task.children
        ],
        "forms": [
            {
                "form": form.form,
                "record_id": form.record_id,
                "completed_on": form.completed_on,
                "fields": dict(form.fields),
            }
            for form in task.forms
        ],
        "referral_source": task.referral_source,
        "primary_need": task.primary_need,
        "statements": dict(task.statements),
        "next_lead_professional": task.next_lead_professional,
        "team_around_the_family": [
            {"name": member.name, "agency": member.agency, "purpose": member.purpose}
            for member in task.team_around_the_family
        ],
    }


def as_reports(task: _Task) -> tuple[Report, ...]:
    """What must have happened for the task to stand as it does, in order."""
    now = datetime.now(UTC)
    reports: list[Report] = [TaskReceived(task.received_at)]
    if task.state == "waiting":
        reports.append(TaskWaiting(now))
    if task.held_by is not None and task.picked_up_at is not None:
        reports.append(TaskPickedUp(task.picked_up_at, task.held_by))
    if task.state == "declined":
        reports.append(TaskDeclined(now, "declined"))
    if task.records:
        records = tuple(
            NewRecord(r.child_id, r.record_id, r.created_at, r.dated) for r in task.records
        )
        left = tuple(ChildLeftOut(x.child_id, x.reason) for x in task.not_taken)
        worker = task.held_by or task.allocated_to or "unknown"
        reports.append(RecordsCreated(task.started_at or now, worker, records, left))
        reports += [RecordUpdated(now, r.record_id, r.dated) for r in task.records]
    if task.allocated_to is not None:
        reports += [RecordAllocated(now, r.record_id, task.allocated_to) for r in task.records]
    return tuple(reports)


def _task(answer: Answer) -> _Task:
    try:
        return _Task.model_validate(answer.body)
    except ValidationError as error:
        raise TrayUnavailable("an answer that is no duty task", ambiguous=True) from error
