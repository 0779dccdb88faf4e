"""Reading the directory: who I am, councils, teams, members."""

from fastapi import APIRouter
from fastapi.responses import Response

from app.api.caller import Answer, CallerNow
from app.api.directory_views import (
    AuthorityView,
    MemberView,
    MeView,
    TeamView,
    membership_view,
)
from app.api.fields import TeamId
from app.api.problems import documented
from app.store.directory import list_authorities, list_members, list_teams
from app.usecases.call import Call

router = APIRouter(prefix="/v1", tags=["Directory"])


@router.get(
    "/me",
    operation_id="readMe",
    summary="Read who I am",
    response_model=MeView,
    responses=documented(401, 403, 422, 503),
)
async def me(caller: CallerNow) -> Response:
    """Show the person the token names, with the roles that the directory gives them today."""

    async def work(call: Call) -> Answer:
        actor = call.actor
        held = sorted(actor.memberships, key=lambda m: (m.team or "", m.meeting or "", m.role))
        shown = [membership_view(m, actor) for m in held]
        return Answer({"id": actor.id, "authority": actor.authority, "memberships": shown})

    return await caller.look_up(work)


@router.get(
    "/authorities",
    operation_id="listAuthorities",
    summary="List the councils",
    response_model=list[AuthorityView],
    responses=documented(401, 403, 422, 503),
)
async def authorities(caller: CallerNow) -> Response:
    """List every council that this service serves."""

    async def work(call: Call) -> Answer:
        return Answer(await list_authorities(call.tx))

    return await caller.look_up(work)


@router.get(
    "/teams",
    operation_id="listTeams",
    summary="List my council's teams",
    response_model=list[TeamView],
    responses=documented(401, 403, 422, 503),
)
async def teams(caller: CallerNow) -> Response:
    """List every team of my council, closed ones too, with its kind and its duty tray."""

    async def work(call: Call) -> Answer:
        return Answer(await list_teams(call.tx, call.actor.authority))

    return await caller.look_up(work)


@router.get(
    "/teams/{team}/members",
    operation_id="listMembers",
    summary="List a team's members",
    response_model=list[MemberView],
    responses=documented(401, 403, 404, 422, 503),
)
async def members(
    caller: CallerNow,
    team: TeamId,
) -> Response:
    """List who is, was or will be in a team of my council, with role and days."""

    async def work(call: Call) -> Answer:
        await call.require_team(team)
        return Answer(
            [
                {
                    "person": person.id,
                    "name": person.name,
                    "role": held.role,
                    "from_date": held.from_date,
                    "to_date": held.to_date,
                }
                for person, held in await list_members(call.tx, team)
            ]
        )

    return await caller.look_up(work)
