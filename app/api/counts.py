"""Counting the transfers that a board would list."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from app.api.board_views import TransferCounts, counts_view
from app.api.caller import Answer, CallerNow, Shown
from app.api.filters import TransferFilters, sought_child
from app.api.problems import documented
from app.api.whole_path import WholePath
from app.domain.reading import ReadPart
from app.usecases.call import Call
from app.usecases.find_transfers import count_transfers

router = APIRouter(prefix="/v1", tags=["Boards"], route_class=WholePath)


@router.get(
    "/transfers/counts",
    operation_id="countTransfers",
    summary="Count transfers by pathway and stage",
    response_model=TransferCounts,
    responses=documented(401, 403, 422, 503),
)
async def counts(caller: CallerNow, asked: Annotated[TransferFilters, Query()]) -> Response:
    """Count what the same filters would list, by pathway and stage, and how many are late."""
    filters = asked.filters()

    async def work(call: Call) -> Shown:
        counted = await count_transfers(call, filters)
        return Shown(
            Answer(counts_view(counted)), about=sought_child(filters, call.actor.authority)
        )

    return await caller.read(ReadPart.COUNTS, work)
