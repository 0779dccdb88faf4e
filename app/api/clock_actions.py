"""Pausing a clock, and letting it run again."""

from typing import Annotated

from fastapi import APIRouter, Body, Path
from fastapi.responses import Response

from app.api import around_examples as examples
from app.api.acting import ROUTER, TransferId, record_around
from app.api.around_bodies import PauseBody
from app.api.caller import CallerNow
from app.api.request_headers import ExpectedVersion, IdempotencyKey
from app.api.transfer_views import TransferView
from app.usecases.call import Call, Decided
from app.usecases.pause_clock import pause_clock, resume_clock

router = APIRouter(tags=["Clocks"], **ROUTER)
ClockCode = Annotated[
    str,
    Path(
        description="The clock's code in the protocol",
        pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,59}$",
        examples=[examples.CLOCK],
    ),
]


@router.post(
    "/clocks/{clock}/pause",
    operation_id="pauseClock",
    summary="Pause a clock",
    response_model=TransferView,
)
async def pause(  # noqa: PLR0913 - which clock
    caller: CallerNow,
    transfer_id: TransferId,
    clock: ClockCode,
    key: IdempotencyKey,
    version: ExpectedVersion,
    body: Annotated[PauseBody, Body(openapi_examples=examples.PAUSE)],
) -> Response:
    """A manager of either team stops the time of a clock that runs, and says why. A time before a
    meeting is not paused: submit to another meeting instead.
    """  # noqa: D205

    async def recording(call: Call) -> Decided:
        return await pause_clock(call, transfer_id, clock, body.value(), expected_version=version)

    return await record_around(caller, transfer_id, key, recording)


@router.post(
    "/clocks/{clock}/resume",
    operation_id="resumeClock",
    summary="Let a paused clock run again",
    response_model=TransferView,
)
async def resume(  # noqa: PLR0913 - which clock
    caller: CallerNow,
    transfer_id: TransferId,
    clock: ClockCode,
    key: IdempotencyKey,
    version: ExpectedVersion,
    body: Annotated[PauseBody, Body(openapi_examples=examples.RESUME)],
) -> Response:
    """A manager of either team lets the clock go on, and says why; what the pause took is given
    back, in the clock's own measure: hours for hours, working days for working days.
    """  # noqa: D205

    async def recording(call: Call) -> Decided:
        return await resume_clock(call, transfer_id, clock, body.value(), expected_version=version)

    return await record_around(caller, transfer_id, key, recording)
