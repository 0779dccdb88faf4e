"""What every part of a protocol file is made of."""

from collections.abc import Callable
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, InstanceOf

from app.domain.ages import Age, parse_age
from app.domain.milestone_names import Named, named
from app.domain.timescales import Within, parse_within

Value = TypeVar("Value")

Words = Annotated[str, Field(min_length=1, max_length=400)]
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=60)]
Coded = dict[Code, Words]
"""Codes with their words."""


def read_as(parse: Callable[[str], Value]) -> BeforeValidator:
    """Read it by that parser, which refuses what it does not know (as any number)."""

    def read(text: object) -> Value:
        return parse(str(text))

    return BeforeValidator(read)


class Shape(BaseModel):
    """Unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Cited(Shape):
    """What says something in plain words, and cites the clauses it comes from."""

    says: Words
    source: Words
    note: Words | None = None


MilestoneName = Annotated[InstanceOf[Named], read_as(named)]
MilestoneNames = Annotated[
    tuple[MilestoneName, ...],
    BeforeValidator(lambda given: [given] if isinstance(given, str) else given),
    Field(min_length=1),
]
"""One milestone, or a list of them."""
AgeText = Annotated[InstanceOf[Age], read_as(parse_age)]
WithinText = Annotated[InstanceOf[Within], read_as(parse_within)]
