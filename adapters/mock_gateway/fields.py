"""The kinds of value the gateway accepts: short, visible, and never a surprise."""

import re
from datetime import date, datetime
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_LINE = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$"
_TEXT = r"^[^\x00]*[^\x00-\x20][^\x00]*$"


def _written_as_a_day(value: object) -> object:
    """Refuse numbers and times, which pydantic would take for days.

    Raises:
        ValueError: The value is not text of the form YYYY-MM-DD.
    """
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and _DAY.fullmatch(value):
        return value
    raise ValueError("a day is written YYYY-MM-DD")


def _within_reason(day: date) -> date:
    """Refuse days that no living child's record can have.

    Raises:
        ValueError: The day is not of the 20th or 21st century.
    """
    if not date(1900, 1, 1) <= day <= date(2099, 12, 31):
        raise ValueError("a day lies between 1900-01-01 and 2099-12-31")
    return day


Day = Annotated[date, BeforeValidator(_written_as_a_day), AfterValidator(_within_reason)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Line = Annotated[str, StringConstraints(max_length=200, pattern=_LINE)]
Text = Annotated[str, StringConstraints(max_length=20_000, pattern=_TEXT)]
Value = Annotated[str, StringConstraints(max_length=20_000, pattern=r"^[^\x00]*$")]
Reference = Annotated[str, StringConstraints(pattern=r"^[!-.0-~]{1,100}$")]
Key = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,255}$")]
Identifier = Annotated[str, StringConstraints(pattern=r"^[!-.0-~]{1,64}$")]
NhsNumber = Annotated[str, StringConstraints(pattern=r"^[0-9]{10}$")]
Upn = Annotated[str, StringConstraints(pattern=r"^[A-Z][0-9]{11}[0-9A-Z]$")]
UpnUnknown = Annotated[str, StringConstraints(pattern=r"^UN[1-57]$")]
ReferralSource = Annotated[str, StringConstraints(pattern=r"^([1-9][A-F]?|10)$")]
PrimaryNeed = Annotated[str, StringConstraints(pattern=r"^N[0-9]$")]
_KNOWN_KEYS = Field(json_schema_extra={"additionalProperties": False})
"""No key but of the pattern. The framework holds to it, and its schema is silent."""
Statements = Annotated[dict[Code, Text], Field(max_length=50), _KNOWN_KEYS]
FormFields = Annotated[dict[Line, Value], Field(max_length=200), _KNOWN_KEYS]
