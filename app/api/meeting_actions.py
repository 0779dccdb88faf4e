"""What is done in meetings, one POST each."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Body, Path
from fastapi.responses import Response

from app.api import meeting_examples as examples
from app.api.acting import ID_PATTERN, TransferId
from app.api.caller import Answer, Caller, CallerNow
from app.api.etag import ETAG, etag
from app.api.meeting_bodies import (
    AttendanceListBody,
    CallOffBody,
    DecisionBody,
    MeetingMilestoneBody,
)
from app.api.meeting_views import MeetingView, meeting_view
from app.api.meetings import MeetingId
from app.api.problems import documented
from app.api.request_headers import NO_BODY, ExpectedVersion, IdempotencyKey
from app.domain.authority import require_right
from app.domain.meetings.actions import finish_action
from app.domain.meetings.attendance import record_attendance
from app.domain.meetings.call_off import call_off
from app.domain.meetings.decide_case import decide_case
from app.domain.meetings.for_all import circulate, record_for_all
from app.domain.meetings.sitting import MeetingChange, Sitting
from app.domain.rights import Act
from app.usecases.act_in_meeting import act_in_meeting
from app.usecases.call import Call
from app.usecases.read_meeting import read_meeting

ROUTER: dict[str, Any] = {
    "prefix": "/v1/meetings/{meeting_id}",
    "responses": {
        200: ETAG,
        **documented(400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 503),
    },
}
router = APIRouter(tags=["Meetings"], **ROUTER)
ActionId = Annotated[
    str,
    Path(description="The action's id", pattern=ID_PATTERN, examples=[examples.ACTION_ID]),
]


async def _act(
    caller: Caller,
    meeting_id: str,
    key: str,
    act: Act,
    acting: Callable[[Call, Sitting], MeetingChange],
) -> Response:
    """Act in a meeting once for this key; the meeting afterwards."""

    async def work(call: Call) -> Answer:
        sitting = await act_in_meeting(call, meeting_id, lambda found: acting(call, found))
        view = meeting_view(sitting, call.actor, call.book.calendar)
        return Answer(view, headers=etag(sitting.meeting))

    async def still_allowed(call: Call) -> None:
        sitting = await read_meeting(call, meeting_id)
        cases = (sitting.at_case(call.actor, x) for x in sitting.transfers.values())
        require_right(act, sitting.at_meeting(call.actor).union(*cases))

    return await caller.once(key, work, still_allowed=still_allowed)


@router.post(
    "/circulate-agenda",
    operation_id="circulateAgenda",
    summary="Record that the agenda went round",
    response_model=MeetingView,
    dependencies=[NO_BODY],
)
async def circulate_agenda(
    caller: CallerNow, meeting_id: MeetingId, key: IdempotencyKey, version: ExpectedVersion
) -> Response:
    """Say that the agenda went round (DF 8, CE M20): its order and times stand from now on, no
    case is taken into the meeting any more, and each case has it recorded whose protocol asks for
    it. Once. By a chair, deputy chair or team co-ordinator of the series, to whom the protocol of
    each case gives `agenda_circulated`: Durham's not to a chair, who is answered 403.
    """  # noqa: D205

    def acting(call: Call, sitting: Sitting) -> MeetingChange:
        return circulate(sitting, call.actor, call.now, expected_version=version)

    return await _act(caller, meeting_id, key, Act.CIRCULATE_AGENDA, acting)


@router.post(
    "/call-off",
    operation_id="callOffMeeting",
    summary="Call a meeting off",
    response_model=MeetingView,
)
async def called_off(
    caller: CallerNow,
    meeting_id: MeetingId,
    key: IdempotencyKey,
    version: ExpectedVersion,
    body: Annotated[CallOffBody, Body(openapi_examples=examples.CALL_OFF)],
) -> Response:
    """Say that the meeting is not held, before it has decided anything: it takes no case and no
    decision any more, and the teams of each case that waits for it are told the next meeting.
    Once. By a chair, deputy chair or team co-ordinator of the series.
    """  # noqa: D205

    def acting(call: Call, sitting: Sitting) -> MeetingChange:
        return call_off(sitting, body.reason, call.actor, call.now, expected_version=version)

    return await _act(caller, meeting_id, key, Act.CALL_OFF_MEETING, acting)


@router.post(
    "/milestones",
    operation_id="recordMilestoneForMeeting",
    summary="Record that something happened to every case",
    response_model=MeetingView,
)
async def milestone(
    caller: CallerNow,
    meeting_id: MeetingId,
    key: IdempotencyKey,
    version: ExpectedVersion,
    body: Annotated[MeetingMilestoneBody, Body(openapi_examples=examples.MILESTONE)],
) -> Response:
    """Record a milestone of every case of the meeting whose protocol knows it: that outcomes were
    circulated (CE M25), minutes shared or uploaded (RO 13, DF 23), a case note written in LCS or
    EHM (DF 24), the referrer told (IS 13). Where one case cannot have it, none has, and every
    breach is named with its transfer.
    """  # noqa: D205

    def acting(call: Call, sitting: Sitting) -> MeetingChange:
        happened = body.value()
        return record_for_all(sitting, happened, call.actor, call.now, expected_version=version)

    return await _act(caller, meeting_id, key, Act.RECORD_FOR_MEETING, acting)


@router.post(
    "/attendance",
    operation_id="recordAttendance",
    summary="Record who was there",
    response_model=MeetingView,
)
async def attendance(
    caller: CallerNow,
    meeting_id: MeetingId,
    key: IdempotencyKey,
    version: ExpectedVersion,
    body: Annotated[AttendanceListBody, Body(openapi_examples=examples.ATTENDANCE)],
) -> Response:
    """Replace the list of who came, who sent apologies (CE M21), who stood in for whom (CE M13),
    and what those who could not come reported in writing (CE M22). Before the day, apologies
    alone.
    """  # noqa: D205

    def acting(call: Call, sitting: Sitting) -> MeetingChange:
        people = body.value()
        return record_attendance(sitting, people, call.actor, call.now, expected_version=version)

    return await _act(caller, meeting_id, key, Act.RECORD_ATTENDANCE, acting)


@router.post(
    "/cases/{transfer_id}/decision",
    operation_id="decideCase",
    summary="Record what the meeting decided of a case",
    response_model=MeetingView,
)
async def decision(  # noqa: PLR0913 - two ids
    caller: CallerNow,
    meeting_id: MeetingId,
    transfer_id: TransferId,
    key: IdempotencyKey,
    version: ExpectedVersion,
    body: Annotated[DecisionBody, Body(openapi_examples=examples.DECIDE)],
) -> Response:
    """Record the decision with its rationale (DF 9, 12; CE M23, M24; IS 9), its themes (CE M11)
    and what somebody is to do: as `meeting_decided` of the transfer, and on its form while it is
    a draft. `If-Match` is the meeting's version. A second decision corrects the first.
    """  # noqa: D205

    def acting(call: Call, sitting: Sitting) -> MeetingChange:
        ruling = body.value(call.now)
        return decide_case(sitting, transfer_id, ruling, call.actor, expected_version=version)

    return await _act(caller, meeting_id, key, Act.DECIDE_CASE, acting)


@router.post(
    "/cases/{transfer_id}/actions/{action_id}/done",
    operation_id="finishAction",
    summary="Record that an action is done",
    response_model=MeetingView,
    dependencies=[NO_BODY],
)
async def action_done(  # noqa: PLR0913 - three ids
    caller: CallerNow,
    meeting_id: MeetingId,
    transfer_id: TransferId,
    action_id: ActionId,
    key: IdempotencyKey,
    version: ExpectedVersion,
) -> Response:
    """Say that what somebody was to do is done: by who runs the meeting, or a practitioner or
    manager of either team of the case. `If-Match` is the meeting's version.
    """  # noqa: D205

    def acting(call: Call, sitting: Sitting) -> MeetingChange:
        which = (transfer_id, action_id)
        return finish_action(sitting, *which, call.actor, call.now, expected_version=version)

    return await _act(caller, meeting_id, key, Act.FINISH_ACTION, acting)
