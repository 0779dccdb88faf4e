"""Request bodies, shapes and examples of delegations. Tests replay the examples as the others."""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi.openapi.models import Example
from pydantic import BaseModel, Field

from app.api.fields import Body, IsoDate, Name
from app.domain.delegation import Delegation
from app.domain.people import Role

DELEGATION_ID = 1
FIRST, LAST = "2026-12-21", "2027-01-03"
DELEGATE: dict[str, Example] = {
    "example": {
        "summary": "Over Christmas",
        "value": {
            "delegator": "op.manager",
            "delegate": "op.keyworker",
            "role": "team_manager",
            "team": "op-bishop",
            "from_date": FIRST,
            "to_date": LAST,
        },
    }
}


class DelegationBody(Body):
    """Whose role is held by whom as well, in which team, and on which London days."""

    delegator: Annotated[Name, Field(description="Whose role it is: mine, or my team manager's")]
    delegate: Name
    role: Annotated[Role, Field(strict=False, description="`team_manager` or `operations_manager`")]
    team: Name
    from_date: IsoDate
    to_date: Annotated[IsoDate, Field(description="The last day; a year at most")]

    def value(self, authority: str, made_by: str, now: datetime) -> Delegation:
        """In the domain's words."""
        return Delegation(
            authority,
            self.delegator,
            self.delegate,
            self.role,
            self.team,
            self.from_date,
            self.to_date,
            made_by,
            now,
        )


class DelegationView(BaseModel):
    """A delegation. `ended_at` null: it runs to the end of its last day."""

    id: int
    delegator: str
    delegate: str
    role: Role
    team: str
    from_date: date
    to_date: date
    made_by: str
    made_at: datetime
    ended_at: datetime | None
    ended_by: str | None
    version: int


class DelegationList(BaseModel):
    """A page of delegations."""

    items: list[DelegationView]
    next: int | None = Field(description="Give it as `after` for the next page; null on the last")


def delegation_view(delegation: Delegation) -> dict[str, Any]:
    """A delegation in the shape of DelegationView."""
    return {name: getattr(delegation, name) for name in DelegationView.model_fields}
