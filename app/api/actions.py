"""The actions that move a transfer, one POST each."""

from typing import Annotated

from fastapi import APIRouter, Body
from fastapi.responses import Response

from app.api import examples
from app.api.caller import Answer, Caller, CallerNow, ExpectedVersion, IdempotencyKey
from app.api.problems import documented
from app.api.transfer_bodies import (
    AllocateBody,
    CommentBody,
    HolderBody,
    MilestoneBody,
    ReasonBody,
    RedirectBody,
    StartBody,
)
from app.api.transfer_views import TransferView
from app.api.transfers import ETAG, TransferId, shown
from app.domain import commands as c
from app.domain.errors import NotPermitted
from app.domain.pathway import Action
from app.domain.people import SYSTEM_ROLES
from app.usecases.act_on_transfer import act_on_transfer
from app.usecases.call import Call
from app.usecases.record_milestone import record_milestone
from app.usecases.still_allowed import require_still_allowed, require_still_visible

router = APIRouter(
    prefix="/v1/transfers/{transfer_id}",
    tags=["Actions"],
    responses={
        200: ETAG,
        **documented(400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 503),
    },
)


async def _act(
    caller: Caller, transfer_id: str, key: str, version: int, command: c.Command
) -> Response:
    async def work(call: Call) -> Answer:
        decision = await act_on_transfer(call, transfer_id, command, expected_version=version)
        return shown(call, decision)

    async def still_allowed(call: Call) -> None:
        await require_still_allowed(call, transfer_id, command.action)

    return await caller.once(key, work, still_allowed=still_allowed)


@router.post(
    "/finalise",
    operation_id="finaliseTransfer",
    summary="Finalise the form",
    response_model=TransferView,
)
async def finalise(
    caller: CallerNow, transfer_id: TransferId, key: IdempotencyKey, version: ExpectedVersion
) -> Response:
    """Save and finalise. A step up is dispatched at once, without management authorisation on the
    form (DL 6); a step down then waits for its Team Manager (DL 17). A refusal lists every rule
    that does not hold; rules that only warn come back with the transfer.
    """  # noqa: D205
    return await _act(caller, transfer_id, key, version, c.Finalise())


@router.post(
    "/authorise",
    operation_id="authoriseTransfer",
    summary="Authorise a finalised form",
    response_model=TransferView,
)
async def authorise(
    caller: CallerNow, transfer_id: TransferId, key: IdempotencyKey, version: ExpectedVersion
) -> Response:
    """A Team Manager of the origin team, who is not the form's author, last editor or submitter,
    authorises it. Only now is there a task in the receiving tray (DL 17).
    """  # noqa: D205
    return await _act(caller, transfer_id, key, version, c.Authorise())


@router.post(
    "/return",
    operation_id="returnTransfer",
    summary="Return the form to draft",
    response_model=TransferView,
)
async def return_(
    caller: CallerNow,
    transfer_id: TransferId,
    key: IdempotencyKey,
    version: ExpectedVersion,
    body: Annotated[CommentBody, Body(openapi_examples=examples.RETURN)],
) -> Response:
    """Give the form back, saying why: the authorising manager instead of authorising, or the
    origin manager after a decline.
    """  # noqa: D205
    return await _act(caller, transfer_id, key, version, c.Return(body.comment))


@router.post(
    "/redirect",
    operation_id="redirectTransfer",
    summary="Move the task to the right tray",
    response_model=TransferView,
)
async def redirect(
    caller: CallerNow,
    transfer_id: TransferId,
    key: IdempotencyKey,
    version: ExpectedVersion,
    body: Annotated[RedirectBody, Body(openapi_examples=examples.REDIRECT)],
) -> Response:
    """Withdraw the task from the wrong tray and deliver it to the right one; the original clocks
    go on. Also how an origin manager sends a declined transfer elsewhere.
    """  # noqa: D205
    command = c.Redirect(body.recipient, body.comment)
    return await _act(caller, transfer_id, key, version, command)


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
        if body is not None and not call.actor.holds(*SYSTEM_ROLES.values()):
            raise NotPermitted("Only a case system says who picked a task up")
        command = c.PickUp(body.worker if body else call.actor.id, call.now)
        decision = await act_on_transfer(call, transfer_id, command, expected_version=version)
        return shown(call, decision)

    async def still_allowed(call: Call) -> None:
        await require_still_allowed(call, transfer_id, Action.PICK_UP)

    return await caller.once(key, work, still_allowed=still_allowed)


@router.post(
    "/release",
    operation_id="releaseTransfer",
    summary="Put the task back",
    response_model=TransferView,
)
async def release(
    caller: CallerNow, transfer_id: TransferId, key: IdempotencyKey, version: ExpectedVersion
) -> Response:
    """The holder, or their manager, puts the task back into the tray."""
    return await _act(caller, transfer_id, key, version, c.Release(caller.service.clock()))


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
    return await _act(caller, transfer_id, key, version, command)


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
    each record and holds its date to the rule (DL 9, 20).
    """  # noqa: D205
    command = c.Start(tuple(record.value() for record in body.records))
    return await _act(caller, transfer_id, key, version, command)


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
    return await _act(caller, transfer_id, key, version, command)


@router.post(
    "/complete",
    operation_id="completeTransfer",
    summary="Complete by hand",
    response_model=TransferView,
)
async def complete(
    caller: CallerNow,
    transfer_id: TransferId,
    key: IdempotencyKey,
    version: ExpectedVersion,
    body: Annotated[CommentBody, Body(openapi_examples=examples.COMPLETE)],
) -> Response:
    """A manager ends an allocated transfer. It ends by itself once the protocol's completion
    milestones are all reached.
    """  # noqa: D205
    return await _act(caller, transfer_id, key, version, c.Complete(body.comment))


@router.post(
    "/cancel",
    operation_id="cancelTransfer",
    summary="Cancel the transfer",
    response_model=TransferView,
)
async def cancel(
    caller: CallerNow,
    transfer_id: TransferId,
    key: IdempotencyKey,
    version: ExpectedVersion,
    body: Annotated[ReasonBody, Body(openapi_examples=examples.CANCEL)],
) -> Response:
    """The origin manager cancels, with a coded reason (`entered_in_error` is one); a task that was
    dispatched is withdrawn from its tray.
    """  # noqa: D205
    return await _act(caller, transfer_id, key, version, c.Cancel(body.reason, body.comment))


@router.post(
    "/milestones",
    operation_id="recordMilestone",
    summary="Record that something happened",
    response_model=TransferView,
)
async def milestone(
    caller: CallerNow,
    transfer_id: TransferId,
    key: IdempotencyKey,
    version: ExpectedVersion,
    body: Annotated[MilestoneBody, Body(openapi_examples=examples.MILESTONE)],
) -> Response:
    """Record a milestone that the protocol knows, by the side that may: that the two managers
    spoke on immediate risk (DL 1), that the origin has begun to close or has closed (DL 7, 18).
    """  # noqa: D205

    async def work(call: Call) -> Answer:
        decision = await record_milestone(
            call,
            transfer_id,
            name=body.name,
            at=body.at,
            person=body.person,
            note=body.note,
            expected_version=version,
        )
        return shown(call, decision)

    async def still_allowed(call: Call) -> None:
        await require_still_visible(call, transfer_id)

    return await caller.once(key, work, still_allowed=still_allowed)
