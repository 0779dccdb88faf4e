"""The shapes of the directory: people, teams, councils and their protocols."""

from datetime import date

from pydantic import BaseModel, Field

from app.domain.duty_task import CaseSystem
from app.domain.pathway import Pathway
from app.domain.people import Role
from app.domain.protocol import CouncilProtocol


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


def protocol_view(found: CouncilProtocol) -> dict[str, object]:
    """A protocol in the shape of ProtocolView."""
    return {
        "code": found.code,
        "version": found.version,
        "in_force_from": found.in_force_from,
        "authority": found.authority,
        "sources": dict(found.sources),
        "pathways": {
            pathway.value: {
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
