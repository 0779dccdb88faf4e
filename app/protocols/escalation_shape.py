"""How disagreements are settled, in a protocol file."""

from typing import Annotated

from pydantic import Field

from app.domain.escalation import Then
from app.domain.milestone_kind import Side
from app.domain.people import Role
from app.protocols.shape import Cited, Coded, Name, Shape, Words


class OutcomeShape(Shape):
    """How a disagreement may end, and what that does to the transfer."""

    says: Words
    then: Then


class LevelShape(Cited):
    """One level of the ladder, and who decides there."""

    code: Name
    decides: Annotated[tuple[Role, ...], Field(min_length=1)]
    by: Side = Side.EITHER


class EscalationShape(Cited):
    """Kinds, outcomes and levels, the lowest level first."""

    kinds: Annotated[Coded, Field(min_length=1)]
    outcomes: Annotated[dict[Name, OutcomeShape], Field(min_length=1)]
    levels: Annotated[tuple[LevelShape, ...], Field(min_length=1)]
    agreed_by: tuple[Role, ...] = (Role.TEAM_MANAGER, Role.CHAIR)
