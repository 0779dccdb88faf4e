"""Reading how the handover stands."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.api.acting import TransferId
from app.api.caller import Answer, CallerNow, Shown
from app.api.clock_views import ClockView, clock_views
from app.api.etag import ETAG, etag
from app.api.problems import documented
from app.domain.handover import HandoverPart, Part
from app.domain.reading import ReadPart
from app.domain.transfer import Transfer
from app.usecases.call import Call
from app.usecases.read_handover import read_handover

router = APIRouter(prefix="/v1/transfers/{transfer_id}", tags=["Around the transfer"])


class HandoverPartView(BaseModel):
    """A part of the handover, recorded as that milestone."""

    part: Part
    milestone: str
    says: str
    source: str
    at: datetime | None = Field(description="Null: not recorded")
    by: str | None
    until: datetime | None = Field(description="The time that it passes over, as the next TAF's")
    clocks: list[ClockView]


class HandoverView(BaseModel):
    """The parts that the protocol has; none where it asks for no handover."""

    transfer: str
    version: int = Field(description="The transfer's version, also the ETag")
    parts: list[HandoverPartView]


@router.get(
    "/handover",
    operation_id="readHandover",
    summary="Read how the handover stands",
    response_model=HandoverView,
    responses={200: ETAG, **documented(401, 403, 404, 422, 503)},
)
async def read(caller: CallerNow, transfer_id: TransferId) -> Response:
    """List the parts of the handover between the two workers (DF 16-19, CE A6, IS 11), when each
    was done, and its clocks. They are recorded as milestones, and never hold the transfer up.
    """  # noqa: D205

    async def work(call: Call) -> Shown:
        transfer, situation, parts = await read_handover(call, transfer_id)
        shown = {
            "transfer": transfer.id,
            "version": transfer.version,
            "parts": [_part(found, transfer, situation.now) for found in parts],
        }
        return Shown(Answer(shown, headers=etag(transfer)), transfer.id)

    return await caller.read(ReadPart.HANDOVER, work)


def _part(found: HandoverPart, transfer: Transfer, now: datetime) -> dict[str, Any]:
    done = found.done
    return {
        "part": found.part,
        "milestone": found.kind.name,
        "says": found.kind.says,
        "source": found.kind.source,
        "at": done and done.at,
        "by": done and done.by,
        "until": done and done.until,
        "clocks": clock_views(found.clocks, transfer, now),
    }
