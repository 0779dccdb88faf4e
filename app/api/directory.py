"""Reading the directory: who I am, councils, teams, members, protocols."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.api.caller import Answer, CallerNow
from app.api.problems import documented
from app.domain.duty_task import CaseSystem
from app.domain.errors import NotVisible
from app.domain.pathway import Pathway
from app.domain.people import Role
from app.domain.protocol import CouncilProtocol
from app.store.directory import list_authorities, list_members, list_teams, load_teams
from app.usecases.call import Call

router = APIRouter(prefix="/v1", tags=["Directory"])


class MembershipView(BaseModel):
    """A role that holds today; `team` null: in the whole authority."""

    role: Role
    team: str | None


class MeView(BaseModel):
    """The person that the token names."""

    id: str
    authority: str
    memberships: list[MembershipView]


class AuthorityView(BaseModel):
    """A council and the protocol in force there."""

    code: str
    name: str
    protocol: str


class TeamView(BaseModel):
    """A team and its duty tray."""

    id: str
    authority: str
    name: str
    kind: str = Field(description="Data, not a fixed list: `early_help`, `social_care`, …")
    service: str
    locality: str
    case_system: CaseSystem
    tray: str
    active: bool


class MemberView(BaseModel):
    """A person's role in a team, with its days."""

    person: str
    name: str
    role: Role
    from_date: date
    to_date: date | None


class RouteView(BaseModel):
    """A way into a pathway."""

    name: str
    says: str
    origins: list[str]
    source: str


class RuleView(BaseModel):
    """A rule with its citation."""

    code: str
    gates: list[str]
    severity: str
    says: str
    source: str
    routes: list[str]


class PathwayView(BaseModel):
    """One pathway of a protocol."""

    form: str
    authorised_by: list[Role]
    custody_passes_on: str
    completes_on: list[str]
    milestones: list[str]
    routes: list[RouteView]
    rules: list[RuleView]


class ProtocolView(BaseModel):
    """A council's protocol as it is enforced."""

    code: str
    version: str
    in_force_from: date
    authority: str
    sources: dict[str, str]
    pathways: dict[Pathway, PathwayView]


@router.get(
    "/me",
    operation_id="readMe",
    summary="Read who I am",
    response_model=MeView,
    responses=documented(401, 403, 503),
)
async def me(caller: CallerNow) -> Response:
    """Show the person the token names, with the roles that the directory gives them today."""

    async def work(call: Call) -> Answer:
        held = sorted(call.actor.memberships, key=lambda m: (m.team or "", m.role))
        return Answer({"id": call.actor.id, "authority": call.actor.authority, "memberships": held})

    return await caller.read(work)


@router.get(
    "/authorities",
    operation_id="listAuthorities",
    summary="List the councils",
    response_model=list[AuthorityView],
    responses=documented(401, 403, 503),
)
async def authorities(caller: CallerNow) -> Response:
    """List every council that this service serves."""

    async def work(call: Call) -> Answer:
        return Answer(await list_authorities(call.tx))

    return await caller.read(work)


@router.get(
    "/teams",
    operation_id="listTeams",
    summary="List my council's teams",
    response_model=list[TeamView],
    responses=documented(401, 403, 503),
)
async def teams(caller: CallerNow) -> Response:
    """List every team of my council, closed ones too, with its kind and its duty tray."""

    async def work(call: Call) -> Answer:
        return Answer(await list_teams(call.tx, call.actor.authority))

    return await caller.read(work)


@router.get(
    "/teams/{team}/members",
    operation_id="listMembers",
    summary="List a team's members",
    response_model=list[MemberView],
    responses=documented(401, 403, 404, 422, 503),
)
async def members(
    caller: CallerNow,
    team: Annotated[
        str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:@-]{0,99}$", examples=["op-bishop"])
    ],
) -> Response:
    """List who is, was or will be in a team of my council, with role and days."""

    async def work(call: Call) -> Answer:
        found = await load_teams(call.tx, {team})
        if team not in found or found[team].authority != call.actor.authority:
            raise NotVisible(team)
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

    return await caller.read(work)


@router.get(
    "/protocols/{code}",
    operation_id="readProtocol",
    summary="Read a council's protocol",
    response_model=ProtocolView,
    responses=documented(401, 403, 404, 422, 503),
)
async def protocol(
    caller: CallerNow,
    code: Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,59}$", examples=["durham"])],
) -> Response:
    """Show every route and rule of a protocol, each with the clause of the procedure it is from."""

    async def work(call: Call) -> Answer:
        if code not in call.protocols:
            raise NotVisible(code)
        return Answer(protocol_view(call.protocols[code]))

    return await caller.read(work)


def protocol_view(found: CouncilProtocol) -> dict[str, object]:
    """A protocol in the shape of ProtocolView."""
    return {
        "code": found.code,
        "version": found.version,
        "in_force_from": found.in_force_from,
        "authority": found.authority,
        "sources": dict(found.sources),
        "pathways": {
            pathway: {
                "form": half.form,
                "authorised_by": half.authorised_by,
                "custody_passes_on": half.custody_passes_on,
                "completes_on": half.completes_on,
                "milestones": list(half.milestones),
                "routes": [
                    {"name": r.name, "says": r.says, "origins": r.origins, "source": r.source}
                    for r in half.routes.values()
                ],
                "rules": [
                    {
                        "code": rule.code,
                        "gates": rule.gates,
                        "severity": rule.severity,
                        "says": rule.says,
                        "source": rule.source,
                        "routes": rule.routes,
                    }
                    for rule in half.rules
                ],
            }
            for pathway, half in found.pathways.items()
        },
    }
