"""Request bodies and shapes of acts on many transfers at once."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, Field

from app.api.fields import Body, Line, Name, Words
from app.domain.reassign import Part
from app.usecases.close_team import PassedOn
from app.usecases.reassign import Reassigned


class ReassignmentBody(Body):
    """A colleague of the team, and why."""

    to: Name
    team: Name
    comment: Words | None = None


class RenameBody(Body):
    """The team's new name."""

    name: Line


class CloseBody(Body):
    """The team that takes over, and why."""

    successor: Name
    comment: Words


class ReassignedLine(BaseModel):
    """A transfer that changed hands."""

    transfer: str
    what: list[Part] = Field(description="What the leaver was to it")


class ReassignmentView(BaseModel):
    """What changed hands."""

    person: str
    to: str
    team: str
    transfers: int
    counts: dict[str, int] = Field(description="How many transfers, by what the leaver was to them")
    items: list[ReassignedLine]


class PassedOnLine(BaseModel):
    """A transfer that passed to the successor."""

    transfer: str
    what: list[str] = Field(
        description="`origin`: its origin team; `receiving`: the team that has it; `redirected`: "
        "its task went to the successor's tray; `recipient`: whom its form names"
    )


class ClosedTeamView(BaseModel):
    """What passed to the successor."""

    team: str
    successor: str
    transfers: int
    counts: dict[str, int] = Field(description="How many transfers, by what passed")
    items: list[PassedOnLine]


def moved(found: Sequence[Reassigned] | Sequence[PassedOn]) -> dict[str, Any]:
    """The transfers that moved, with their counts."""
    counts = Counter(str(what) for one in found for what in one.what)
    return {"transfers": len(found), "counts": dict(sorted(counts.items())), "items": found}
