"""Boards: finding transfers, and what became of what was sent."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from app.api.board_views import OutgoingList, outgoing_line
from app.api.caller import Answer, CallerNow, Shown
from app.api.fields import TeamId
from app.api.filters import PageOfTransfers, sought_child
from app.api.list_views import TransferList
from app.api.pages import Cursor, Limit, next_cursor, read_cursor
from app.api.problems import documented
from app.domain.reading import ReadPart
from app.usecases.call import Call
from app.usecases.find_outgoing import find_outgoing
from app.usecases.find_transfers import find_transfers

router = APIRouter(prefix="/v1", tags=["Boards"])


@router.get(
    "/transfers",
    operation_id="findTransfers",
    summary="Find transfers",
    response_model=TransferList,
    responses=documented(401, 403, 422, 503),
)
async def find(caller: CallerNow, page: Annotated[PageOfTransfers, Query()]) -> Response:
    """List the transfers you may see, newest first, in pages that do not slip when transfers are
    opened meanwhile. Filters narrow each other.
    """  # noqa: D205 - Markdown for the document
    filters, before = page.filters(), read_cursor(page.cursor)

    async def work(call: Call) -> Shown:
        found = await find_transfers(call, filters, before, page.limit)
        shown = {"items": found, "next": next_cursor(found, page.limit)}
        return Shown(
            Answer(shown),
            others=[x.id for x in found],
            about=sought_child(filters, call.actor.authority),
        )

    return await caller.read(ReadPart.TRANSFERS, work)


@router.get(
    "/teams/{team}/outgoing",
    operation_id="findOutgoing",
    summary="Read what became of what a team sent",
    response_model=OutgoingList,
    responses=documented(401, 403, 404, 422, 503),
)
async def outgoing(
    caller: CallerNow,
    team: TeamId,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """List every transfer that the team dispatched and that you may see, the last opened first:
    with whom it is and since when, declined for which reason, which records were created, who
    leads, and whether anything is late.
    """  # noqa: D205
    before = read_cursor(cursor)

    async def work(call: Call) -> Shown:
        found = await find_outgoing(call, team, before, limit)
        following = next_cursor([sent.found for sent in found], limit)
        shown = {"items": [outgoing_line(sent) for sent in found], "next": following}
        return Shown(Answer(shown), others=[sent.found.id for sent in found])

    return await caller.read(ReadPart.OUTGOING, work)
