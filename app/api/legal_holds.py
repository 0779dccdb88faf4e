"""Legal holds: whose records nobody disposes of."""

from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Body, Path, Query
from fastapi.responses import Response

from app.api import rights_examples as examples
from app.api.acting import ID_PATTERN
from app.api.caller import Answer, CallerNow, Shown
from app.api.etag import ETAG, etag
from app.api.legal_hold_bodies import (
    LegalHoldList,
    LegalHoldView,
    LiftHoldBody,
    PlaceHoldBody,
    hold_view,
)
from app.api.pages import Limit
from app.api.problems import documented
from app.api.request_headers import ExpectedVersion, IdempotencyKey
from app.domain.authority import require_right
from app.domain.reading import ReadPart
from app.domain.relations import in_council
from app.domain.rights import Act
from app.usecases.call import Call
from app.usecases.legal_holds import find_holds, lift_hold, place_hold, require_still_lifts

router = APIRouter(prefix="/v1/legal-holds", tags=["People's rights"])


@router.post(
    "",
    operation_id="placeLegalHold",
    summary="Hold a child's or a transfer's records",
    status_code=201,
    response_model=LegalHoldView,
    responses={201: ETAG, **documented(400, 401, 403, 404, 409, 413, 415, 422, 503)},
)
async def place(
    caller: CallerNow,
    key: IdempotencyKey,
    body: Annotated[PlaceHoldBody, Body(openapi_examples=examples.PLACE_HOLD)],
) -> Response:
    """Keep everything of a child, or of one transfer, from disposal until somebody else lifts the
    hold. For operations managers and administrators.
    """  # noqa: D205

    async def work(call: Call) -> Answer:
        hold = await place_hold(call, body.value(str(uuid4())))
        return Answer(hold_view(hold), 201, etag(hold))

    async def still_allowed(call: Call) -> None:
        require_right(Act.PLACE_LEGAL_HOLD, in_council(call.actor))

    return await caller.once(key, work, still_allowed=still_allowed)


@router.get(
    "",
    operation_id="listLegalHolds",
    summary="List the council's legal holds",
    response_model=LegalHoldList,
    responses=documented(401, 403, 422, 503),
)
async def holds(
    caller: CallerNow,
    after: Annotated[
        str, Query(pattern=f"{ID_PATTERN}|^$", description="The `next` of the page before")
    ] = "",
    limit: Limit = 50,
) -> Response:
    """List every hold of the council, those that were lifted too. For operations managers,
    administrators and auditors.
    """  # noqa: D205

    async def work(call: Call) -> Shown:
        found = await find_holds(call, after, limit)
        last = found[-1].id if len(found) == limit else None
        answer = Answer({"items": [hold_view(x) for x in found], "next": last})
        return Shown(answer, others=[x.transfer for x in found if x.transfer])

    return await caller.read(ReadPart.LEGAL_HOLDS, work)


@router.post(
    "/{hold_id}/lift",
    operation_id="liftLegalHold",
    summary="Lift a legal hold",
    response_model=LegalHoldView,
    responses={200: ETAG, **documented(400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 503)},
)
async def lift(
    caller: CallerNow,
    hold_id: Annotated[
        str, Path(description="The hold's id", pattern=ID_PATTERN, examples=[examples.HOLD_ID])
    ],
    key: IdempotencyKey,
    version: ExpectedVersion,
    body: Annotated[LiftHoldBody, Body(openapi_examples=examples.LIFT_HOLD)],
) -> Response:
    """End it. For an operations manager or administrator, and never who placed it."""

    async def work(call: Call) -> Answer:
        hold = await lift_hold(call, hold_id, body.reason, expected_version=version)
        return Answer(hold_view(hold), headers=etag(hold))

    async def still_allowed(call: Call) -> None:
        await require_still_lifts(call, hold_id)

    return await caller.once(key, work, still_allowed=still_allowed)
