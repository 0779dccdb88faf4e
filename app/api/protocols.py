"""Reading protocols: the version in force, and any version that a transfer may run under."""

from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import Response

from app.api.caller import Answer, CallerNow
from app.api.problems import documented
from app.api.protocol_views import ProtocolView, protocol_view
from app.domain.errors import NotVisible
from app.protocols.shelf import NoSuchVersion
from app.usecases.call import Call

router = APIRouter(prefix="/v1/protocols", tags=["Directory"])
NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$"
ProtocolCode = Annotated[
    str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,59}$", examples=["durham"])
]


@router.get(
    "/{code}",
    operation_id="readProtocol",
    summary="Read a council's protocol",
    response_model=ProtocolView,
    responses=documented(401, 403, 404, 422, 503),
)
async def in_force(caller: CallerNow, code: ProtocolCode) -> Response:
    """Show the version in force today: every clause, meeting, route, milestone, rule and clock,
    each with the clause of the procedure that it is from.
    """  # noqa: D205

    async def work(call: Call) -> Answer:
        return Answer(protocol_view(call.in_force(code)))

    return await caller.look_up(work)


@router.get(
    "/{code}/versions/{version}",
    operation_id="readProtocolVersion",
    summary="Read a version of a council's protocol",
    response_model=ProtocolView,
    responses=documented(401, 403, 404, 422, 503),
)
async def version_of(
    caller: CallerNow,
    code: ProtocolCode,
    version: Annotated[str, Path(pattern=NAME, examples=["2026-11"])],
) -> Response:
    """Show that version, in force or not: a transfer keeps the one that it was opened under."""

    async def work(call: Call) -> Answer:
        try:
            found = await call.protocol(code, version)
        except NoSuchVersion:
            raise NotVisible(version) from None
        return Answer(protocol_view(found))

    return await caller.look_up(work)
