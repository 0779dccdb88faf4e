"""The duty tray operations that read, deliver and withdraw: the sender's side."""

from typing import Annotated

from fastapi import APIRouter, Body, Header, Query, Response

from adapters.mock_gateway import examples
from adapters.mock_gateway.call import ThisCall
from adapters.mock_gateway.case_system import CaseSystem
from adapters.mock_gateway.duty_task import (
    DutyTask,
    DutyTaskList,
    FormList,
    NewDutyTask,
    SharingLimit,
    Withdrawal,
    WithdrawnReference,
)
from adapters.mock_gateway.fields import Key, Line, Reference
from adapters.mock_gateway.gateway import ThisGateway
from adapters.mock_gateway.refusals import refusals


def sender_routes(system: CaseSystem) -> APIRouter:
    """Build the operations by which a sender delivers, looks up and takes back."""
    router = APIRouter(prefix="/duty-tasks", tags=["Duty tasks: sender"])
    task_shown = examples.shown("task_waiting", "The task as it is now.")

    @router.post(
        "",
        operation_id="deliverDutyTask",
        summary="Deliver a task to a duty tray",
        description=(
            f"Puts a task labelled *{system.title('Durham')}* into a team's duty tray (DL 8, "
            "DL 19). Deduplicates on the key: the same key and body answer 200 with the task as "
            "it is now, so that a sender who heard nothing may simply send again."
        ),
        status_code=201,
        responses={
            200: task_shown | {"model": DutyTask, "description": "Delivered before, same key."},
            201: task_shown | {"description": "The task is in the tray."},
            **refusals(
                "malformed",
                "key_reused",
                "duplicate",
                "withdrawn",
                "unknown_tray",
                "wrong_title",
                "wrong_pathway",
            ),
        },
    )
    async def deliver_duty_task(
        sent: Annotated[
            NewDutyTask,
            Body(openapi_examples={"durham": {"value": examples.new_task(system)}}),
        ],
        key: Annotated[
            Key, Header(alias="Idempotency-Key", description="Never changes on a retry.")
        ],
        gateway: ThisGateway,
        response: Response,
    ) -> DutyTask:
        task, new = gateway.tasks.deliver(sent, key)
        response.status_code = 201 if new else 200
        return task.view()

    @router.get(
        "",
        operation_id="listDutyTasks",
        summary="List the tasks of a tray",
        description="Every task the tray ever received, in order; reconciliation reads it.",
        responses={
            200: examples.shown("tray", "The tasks of the tray."),
            **refusals("unknown_tray"),
        },
    )
    async def list_duty_tasks(
        tray: Annotated[Line, Query(examples=[next(iter(system.trays))])], gateway: ThisGateway
    ) -> DutyTaskList:
        return DutyTaskList(items=[task.view() for task in gateway.tasks.in_tray(tray)])

    @router.get(
        "/{reference}",
        operation_id="readDutyTask",
        summary="Read a task",
        description=(
            "The look-up for a sender who does not know whether a delivery arrived. A reference "
            "that was withdrawn before it arrived is unknown here."
        ),
        responses={200: task_shown, **refusals("unknown_reference")},
    )
    async def read_duty_task(reference: Reference, gateway: ThisGateway) -> DutyTask:
        return gateway.tasks.get(reference).view()

    @router.get(
        "/{reference}/forms",
        operation_id="readDutyTaskForms",
        summary="Read the forms that came with a task",
        description=(
            "The forms sent with the transfer (DL 5, DL 16), as they were received. Of one that is "
            "shared no further, and of all of a task that was withdrawn, only which it is."
        ),
        responses={
            200: examples.shown("forms", "The forms."),
            **refusals("unknown_reference"),
        },
    )
    async def read_duty_task_forms(reference: Reference, gateway: ThisGateway) -> FormList:
        return FormList(items=gateway.tasks.get(reference).forms())

    @router.post(
        "/{reference}/limit-sharing",
        operation_id="limitDutyTaskSharing",
        summary="Share forms of a task no further",
        description=(
            "The family has withdrawn consent to these scopes after the task was sent (IS 7). The "
            "named forms, and what was copied forward from them, are shown to nobody any more; "
            "they stay listed as restricted. At any state of the task; saying it again answers 200."
        ),
        responses={
            200: examples.shown("task_limited", "The task as it is now."),
            **refusals("malformed", "unknown_reference", "key_reused"),
        },
    )
    async def limit_duty_task_sharing(
        reference: Reference,
        body: Annotated[
            SharingLimit, Body(openapi_examples={"withdrawn": {"value": examples.LIMIT}})
        ],
        gateway: ThisGateway,
        call: ThisCall,
    ) -> DutyTask:
        return call.once(body, lambda: gateway.tasks.limit_sharing(reference, body).view())

    @router.post(
        "/{reference}/withdraw",
        operation_id="withdrawDutyTask",
        summary="Withdraw a task",
        description=(
            "Takes the task and its forms out of the tray: they are listed as restricted. An "
            "unknown reference leaves a tombstone, so that a delivery that comes late is refused. "
            "Withdrawing again answers 200."
        ),
        responses={
            200: examples.shown(
                "tombstone",
                "The withdrawn task, or the tombstone of one that never arrived.",
            ),
            **refusals("malformed", "already_started", "key_reused"),
        },
    )
    async def withdraw_duty_task(
        reference: Reference,
        body: Annotated[
            Withdrawal, Body(openapi_examples={"redirect": {"value": {"reason": "Wrong tray"}}})
        ],
        gateway: ThisGateway,
        call: ThisCall,
    ) -> DutyTask | WithdrawnReference:
        def withdraw() -> DutyTask | WithdrawnReference:
            task = gateway.tasks.withdraw(reference, body.reason)
            gone = WithdrawnReference(reference=reference, state="withdrawn")
            return task.view() if task else gone

        return call.once(body, withdraw)

    return router
