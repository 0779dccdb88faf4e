"""Finding, planning and reading meetings."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Body, Path, Query
from fastapi.responses import Response

from app.api import meeting_examples as examples
from app.api.acting import ID_PATTERN
from app.api.agenda_views import AgendaView, agenda_view
from app.api.calendar_file import CALENDAR, invitation
from app.api.caller import Answer, CallerNow, Shown
from app.api.etag import ETAG, etag
from app.api.fields import Code, IsoDate
from app.api.meeting_bodies import PlanBody
from app.api.meeting_views import MeetingList, MeetingView, meeting_line, meeting_view
from app.api.problem_handlers import Refusal
from app.api.problems import documented
from app.api.request_headers import IdempotencyKey
from app.domain.authority import require_right
from app.domain.london import local_date
from app.domain.meetings.sitting import Sitting
from app.domain.reading import ReadPart
from app.domain.relations import in_series
from app.domain.rights import Act
from app.usecases.call import Call
from app.usecases.find_meetings import find_meetings
from app.usecases.plan_meeting import plan_meeting
from app.usecases.read_meeting import read_meeting

router = APIRouter(prefix="/v1/meetings", tags=["Meetings"])
EIGHT_WEEKS = timedelta(weeks=8)
MeetingId = Annotated[
    str,
    Path(description="The meeting's id", pattern=ID_PATTERN, examples=[examples.MEETING_ID]),
]
READ = {200: ETAG, **documented(401, 403, 404, 422, 503)}


@router.get(
    "",
    operation_id="findMeetings",
    summary="Find meetings",
    response_model=MeetingList,
    responses=documented(401, 403, 422, 503),
)
async def find(
    caller: CallerNow,
    series: Annotated[
        Code | None, Query(description="Of this series alone", examples=["north"])
    ] = None,
    from_: Annotated[
        IsoDate | None, Query(alias="from", description="On this London day or later; today")
    ] = None,
    to: Annotated[
        IsoDate | None, Query(description="On this London day or earlier; eight weeks later")
    ] = None,
) -> Response:
    """List the council's meetings: those that the rule of a series plans, bank holidays
    considered, and those that were planned by hand or that a case was brought to. Eight weeks
    from today unless you say which days, a year at most.
    """  # noqa: D205

    async def work(call: Call) -> Shown:
        first = from_ or local_date(call.now)
        last = to or first + EIGHT_WEEKS
        if first > last:
            raise Refusal("invalid", "from is after to")
        found = await find_meetings(call, first, last, series)
        return Shown(Answer({"items": [meeting_line(listed) for listed in found]}))

    return await caller.read(ReadPart.MEETINGS, work)


@router.post(
    "",
    operation_id="planMeeting",
    summary="Plan a meeting by hand",
    status_code=201,
    response_model=MeetingView,
    responses={201: ETAG, **documented(400, 401, 403, 409, 413, 415, 422, 503)},
)
async def plan(
    caller: CallerNow,
    key: IdempotencyKey,
    body: Annotated[PlanBody, Body(openapi_examples=examples.PLAN)],
) -> Response:
    """Plan a meeting of a series that has no weekday, or an extraordinary one besides its own:
    cases may be submitted to it then. By a chair, deputy chair or team co-ordinator of the series.
    """  # noqa: D205

    async def work(call: Call) -> Answer:
        planned = await plan_meeting(call, body.series, body.starts_at)
        headers = etag(planned.meeting) | {"Location": f"/v1/meetings/{planned.meeting.id}"}
        view = meeting_view(planned, call.actor, call.book.calendar)
        return Answer(view, 201, headers)

    async def still_allowed(call: Call) -> None:
        require_right(Act.PLAN_MEETING, in_series(call.actor, body.series))

    return await caller.once(key, work, still_allowed=still_allowed)


@router.get(
    "/{meeting_id}",
    operation_id="readMeeting",
    summary="Read a meeting",
    response_model=MeetingView,
    responses=READ,
)
async def read(caller: CallerNow, meeting_id: MeetingId) -> Response:
    """Show a meeting with its cases, what it decided of each and why, what somebody is to do, and
    who was there. Whoever serves its series sees every case; a team sees its own.
    """  # noqa: D205

    async def work(call: Call) -> Shown:
        sitting = await read_meeting(call, meeting_id)
        view = meeting_view(sitting, call.actor, call.book.calendar)
        return _of(sitting, call, Answer(view, headers=etag(sitting.meeting)))

    return await caller.read(ReadPart.MEETING, work)


@router.get(
    "/{meeting_id}/agenda",
    operation_id="readAgenda",
    summary="Read a meeting's agenda",
    response_model=AgendaView,
    responses=READ,
)
async def agenda(caller: CallerNow, meeting_id: MeetingId) -> Response:
    """Show the cases in their order, each with its time where the series says how long a case
    takes (CE M10): as the agenda went round, or as it would go round now.
    """  # noqa: D205

    async def work(call: Call) -> Shown:
        sitting = await read_meeting(call, meeting_id)
        view = agenda_view(sitting, call.actor)
        return _of(sitting, call, Answer(view, headers=etag(sitting.meeting)))

    return await caller.read(ReadPart.AGENDA, work)


@router.get(
    "/{meeting_id}/agenda.ics",
    operation_id="readAgendaAsCalendar",
    summary="Read a meeting's agenda as a calendar invitation",
    response_class=Response,
    responses=READ | {200: ETAG | {"content": {CALENDAR: {"schema": {"type": "string"}}}}},
)
async def calendar(caller: CallerNow, meeting_id: MeetingId) -> Response:
    """Give the agenda as an iCalendar file. It names transfers by their ids alone, no child and
    nobody else; a later file replaces an earlier one in the reader's calendar.
    """  # noqa: D205

    async def work(call: Call) -> Shown:
        sitting = await read_meeting(call, meeting_id)
        file = invitation(sitting, sitting.seen_by(call.actor), call.now)
        answer = Answer(file, headers=etag(sitting.meeting), media_type=CALENDAR)
        return _of(sitting, call, answer)

    return await caller.read(ReadPart.AGENDA, work)


def _of(sitting: Sitting, call: Call, answer: Answer) -> Shown:
    return Shown(answer, others=sorted(sitting.seen_by(call.actor)), about=(sitting.meeting.id,))
