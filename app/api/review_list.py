"""Which families are to be reviewed after their transfer, and what the reviews found."""

from typing import Annotated, Self

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.api.caller import Answer, CallerNow, Shown
from app.api.fields import IsoDate, Name
from app.api.pages import Cursor, Limit, next_clock, read_clock_cursor
from app.api.problems import documented
from app.api.review_list_views import ReviewList, review_line
from app.domain.reading import ReadPart
from app.domain.review_standing import Standing
from app.usecases.call import Call
from app.usecases.find_reviews import ReviewFilters, find_reviews

router = APIRouter(prefix="/v1", tags=["Clocks"])


class PageOfReviews(BaseModel):
    """Which reviews, and which page of them; a misspelt filter is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    team: Annotated[
        Name | None, Field(description="Of transfers from or to this team that you may see")
    ] = None
    standing: Annotated[
        Standing | None,
        Field(
            description="`waiting`: no day is set yet. Unless asked, what is `due` and `late`",
            examples=["late"],
        ),
    ] = None
    since: Annotated[
        IsoDate | None,
        Field(alias="from", description="Due on this London day or later", examples=["2026-12-01"]),
    ] = None
    until: Annotated[
        IsoDate | None,
        Field(alias="to", description="Due on this London day or earlier", examples=["2026-12-31"]),
    ] = None
    cursor: Cursor = None
    limit: Limit = 50

    @model_validator(mode="after")
    def _from_before_to(self) -> Self:
        if self.since and self.until and self.since > self.until:
            raise ValueError("from is after to")
        return self

    def filters(self) -> ReviewFilters:
        """The filters alone, without the page."""
        return ReviewFilters(self.team, self.standing, self.since, self.until)


@router.get(
    "/reviews",
    operation_id="findReviews",
    summary="Find the reviews that are due, late or done",
    response_model=ReviewList,
    responses=documented(401, 403, 422, 503),
)
async def find(caller: CallerNow, page: Annotated[PageOfReviews, Query()]) -> Response:
    """List the reviews after transfers that you may see, the first due first: of the teams at both
    sides, and of the series of meetings that they were booked into, as for Islington's chair
    (IS 15). One that is done comes with what it found.
    """  # noqa: D205
    after = read_clock_cursor(page.cursor)

    async def work(call: Call) -> Shown:
        found = await find_reviews(call, page.filters(), after, page.limit)
        following = next_clock([review.shown.found for review in found], page.limit)
        lines = [review_line(review, call.now) for review in found]
        answer = Answer({"items": lines, "next": following})
        return Shown(answer, others=[review.shown.found.transfer for review in found])

    return await caller.read(ReadPart.REVIEWS, work)
