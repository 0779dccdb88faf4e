"""Opening, reading and editing transfers."""

from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Body
from fastapi.responses import Response

from app.api import examples
from app.api.acting import TransferId, shown
from app.api.caller import Answer, CallerNow, Shown
from app.api.etag import ETAG, etag
from app.api.form_bodies import FormBody
from app.api.list_views import DeliveryView, EventView, delivery_view
from app.api.problems import documented
from app.api.request_headers import ExpectedVersion, IdempotencyKey
from app.api.transfer_bodies import OpenBody
from app.api.transfer_views import TransferView, transfer_view
from app.domain.authority import require_ever
from app.domain.commands import Edit
from app.domain.milestone_kind import Side
from app.domain.pathway import Action
from app.domain.reading import ReadPart
from app.domain.relations import at_side
from app.usecases.act_on_transfer import act_on_transfer
from app.usecases.call import Call
from app.usecases.open_transfer import open_transfer
from app.usecases.re_referrals import re_referral
from app.usecases.read_transfer import read_deliveries, read_history, read_transfer

router = APIRouter(prefix="/v1/transfers", tags=["Transfers"])


@router.post(
    "",
    operation_id="openTransfer",
    summary="Open a transfer",
    status_code=201,
    response_model=TransferView,
    responses={201: ETAG, **documented(400, 401, 403, 404, 409, 413, 415, 422, 503)},
)
async def open_(
    caller: CallerNow,
    key: IdempotencyKey,
    body: Annotated[OpenBody, Body(openapi_examples=examples.OPEN)],
) -> Response:
    """Create the pathway stage in draft: *Step Up to Children's Social Care* or *Step Down to
    Early Help* (DL 2, 11).

    A step down never starts by hand. A child has one open transfer at a time, up or down. The
    form may be filled in now or by later edits.
    """  # noqa: D205 - Markdown for the document

    async def work(call: Call) -> Answer:
        opened = await open_transfer(call, body.command(str(uuid4())))
        return await shown(call, opened, 201)

    async def still_allowed(call: Call) -> None:
        require_ever(Action.OPEN, at_side(call.actor, Side.ORIGIN, body.origin_team))

    return await caller.once(key, work, still_allowed=still_allowed)


@router.get(
    "/{transfer_id}",
    operation_id="readTransfer",
    summary="Read a transfer",
    response_model=TransferView,
    responses={200: ETAG, **documented(401, 403, 404, 422, 503)},
)
async def read(caller: CallerNow, transfer_id: TransferId) -> Response:
    """Show a transfer with its form, children, milestones, clocks and who holds custody. Another
    team's draft does not exist for you.
    """  # noqa: D205

    async def work(call: Call) -> Shown:
        transfer = await read_transfer(call, transfer_id)
        situation = await call.situation(transfer)
        came_back = await re_referral(call, transfer)
        view = transfer_view(transfer, situation, re_referral=came_back)
        earlier = (came_back.of,) if came_back else ()
        return Shown(Answer(view, headers=etag(transfer)), transfer.id, earlier)

    return await caller.read(ReadPart.TRANSFER, work)


@router.patch(
    "/{transfer_id}",
    operation_id="editTransfer",
    summary="Edit the form of a draft",
    response_model=TransferView,
    responses={
        200: ETAG,
        **documented(400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 503),
    },
)
async def edit(
    caller: CallerNow,
    transfer_id: TransferId,
    version: ExpectedVersion,
    body: Annotated[FormBody, Body(openapi_examples=examples.EDIT)],
) -> Response:
    """Change fields of the form; those left out stay as they are, null empties one (DL 3-5,
    13-16). A recipient or a form that the protocol refuses is refused here already.
    """  # noqa: D205

    async def work(call: Call) -> Answer:
        decided = await act_on_transfer(
            call,
            transfer_id,
            lambda transfer: Edit(body.applied_to(transfer.form)),
            expected_version=version,
        )
        return await shown(call, decided)

    return await caller.change(work)


@router.get(
    "/{transfer_id}/history",
    operation_id="readHistory",
    summary="Read what was done to a transfer",
    response_model=list[EventView],
    responses=documented(401, 403, 404, 422, 503),
)
async def history(caller: CallerNow, transfer_id: TransferId) -> Response:
    """List every action with who did it and when, oldest first: coded, without free text."""

    async def work(call: Call) -> Shown:
        return Shown(Answer(await read_history(call, transfer_id)), transfer_id)

    return await caller.read(ReadPart.HISTORY, work)


@router.get(
    "/{transfer_id}/deliveries",
    operation_id="readDeliveries",
    summary="Read a transfer's messages to the case systems",
    response_model=list[DeliveryView],
    responses=documented(401, 403, 404, 422, 503),
)
async def deliveries(caller: CallerNow, transfer_id: TransferId) -> Response:
    """List each message with its state: pending, leased, delivered, uncertain, parked or
    cancelled. Payloads are not shown.
    """  # noqa: D205

    async def work(call: Call) -> Shown:
        found = await read_deliveries(call, transfer_id)
        return Shown(Answer([delivery_view(delivery) for delivery in found]), transfer_id)

    return await caller.read(ReadPart.DELIVERIES_OF_TRANSFER, work)
