"""Break-glass reading: a quarter of an hour, for a reason, and never unseen."""

from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Body
from fastapi.responses import Response

from app.api import restriction_examples as examples
from app.api.acting import TransferId
from app.api.caller import Answer, CallerNow, Shown
from app.api.problems import documented
from app.api.request_headers import IdempotencyKey
from app.api.restriction_bodies import BreakGlassBody, OpeningsView, OpeningView, opening_view
from app.domain.reading import ReadPart
from app.usecases.break_glass import break_glass, read_openings, require_still_may_break
from app.usecases.call import Call

router = APIRouter(prefix="/v1/transfers/{transfer_id}", tags=["Restricted records"])


@router.post(
    "/break-glass",
    operation_id="breakGlass",
    summary="Read a transfer that is not yours to see",
    status_code=201,
    response_model=OpeningView,
    responses=documented(400, 401, 403, 404, 409, 413, 415, 422, 503),
)
async def break_(
    caller: CallerNow,
    transfer_id: TransferId,
    key: IdempotencyKey,
    body: Annotated[BreakGlassBody, Body(openapi_examples=examples.BREAK_GLASS)],
) -> Response:
    """Open it to my reading for 15 minutes: no action, no list. For people of a team of the
    council; the managers of both its teams are alerted at once. What is withheld from me for a
    conflict of interest stays so.
    """  # noqa: D205

    async def work(call: Call) -> Answer:
        made = await break_glass(call, transfer_id, body.reason, body.note, str(uuid4()))
        return Answer(opening_view(made), 201)

    async def still_allowed(call: Call) -> None:
        await require_still_may_break(call, transfer_id)

    return await caller.once(key, work, still_allowed=still_allowed)


@router.get(
    "/openings",
    operation_id="readOpenings",
    summary="Read who broke the glass",
    response_model=OpeningsView,
    responses=documented(401, 403, 404, 422, 503),
)
async def openings(caller: CallerNow, transfer_id: TransferId) -> Response:
    """List everybody who broke the glass to read the transfer, when, why and until when. For
    managers of either team and auditors who may see it.
    """  # noqa: D205

    async def work(call: Call) -> Shown:
        found = await read_openings(call, transfer_id)
        items = [opening_view(opening) for opening in found]
        return Shown(Answer({"transfer": transfer_id, "items": items}), transfer_id)

    return await caller.read(ReadPart.OPENINGS, work)
