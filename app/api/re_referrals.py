"""The list of children who came back."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from app.api.caller import Answer, CallerNow, Shown
from app.api.fields import IsoDate
from app.api.pages import Cursor, Limit, next_cursor, read_cursor
from app.api.problem_handlers import Refusal
from app.api.problems import documented
from app.api.re_referral_views import ReReferralList, re_referral_line
from app.domain.reading import ReadPart
from app.usecases.call import Call
from app.usecases.re_referrals import find_re_referrals

router = APIRouter(prefix="/v1", tags=["Transfers"])


@router.get(
    "/re-referrals",
    operation_id="findReReferrals",
    summary="Find children who came back within 12 months",
    response_model=ReReferralList,
    responses=documented(401, 403, 422, 503),
)
async def find(
    caller: CallerNow,
    from_: Annotated[
        IsoDate | None, Query(alias="from", description="Opened on this London day or later")
    ] = None,
    to: Annotated[IsoDate | None, Query(description="Opened on this London day or earlier")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """List each step up that was opened within 12 months of a completed step down of one of its
    children, the newest first: those of my teams, or the council's for an auditor or
    administrator. A child is watched from the day of the step down to the same day a year later,
    both included. Of a step down that you may not see, there is only its id.
    """  # noqa: D205
    before = read_cursor(cursor)
    if from_ and to and from_ > to:
        raise Refusal("invalid", "from is after to")

    async def work(call: Call) -> Shown:
        found = await find_re_referrals(call, from_, to, before, limit)
        following = next_cursor([shown.step_up for shown in found], limit)
        lines = [re_referral_line(shown) for shown in found]
        both = [x for shown in found for x in (shown.step_up.id, shown.re_referral.of)]
        return Shown(Answer({"items": lines, "next": following}), others=both)

    return await caller.read(ReadPart.RE_REFERRALS, work)
