"""What is due in a team."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from app.api.caller import Answer, CallerNow, Shown
from app.api.clock_views import ClockList, clock_line
from app.api.fields import Name
from app.api.pages import Cursor, Limit, next_clock, read_clock_cursor
from app.api.problems import documented
from app.domain.reading import ReadPart
from app.store.sought_clocks import ClockFilter
from app.usecases.call import Call
from app.usecases.find_clocks import find_clocks

router = APIRouter(prefix="/v1", tags=["Clocks"])


class PageOfClocks(BaseModel):
    """Which clocks, and which page of them; a misspelt filter is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    team: Annotated[
        Name | None, Field(description="Of this team, in transfers that you may see")
    ] = None
    state: Annotated[
        ClockFilter,
        Field(description="`open`: all but `unknown`, those due on a day that no calendar knows"),
    ] = ClockFilter.OPEN
    cursor: Cursor = None
    limit: Limit = 50


@router.get(
    "/clocks",
    operation_id="findClocks",
    summary="Find what is due, nearly late or late",
    response_model=ClockList,
    responses=documented(401, 403, 422, 503),
)
async def find(
    caller: CallerNow,
    page: Annotated[PageOfClocks, Query()],
) -> Response:
    """List the open clocks of my teams and of the transfers booked into my series of meetings, the
    first due first, or of the council for an auditor or administrator. Each with the words and the
    clause of the version that its transfer runs under.
    """  # noqa: D205
    after = read_clock_cursor(page.cursor)

    async def work(call: Call) -> Shown:
        found = await find_clocks(call, page.team, page.state, after, page.limit)
        lines = [clock_line(shown, call.now) for shown in found]
        following = next_clock([shown.found for shown in found], page.limit)
        answer = Answer({"items": lines, "next": following})
        return Shown(answer, others=[shown.found.transfer for shown in found])

    return await caller.read(ReadPart.CLOCKS, work)
