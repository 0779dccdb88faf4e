"""Reading what is due: a transfer's checklist and clocks."""

from fastapi import APIRouter
from fastapi.responses import Response

from app.api.acting import TransferId
from app.api.caller import Answer, CallerNow, Shown
from app.api.checklist_views import ChecklistView, checklist_view
from app.api.clock_views import ClocksOfTransfer, clock_views
from app.api.etag import ETAG, etag
from app.api.problems import documented
from app.domain.reading import ReadPart
from app.usecases.call import Call
from app.usecases.read_transfer import read_transfer

router = APIRouter(prefix="/v1/transfers/{transfer_id}", tags=["Clocks"])


@router.get(
    "/checklist",
    operation_id="readChecklist",
    summary="Read what still stands in the way",
    response_model=ChecklistView,
    responses={200: ETAG, **documented(401, 403, 404, 422, 503)},
)
async def checklist(caller: CallerNow, transfer_id: TransferId) -> Response:
    """List, before anybody presses a button, every rule of every gate that lies ahead, whether it
    holds, and which actions you can take now. An action is held to the same rules.
    """  # noqa: D205

    async def work(call: Call) -> Shown:
        transfer = await read_transfer(call, transfer_id)
        situation = await call.situation(transfer)
        view = checklist_view(transfer, call.actor, situation)
        return Shown(Answer(view, headers=etag(transfer)), transfer.id)

    return await caller.read(ReadPart.CHECKLIST, work)


@router.get(
    "/clocks",
    operation_id="readClocks",
    summary="Read a transfer's clocks",
    response_model=ClocksOfTransfer,
    responses={200: ETAG, **documented(401, 403, 404, 422, 503)},
)
async def clocks(caller: CallerNow, transfer_id: TransferId) -> Response:
    """List every clock that counts for the transfer, those that wait included: what is due when,
    from which milestone to which, by which clause.
    """  # noqa: D205

    async def work(call: Call) -> Shown:
        transfer = await read_transfer(call, transfer_id)
        situation = await call.situation(transfer)
        shown = {
            "transfer": transfer.id,
            "version": transfer.version,
            "clocks": clock_views(situation.clocks(transfer), transfer, call.now),
        }
        return Shown(Answer(shown, headers=etag(transfer)), transfer.id)

    return await caller.read(ReadPart.CLOCKS_OF_TRANSFER, work)
