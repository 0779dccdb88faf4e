"""What the routes of actions have in common: one command, once, on one transfer."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import Path
from fastapi.responses import Response

from app.api import examples
from app.api.caller import Answer, Caller
from app.api.etag import ETAG, etag
from app.api.problems import documented
from app.api.transfer_views import transfer_view
from app.domain import commands as c
from app.usecases.act_on_transfer import act_on_transfer
from app.usecases.call import Call, Decided
from app.usecases.re_referrals import re_referral
from app.usecases.still_allowed import require_still_allowed, require_still_visible

ID_PATTERN = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
TransferId = Annotated[
    str,
    Path(
        description="The transfer's id",
        pattern=ID_PATTERN,
        examples=[examples.TRANSFER_ID],
    ),
]
ROUTER: dict[str, Any] = {
    "prefix": "/v1/transfers/{transfer_id}",
    "responses": {
        200: ETAG,
        **documented(400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 503),
    },
}


async def shown(call: Call, decided: Decided, status: int = 200) -> Answer:
    """A decision's outcome as the answer of the operation that made it."""
    decision, situation = decided
    after = decision.after
    headers = etag(after)
    if status == 201:  # noqa: PLR2004
        headers["Location"] = f"/v1/transfers/{after.id}"
    came_back = await re_referral(call, after)
    view = transfer_view(after, situation, decision.warnings, came_back)
    return Answer(view, status, headers)


async def act(
    caller: Caller, transfer_id: str, key: str, version: int, command: c.Command
) -> Response:
    """Take an action once for this key; the transfer afterwards."""

    async def work(call: Call) -> Answer:
        decided = await act_on_transfer(call, transfer_id, command, expected_version=version)
        return await shown(call, decided)

    async def still_allowed(call: Call) -> None:
        await require_still_allowed(call, transfer_id, command.action)

    return await caller.once(key, work, still_allowed=still_allowed)


async def record_around(
    caller: Caller, transfer_id: str, key: str, recording: Callable[[Call], Awaitable[Decided]]
) -> Response:
    """Record something around a transfer once for this key; the transfer afterwards."""

    async def work(call: Call) -> Answer:
        return await shown(call, await recording(call))

    async def still_allowed(call: Call) -> None:
        await require_still_visible(call, transfer_id)

    return await caller.once(key, work, still_allowed=still_allowed)
