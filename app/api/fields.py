"""Field types of what comes in: hostile until it has passed through one of these."""

import re
from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic import BaseModel as PydanticModel

EARLIEST, LATEST = date(1900, 1, 1), date(2200, 1, 1)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})", re.ASCII
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LINE_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Body(PydanticModel):
    """A request body: unknown fields are refused, and nothing is coerced."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def _line(text: str) -> str:
    if _LINE_CONTROL.search(text):
        raise ValueError("control characters are not allowed")
    return _not_blank(text)


def _not_blank(text: str) -> str:
    if _CONTROL.search(text):
        raise ValueError("control characters are not allowed")
    if not text.strip():
        raise ValueError("must not be blank")
    return text


def _unpadded_answer(text: str) -> str:
    if "\x00" in text:
        raise ValueError("control characters are not allowed")
    return text


def _date(value: object) -> date:
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise ValueError("give a date as YYYY-MM-DD")
    try:
        parsed = date.fromisoformat(value)
    except ValueError:
        raise ValueError("there is no such day") from None
    if not EARLIEST <= parsed < LATEST:
        raise ValueError(f"give a day from {EARLIEST} to before {LATEST}")
    return parsed


def _instant(value: object) -> datetime:
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        raise ValueError("give a time as YYYY-MM-DDThh:mm:ssZ or with its offset")
    try:
        parsed = datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("there is no such time") from None
    if not EARLIEST <= parsed.date() < LATEST:
        raise ValueError(f"give a time from {EARLIEST} to before {LATEST}")
    return parsed


Line = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_line)]
"""One line of words: a name, a chair, a decision."""

Words = Annotated[str, Field(min_length=1, max_length=20_000), AfterValidator(_not_blank)]
"""Free text of some length: comments, notes."""

AnswerText = Annotated[str, Field(max_length=20_000), AfterValidator(_unpadded_answer)]
"""A form's answer, which may be empty."""

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
"""A coded word: a kind of form, a route, a reason."""

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:@-]{0,99}$")]
"""The id of a team or a person in the directory."""

RecordId = Annotated[str, Field(pattern=r"^[!-.0-~]{1,64}$")]
"""The id of a record in a case system: visible ASCII without a slash."""

ChildId = Annotated[str, Field(pattern=r"^[A-Za-z0-9]{1,20}$")]
"""LAchildID: census rules 1570 and 1580."""

IsoDate = Annotated[
    date, BeforeValidator(_date), WithJsonSchema({"type": "string", "format": "date"})
]
"""A calendar day, as text; numbers are not days."""

Instant = Annotated[
    datetime, BeforeValidator(_instant), WithJsonSchema({"type": "string", "format": "date-time"})
]
"""A moment with its offset, in UTC once read."""
