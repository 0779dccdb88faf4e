"""Closing at source: how it stands, and that it is done."""

from typing import Annotated

from fastapi import APIRouter, Body
from fastapi.responses import Response

from app.api import closing_examples as examples
from app.api.acting import ROUTER, TransferId, record_around
from app.api.caller import Answer, CallerNow, Shown
from app.api.closing_bodies import ClosedBody
from app.api.closing_views import ClosingView, closing_view
from app.api.etag import ETAG, etag
from app.api.problems import documented
from app.api.request_headers import ExpectedVersion, IdempotencyKey
from app.api.transfer_views import TransferView
from app.domain.reading import ReadPart
from app.usecases.call import Call, Decided
from app.usecases.close_at_source import close_at_source, read_closing

router = APIRouter(tags=["Around the transfer"])
changes = APIRouter(**ROUTER)


@router.get(
    "/v1/transfers/{transfer_id}/closing",
    operation_id="readClosing",
    summary="Read how the closing at source stands",
    response_model=ClosingView,
    responses={200: ETAG, **documented(401, 403, 404, 422, 503)},
)
async def read(caller: CallerNow, transfer_id: TransferId) -> Response:
    """List the origin's steps to close its own episode or referral (DL 7, 18), what stands in the
    way of it now, the reason that the protocol proposes to the Children in Need census, and the
    children who were not taken, of whom it must say what is done for them.
    """  # noqa: D205

    async def work(call: Call) -> Shown:
        transfer, to_tell_of = await read_closing(call, transfer_id)
        situation = await call.situation(transfer)
        view = closing_view(transfer, situation, to_tell_of)
        return Shown(Answer(view, headers=etag(transfer)), transfer.id)

    return await caller.read(ReadPart.CLOSING, work)


@changes.post(
    "/closing",
    operation_id="closeAtSource",
    summary="Say that the origin has closed its record",
    response_model=TransferView,
)
async def close(
    caller: CallerNow,
    transfer_id: TransferId,
    key: IdempotencyKey,
    version: ExpectedVersion,
    body: Annotated[ClosedBody, Body(openapi_examples=examples.CLOSED)],
) -> Response:
    """Record that the origin's episode or referral is closed, once the receiving side has accepted:
    until then the origin leads (DL 7, 18). A referral is held to the rules of the Children in Need
    census, each breach by its number; where its activities are not given, `unchecked` says which
    rules could not be asked. A child who was not taken stays the origin's: `remaining` says what is
    done for each whom no other transfer has taken up, or nothing is closed (hazard 1).
    """  # noqa: D205

    async def recording(call: Call) -> Decided:
        return await close_at_source(call, transfer_id, body.value(), expected_version=version)

    return await record_around(caller, transfer_id, key, recording)


router.include_router(changes)
