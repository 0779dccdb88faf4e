"""Acts on many transfers at once: a leaver's work, and a team that is renamed or closed."""

from typing import Annotated

from fastapi import APIRouter, Body, Path
from fastapi.responses import Response

from app.api import bulk_examples as examples
from app.api.bulk_bodies import (
    CloseBody,
    ClosedTeamView,
    ReassignmentBody,
    ReassignmentView,
    RenameBody,
    moved,
)
from app.api.caller import Answer, CallerNow
from app.api.directory_views import TeamView
from app.api.fields import Name, TeamId
from app.api.problems import documented
from app.api.request_headers import IdempotencyKey
from app.domain.rights import Act
from app.usecases.call import Call
from app.usecases.close_team import close_team
from app.usecases.reassign import reassign, require_may_reassign
from app.usecases.rename_team import rename_team, require_may_change

router = APIRouter(prefix="/v1", tags=["Directory"])
PersonId = Annotated[Name, Path(description="Who leaves", examples=[examples.PERSON])]
REFUSED = documented(400, 401, 403, 404, 409, 413, 415, 422, 503)


@router.post(
    "/people/{person}/reassign",
    operation_id="reassignWork",
    summary="Reassign a leaver's work",
    response_model=ReassignmentView,
    responses=REFUSED,
)
async def reassign_(
    caller: CallerNow,
    person: PersonId,
    key: IdempotencyKey,
    body: Annotated[ReassignmentBody, Body(openapi_examples=examples.REASSIGN)],
) -> Response:
    """Move every open transfer of a team that somebody works on, leads or holds to a colleague
    of that team: all of them or none, at most 500. For a team manager or operations manager of the
    team. Who wrote, last edited or submitted a form stays who they were; a task that is held is
    released and picked up in its tray.
    """  # noqa: D205

    async def work(call: Call) -> Answer:
        moved_on = await reassign(call, person, body.to, body.team, body.comment)
        named = {"person": person, "to": body.to, "team": body.team}
        return Answer(named | moved(moved_on))

    async def still_allowed(call: Call) -> None:
        await require_may_reassign(call, body.team)

    return await caller.once(key, work, still_allowed=still_allowed)


@router.post(
    "/teams/{team}/rename",
    operation_id="renameTeam",
    summary="Rename a team",
    response_model=TeamView,
    responses=REFUSED,
)
async def rename(
    caller: CallerNow,
    team: TeamId,
    key: IdempotencyKey,
    body: Annotated[RenameBody, Body(openapi_examples=examples.RENAME)],
) -> Response:
    """Give a team another name, as an administrator. Its id, its people, its tray and its transfers
    stay as they are.
    """  # noqa: D205

    async def work(call: Call) -> Answer:
        return Answer(await rename_team(call, team, body.name))

    async def still_allowed(call: Call) -> None:
        await require_may_change(Act.RENAME_TEAM, call, team)

    return await caller.once(key, work, still_allowed=still_allowed)


@router.post(
    "/teams/{team}/close",
    operation_id="closeTeam",
    summary="Close a team",
    response_model=ClosedTeamView,
    responses=REFUSED,
)
async def close(
    caller: CallerNow,
    team: TeamId,
    key: IdempotencyKey,
    body: Annotated[CloseBody, Body(openapi_examples=examples.CLOSE)],
) -> Response:
    """Close a team, as an administrator, and pass every open transfer of it to an active team of
    the same council, kind and case system: all of them or none, at most 500. Tasks in its tray go
    to the successor's tray and their clocks go on; what it sent or took passes with its clocks,
    custody included, without a gap.
    """  # noqa: D205

    async def work(call: Call) -> Answer:
        passed = await close_team(call, team, body.successor, body.comment)
        return Answer({"team": team, "successor": body.successor} | moved(passed))

    async def still_allowed(call: Call) -> None:
        await require_may_change(Act.CLOSE_TEAM, call, team)

    return await caller.once(key, work, still_allowed=still_allowed)
