"""Who holds custody of a child, over the API."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from app.api.transfer_views import CustodyView
from app.domain.custody import Custody
from app.domain.involved import Involved, InvolvedAs, during, involved, involved_at
from app.domain.protocol import PathwayRules
from app.domain.transfer import Transfer


class InvolvedView(BaseModel):
    """Somebody who is involved besides the lead."""

    involved_as: InvolvedAs = Field(
        description="In the team around the family, or the origin's lead, who stays for a time"
    )
    name: str | None = Field(description="Null: the origin's lead was never named")
    agency: str | None
    team: str | None
    since: datetime
    until: datetime | None = Field(description="Up to then, and not at it; null: it goes on")


class HoldView(CustodyView):
    """A team's hold on the lead, from `since` up to `until` and not at it."""

    until: datetime | None = Field(description="Null: it goes on")
    involved: list[InvolvedView] = Field(description="Who else is involved meanwhile")


class CustodyOfTransfer(BaseModel):
    """The holds of a transfer: exactly one team leads at every instant."""

    transfer: str
    version: int
    at: datetime | None = Field(description="The instant that was asked for; null: all of them")
    child: str | None = Field(description="The child that was asked for; null: all who were taken")
    holds: list[HoldView]


def hold_views(
    holds: Sequence[Custody], transfer: Transfer, rules: PathwayRules, at: datetime | None
) -> list[dict[str, Any]]:
    """Each hold in the shape of HoldView, with those who are involved in it, or at an instant."""
    everybody = involved(transfer, rules)
    return [
        {name: getattr(hold, name) for name in ("team", "since", "until", "lead_professional")}
        | {
            "involved": _views(
                during(everybody, hold) if at is None else involved_at(everybody, at)
            )
        }
        for hold in holds
    ]


def _views(people: Sequence[Involved]) -> list[dict[str, Any]]:
    return [{name: getattr(x, name) for name in InvolvedView.model_fields} for x in people]
