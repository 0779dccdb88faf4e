"""What is recorded around a transfer: what happened, the team around the family."""

from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Body, Path
from fastapi.responses import Response

from app.api import around_examples as examples
from app.api.acting import ID_PATTERN, ROUTER, TransferId, record_around
from app.api.around_bodies import MilestoneBody, StepOutBody, TeamMemberBody
from app.api.caller import CallerNow
from app.api.request_headers import ExpectedVersion, IdempotencyKey
from app.api.transfer_views import TransferView
from app.usecases.call import Call, Decided
from app.usecases.record_milestone import record_milestone
from app.usecases.team_around_the_family import step_in, step_out

router = APIRouter(tags=["Around the transfer"], **ROUTER)
MemberId = Annotated[
    str,
    Path(description="The member's id", pattern=ID_PATTERN, examples=[examples.MEMBER_ID]),
]


@router.post(
    "/milestones",
    operation_id="recordMilestone",
    summary="Record that something happened",
    response_model=TransferView,
)
async def milestone(
    caller: CallerNow,
    transfer_id: TransferId,
    key: IdempotencyKey,
    version: ExpectedVersion,
    body: Annotated[MilestoneBody, Body(openapi_examples=examples.MILESTONE)],
) -> Response:
    """Record a milestone that the protocol knows, by the side that may: that the two managers
    spoke on immediate risk (DL 1), what the meeting decided (DF 9), which time was agreed (DF 14),
    that the origin has begun to close (DL 7, 18). Clocks start and are met by milestones.
    """  # noqa: D205

    async def recording(call: Call) -> Decided:
        return await record_milestone(call, transfer_id, body.value(), expected_version=version)

    return await record_around(caller, transfer_id, key, recording)


@router.post(
    "/team-around-the-family",
    operation_id="stepIn",
    summary="Step into the team around the family",
    response_model=TransferView,
)
async def step_in_(
    caller: CallerNow,
    transfer_id: TransferId,
    key: IdempotencyKey,
    version: ExpectedVersion,
    body: Annotated[TeamMemberBody, Body(openapi_examples=examples.STEP_IN)],
) -> Response:
    """Name a professional, their agency and the need that they step in for (RO 25). Those who are
    in it travel with the task, so that nobody asks the family again.
    """  # noqa: D205

    async def recording(call: Call) -> Decided:
        member = body.value(str(uuid4()), call.now)
        return await step_in(call, transfer_id, member, expected_version=version)

    return await record_around(caller, transfer_id, key, recording)


@router.post(
    "/team-around-the-family/{member_id}/step-out",
    operation_id="stepOut",
    summary="Step out of the team around the family",
    response_model=TransferView,
)
async def step_out_(  # noqa: PLR0913 - two ids
    caller: CallerNow,
    transfer_id: TransferId,
    member_id: MemberId,
    key: IdempotencyKey,
    version: ExpectedVersion,
    body: Annotated[StepOutBody, Body(openapi_examples=examples.STEP_OUT)],
) -> Response:
    """The work is done, and the professional is in the team no more (RO 26); the record stays."""

    async def recording(call: Call) -> Decided:
        return await step_out(call, transfer_id, member_id, body.at, expected_version=version)

    return await record_around(caller, transfer_id, key, recording)
