"""Request bodies and shapes of restricted records and of break-glass reading."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from app.api.fields import Body, Name, Words
from app.domain.break_glass import BreakGlassReason, Opening
from app.domain.restrict import MOST_NAMED, Restricting
from app.domain.restriction import RestrictionKind, RestrictionReason
from app.domain.transfer import Transfer

Kind = Annotated[
    RestrictionKind,
    Field(
        strict=False,
        description="`conflict_of_interest`: for the people named it does not exist. "
        "`named_only`: they alone see it, with the managers of its teams, who works on it or holds "
        "it, auditors and the case systems",
    ),
]


class RestrictBody(Body):
    """From whom the transfer is withheld, or to whom alone it is open, and why."""

    kind: Kind
    people: Annotated[list[Name], Field(max_length=MOST_NAMED, description="Their ids")]
    reason: Annotated[RestrictionReason, Field(strict=False)]
    note: Words

    def value(self) -> Restricting:
        """In the domain's words."""
        return Restricting(self.kind, tuple(self.people), self.reason, self.note)


class LiftBody(Body):
    """Which restriction ends. Without people, all of the kind."""

    kind: Kind
    people: Annotated[list[Name], Field(max_length=MOST_NAMED, description="Their ids")] = Field(
        default_factory=list
    )


class BreakGlassBody(Body):
    """Why somebody must read what is not theirs."""

    reason: Annotated[BreakGlassReason, Field(strict=False)]
    note: Words


class RestrictionView(BaseModel):
    """A restriction. `person` null: the transfer is open to named people alone."""

    kind: RestrictionKind
    person: str | None
    reason: RestrictionReason
    note: str
    by: str
    at: datetime
    lifted_at: datetime | None
    lifted_by: str | None


class RestrictionsView(BaseModel):
    """Every restriction of a transfer that stands or stood, in the order in which they came."""

    transfer: str
    version: int
    items: list[RestrictionView]


class OpeningView(BaseModel):
    """Somebody broke the glass to read the transfer."""

    id: str
    transfer: str
    person: str
    reason: BreakGlassReason
    note: str
    at: datetime
    until: datetime = Field(description="Not open any more at this time")


class OpeningsView(BaseModel):
    """Everybody who broke the glass, the first first."""

    transfer: str
    items: list[OpeningView]


def restrictions_view(transfer: Transfer) -> dict[str, Any]:
    """A transfer's restrictions in the shape of RestrictionsView."""
    items = [asdict(x) for x in transfer.restrictions]
    return {"transfer": transfer.id, "version": transfer.version, "items": items}


def opening_view(opening: Opening) -> dict[str, Any]:
    """An opening in the shape of OpeningView."""
    return asdict(opening)
