"""What the receiving team does with a transfer, one POST each."""

from typing import Annotated

from fastapi import APIRouter, Body
from fastapi.responses import Response

from app.api import examples
from app.api.acting import ROUTER, TransferId, act, shown
from app.api.caller import Answer, CallerNow
from app.api.request_headers import NO_BODY, ExpectedVersion, IdempotencyKey
from app.api.transfer_bodies import AllocateBody, HolderBody, ReasonBody, StartBody
from app.api.transfer_views import TransferView
from app.domain import commands as c
from app.domain.authority import require_right
from app.domain.pathway import Action
from app.domain.relations import in_council
from app.domain.rights import Act
from app.usecases.act_on_transfer import act_on_transfer
from app.usecases.call import Call
from app.usecases.still_allowed import require_still_allowed

router = APIRouter(tags=["Actions"], **ROUTER)


@router.post(
    "/pick-up",
    operation_id="pickUpTransfer",
    summary="Pick the task up",
    response_model=TransferView,
)
async def pick_up(
    caller: CallerNow,
    transfer_id: TransferId,
    key: IdempotencyKey,
    version: ExpectedVersion,
    body: Annotated[HolderBody | None, Body(openapi_examples=examples.PICK_UP)] = None,
) -> Response:
    """A person of the receiving team takes the task (DL 8, 19). One holder, whoever is first; the
    tray is told, and where it has the task with somebody else, the tray is right. Only a case
    system names the worker; a person picks up for themselves and sends no body.
    """  # noqa: D205

    async def work(call: Call) -> Answer:
        if body is not None:
            require_right(Act.NAME_HOLDER, in_council(call.actor))
        command = c.PickUp(body.worker if body else call.actor.id, call.now)
        decided = await act_on_transfer(call, transfer_id, command, expected_version=version)
        return await shown(call, decided)

    async def still_allowed(call: Call) -> None:
        await require_still_allowed(call, transfer_id, Action.PICK_UP)

    return await caller.once(key, work, still_allowed=still_allowed)


@router.post(
    "/release",
    operation_id="releaseTransfer",
    summary="Put the task back",
    response_model=TransferView,
    dependencies=[NO_BODY],
)
async def release(
    caller: CallerNow, transfer_id: TransferId, key: IdempotencyKey, version: ExpectedVersion
) -> Response:
    """The holder, or their manager, puts the task back into the tray."""
    return await act(caller, transfer_id, key, version, c.Release(caller.service.clock()))


@router.post(
    "/decline",
    operation_id="declineTransfer",
    summary="Decline the transfer",
    response_model=TransferView,
)
async def decline(
    caller: CallerNow,
    transfer_id: TransferId,
    key: IdempotencyKey,
    version: ExpectedVersion,
    body: Annotated[ReasonBody, Body(openapi_examples=examples.DECLINE)],
) -> Response:
    """The receiving manager does not take the case, with a coded reason. Custody stays with the
    origin team.
    """  # noqa: D205
    command = c.Decline(body.reason, body.comment, caller.service.clock())
    return await act(caller, transfer_id, key, version, command)


@router.post(
    "/start",
    operation_id="startTransfer",
    summary="Record what was started",
    response_model=TransferView,
)
async def start(
    caller: CallerNow,
    transfer_id: TransferId,
    key: IdempotencyKey,
    version: ExpectedVersion,
    body: Annotated[StartBody, Body(openapi_examples=examples.START)],
) -> Response:
    """Record the referral or episode that *Start New Referral* (DL 8) or *Start Early Help
    Episode* (DL 19) created for each child. Normally the case system reports it; a receiving
    manager enters it by hand where it cannot, and it is marked as manual. The relay then reads
    each record and holds its date to the rule (DL 9, 20). Of siblings some may be `not_taken`:
    their lead stays with the origin team, which is told, and they can be in another transfer.
    """  # noqa: D205
    return await act(caller, transfer_id, key, version, body.command())


@router.post(
    "/allocate",
    operation_id="allocateTransfer",
    summary="Allocate to a worker",
    response_model=TransferView,
)
async def allocate(
    caller: CallerNow,
    transfer_id: TransferId,
    key: IdempotencyKey,
    version: ExpectedVersion,
    body: Annotated[AllocateBody, Body(openapi_examples=examples.ALLOCATE)],
) -> Response:
    """The receiving manager allocates to a social worker (DL 10) or a lead professional (DL 21).
    Custody passes to the receiving team at this moment.
    """  # noqa: D205
    command = c.Allocate(body.worker, caller.service.clock())
    return await act(caller, transfer_id, key, version, command)
