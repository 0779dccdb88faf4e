"""The duty tray operations of the receiving team: pick up, release, decline, start."""

from typing import Annotated

from fastapi import APIRouter, Body

from adapters.mock_gateway import examples
from adapters.mock_gateway.call import ThisCall
from adapters.mock_gateway.case_system import CaseSystem
from adapters.mock_gateway.duty_task import ByWorker, Decline, DutyTask, Start
from adapters.mock_gateway.fields import Reference
from adapters.mock_gateway.gateway import ThisGateway
from adapters.mock_gateway.refusals import refusals

_WORKER = {"worker": "tm-bishop-01"}
Who = Annotated[ByWorker, Body(openapi_examples={"team_manager": {"value": _WORKER}})]
Declined = Annotated[
    Decline,
    Body(openapi_examples={"declined": {"value": _WORKER | {"reason": "Threshold not met"}}}),
]

_LEFT = {"child_id": "C100235", "reason": "Lives with an aunt and is safe there"}
Started = Annotated[
    Start,
    Body(
        openapi_examples={
            "all": {"value": _WORKER},
            "siblings": {
                "summary": "One of two children is not taken",
                "value": _WORKER | {"not_taken": [_LEFT]},
            },
        }
    ),
]


def receiver_routes(system: CaseSystem) -> APIRouter:
    """Build the operations by which the receiving team takes a task on, or sends it back."""
    router = APIRouter(prefix="/duty-tasks/{reference}", tags=["Duty tasks: receiving team"])
    waiting = examples.shown("task_waiting", "The task as it is now.")
    picked_up = examples.shown("task_picked_up", "The task as it is now.")
    started = examples.shown("task_started", "The task and its records.")
    held = ("malformed", "unknown_reference", "held_by_another", "not_in_tray", "key_reused")

    @router.post(
        "/pick-up",
        operation_id="pickUpDutyTask",
        summary="Pick up a task",
        description="*Pickup* (DL 8, DL 19). One worker holds a task; in a race one wins.",
        responses={200: picked_up, **refusals(*held)},
    )
    async def pick_up_duty_task(
        reference: Reference, body: Who, gateway: ThisGateway, call: ThisCall
    ) -> DutyTask:
        return call.once(body, lambda: gateway.tasks.pick_up(reference, body.worker).view())

    @router.post(
        "/release",
        operation_id="releaseDutyTask",
        summary="Put a task back into the tray",
        description="The holder lets go of the task; anyone of the team may pick it up.",
        responses={200: waiting, **refusals(*held, "not_picked_up", "already_started")},
    )
    async def release_duty_task(
        reference: Reference, body: Who, gateway: ThisGateway, call: ThisCall
    ) -> DutyTask:
        return call.once(body, lambda: gateway.tasks.release(reference, body.worker).view())

    @router.post(
        "/decline",
        operation_id="declineDutyTask",
        summary="Decline a task",
        description="Sends the task back to its sender, from the tray or by its holder.",
        responses={
            200: examples.shown("task_declined", "The declined task."),
            **refusals(*held, "already_started"),
        },
    )
    async def decline_duty_task(
        reference: Reference, body: Declined, gateway: ThisGateway, call: ThisCall
    ) -> DutyTask:
        return call.once(
            body, lambda: gateway.tasks.decline(reference, body.worker, body.reason).view()
        )

    @router.post(
        f"/{system.start.path}",
        operation_id=system.start.operation,
        summary=system.start.label,
        description=system.start.description,
        responses={200: started, **refusals(*held, "not_picked_up", "unknown_child")},
    )
    async def start_records(
        reference: Reference, body: Started, gateway: ThisGateway, call: ThisCall
    ) -> DutyTask:
        return call.once(
            body, lambda: gateway.tasks.start(reference, body.worker, body.not_taken).view()
        )

    return router
