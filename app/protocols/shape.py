"""What every part of a protocol file is made of."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    InstanceOf,
    Strict,
)

from app.domain.ages import Age, parse_age
from app.domain.milestone_names import Named, named
from app.domain.timescales import Within, parse_within

Value = TypeVar("Value")


def _readable(text: str) -> str:
    if not text.strip():
        raise ValueError("is empty")
    if not all(sign.isprintable() or sign in "\n\t" for sign in text):
        raise ValueError("has a character that cannot be read")
    return text


def _day_alone(given: object) -> object:
    if isinstance(given, datetime):
        raise ValueError("has a time: a day is written as 2026-11-01")  # noqa: TRY004 - pydantic's
    return given


Words = Annotated[str, Field(min_length=1, max_length=400), AfterValidator(_readable)]
YesOrNo = Annotated[bool, Strict()]
Day = Annotated[date, Strict(), BeforeValidator(_day_alone)]
CODE, NAME = r"^[A-Za-z0-9][A-Za-z0-9_-]*$", r"^[a-z][a-z0-9_]*$"
Code = Annotated[str, Field(pattern=CODE, max_length=60)]
Name = Annotated[str, Field(pattern=NAME, max_length=60)]
"""What the API calls something by, as a route or a milestone."""
Coded = dict[Name, Words]
"""Names with their words."""


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
