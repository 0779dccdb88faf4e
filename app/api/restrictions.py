"""Restricted records: from whom a transfer is withheld."""

from typing import Annotated

from fastapi import APIRouter, Body
from fastapi.responses import Response

from app.api import restriction_examples as examples
from app.api.acting import ROUTER, TransferId, record_around
from app.api.caller import Answer, CallerNow, Shown
from app.api.etag import ETAG, etag
from app.api.problems import documented
from app.api.request_headers import ExpectedVersion, IdempotencyKey
from app.api.restriction_bodies import (
    LiftBody,
    RestrictBody,
    RestrictionsView,
    restrictions_view,
)
from app.api.transfer_views import TransferView
from app.domain.reading import ReadPart
from app.usecases.call import Call, Decided
from app.usecases.restrict_transfer import (
    lift_restriction,
    read_restrictions,
    restrict_transfer,
)

router = APIRouter(tags=["Restricted records"])
acts = APIRouter(**ROUTER)


@acts.post(
    "/restrict",
    operation_id="restrictTransfer",
    summary="Withhold a transfer from people, or open it to some alone",
    response_model=TransferView,
)
async def restrict(
    caller: CallerNow,
    transfer_id: TransferId,
    key: IdempotencyKey,
    version: ExpectedVersion,
    body: Annotated[RestrictBody, Body(openapi_examples=examples.RESTRICT)],
) -> Response:
    """Withhold it from people with a conflict of interest: for them it does not exist, whatever
    their roles. Or open it to named people alone. For a manager of either team. Nobody who works on
    it, leads or holds it is denied before their work is reassigned, nor the last manager of the
    origin team.
    """  # noqa: D205

    async def recording(call: Call) -> Decided:
        asked = body.value()
        return await restrict_transfer(call, transfer_id, asked, expected_version=version)

    return await record_around(caller, transfer_id, key, recording)


@acts.post(
    "/lift-restriction",
    operation_id="liftRestriction",
    summary="End a restriction of a transfer",
    response_model=TransferView,
)
async def lift(
    caller: CallerNow,
    transfer_id: TransferId,
    key: IdempotencyKey,
    version: ExpectedVersion,
    body: Annotated[LiftBody, Body(openapi_examples=examples.LIFT)],
) -> Response:
    """End it for the people named, or all restrictions of the kind. For a manager of either team;
    the record keeps that it stood, from when to when.
    """  # noqa: D205

    async def recording(call: Call) -> Decided:
        named = tuple(body.people)
        return await lift_restriction(call, transfer_id, body.kind, named, expected_version=version)

    return await record_around(caller, transfer_id, key, recording)


@router.get(
    "/v1/transfers/{transfer_id}/restrictions",
    operation_id="readRestrictions",
    summary="Read from whom a transfer is withheld",
    response_model=RestrictionsView,
    responses={200: ETAG, **documented(401, 403, 404, 422, 503)},
)
async def restrictions(caller: CallerNow, transfer_id: TransferId) -> Response:
    """List every restriction, those that were lifted too, for managers of either team and auditors
    who may see the transfer.
    """  # noqa: D205

    async def work(call: Call) -> Shown:
        transfer = await read_restrictions(call, transfer_id)
        return Shown(Answer(restrictions_view(transfer), headers=etag(transfer)), transfer.id)

    return await caller.read(ReadPart.RESTRICTIONS, work)


router.include_router(acts)
