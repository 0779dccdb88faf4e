"""What the origin team does with a transfer, one POST each."""

from typing import Annotated

from fastapi import APIRouter, Body
from fastapi.responses import Response

from app.api import examples
from app.api.acting import ROUTER, TransferId, act, shown
from app.api.caller import Answer, CallerNow
from app.api.request_headers import NO_BODY, ExpectedVersion, IdempotencyKey
from app.api.transfer_bodies import CommentBody, ReasonBody, RedirectBody, SubmitBody
from app.api.transfer_views import TransferView
from app.domain import commands as c
from app.domain.pathway import Action
from app.domain.transfer import BookedMeeting
from app.usecases.call import Call
from app.usecases.still_allowed import require_still_allowed
from app.usecases.submit_to_meeting import submit_to_meeting as submit

router = APIRouter(tags=["Actions"], **ROUTER)


@router.post(
    "/submit-to-meeting",
    operation_id="submitToMeeting",
    summary="Submit a draft to a meeting",
    response_model=TransferView,
)
async def submit_to_meeting(
    caller: CallerNow,
    transfer_id: TransferId,
    key: IdempotencyKey,
    version: ExpectedVersion,
    body: Annotated[SubmitBody, Body(openapi_examples=examples.SUBMIT)],
) -> Response:
    """Put the draft before a meeting of a series that its route goes to (DL 1, DF 3, CE M10, IS 7);
    it stays a draft, and is a case of that meeting. Times before the meeting count from its start.
    Submitting again moves it. Papers that come late are refused or flagged, as the protocol says;
    once the agenda went round, no case is taken into the meeting any more.
    """  # noqa: D205
    target = BookedMeeting(body.series, body.starts_at)

    async def work(call: Call) -> Answer:
        decided = await submit(call, transfer_id, target, expected_version=version)
        return await shown(call, decided)

    async def still_allowed(call: Call) -> None:
        await require_still_allowed(call, transfer_id, Action.SUBMIT_TO_MEETING)

    return await caller.once(key, work, still_allowed=still_allowed)


@router.post(
    "/finalise",
    operation_id="finaliseTransfer",
    summary="Finalise the form",
    response_model=TransferView,
    dependencies=[NO_BODY],
)
async def finalise(
    caller: CallerNow, transfer_id: TransferId, key: IdempotencyKey, version: ExpectedVersion
) -> Response:
    """Save and finalise. A step up is dispatched at once, without management authorisation on the
    form (DL 6); a step down then waits for its Team Manager (DL 17). A refusal lists every rule
    that does not hold; rules that only warn come back with the transfer.
    """  # noqa: D205
    return await act(caller, transfer_id, key, version, c.Finalise())


@router.post(
    "/authorise",
    operation_id="authoriseTransfer",
    summary="Authorise a finalised form",
    response_model=TransferView,
    dependencies=[NO_BODY],
)
async def authorise(
    caller: CallerNow, transfer_id: TransferId, key: IdempotencyKey, version: ExpectedVersion
) -> Response:
    """A Team Manager of the origin team, who is not the form's author, last editor or submitter,
    authorises it. Only now is there a task in the receiving tray (DL 17).
    """  # noqa: D205
    return await act(caller, transfer_id, key, version, c.Authorise())


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
    return await act(caller, transfer_id, key, version, c.Return(body.comment))


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
    return await act(caller, transfer_id, key, version, command)


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
    return await act(caller, transfer_id, key, version, c.Complete(body.comment))


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
    return await act(caller, transfer_id, key, version, c.Cancel(body.reason, body.comment))
