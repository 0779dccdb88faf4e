"""Field types of what comes in: hostile until it has passed through one of these."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any

from fastapi import Path
from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic import BaseModel as PydanticModel

from app.domain.census_codes import PRIMARY_NEED, UPN_UNKNOWN
from app.domain.identifiers import LETTERS, nhs_number_fault, upn_fault

EARLIEST, LATEST = date(1900, 1, 1), date(2200, 1, 1)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})", re.ASCII
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LINE_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_SAID = re.compile(r"[^\s\u0085\ufeff]")
"""What is not blank: engines of schemas disagree on these two."""
_YEAR = "(19|20|21)[0-9]{2}"


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
    if not _SAID.search(text):
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


def _whole(value: object) -> object:
    """JSON has one kind of number: 88.0 is as whole as 88."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _nhs_number(text: str) -> str:
    if fault := nhs_number_fault(text):
        raise ValueError(fault)
    return text


def _upn(text: str) -> str:
    if fault := upn_fault(text):
        raise ValueError(fault)
    return text


def _upn_unknown(text: str) -> str:
    return _known(text, UPN_UNKNOWN)


def _primary_need(text: str) -> str:
    return _known(text, PRIMARY_NEED)


def _known(text: str, codes: Mapping[str, str]) -> str:
    if text not in codes:
        raise ValueError(f"choose one of {', '.join(codes)}")
    return text


def _coded(codes: Mapping[str, str]) -> WithJsonSchema:
    meanings = "; ".join(f"{code} {meaning}" for code, meaning in codes.items())
    return WithJsonSchema({"type": "string", "enum": list(codes), "description": meanings})


def _without(controls: re.Pattern[str]) -> dict[str, Any]:
    return {"not": {"pattern": controls.pattern}}


def _shown(**keywords: Any) -> Any:  # noqa: ANN401 - what Field gives
    """Keywords of the schema for what a validator holds."""
    return Field(json_schema_extra=dict(keywords))


KNOWN_KEYS = _shown(additionalProperties=False)
"""Of a map: no key but of its pattern. The framework holds to it, and its schema is silent."""

Line = Annotated[
    str,
    Field(min_length=1, max_length=200),
    AfterValidator(_line),
    _shown(pattern=_SAID.pattern, **_without(_LINE_CONTROL)),
]
"""One line of words: a name, a chair, a decision."""

Words = Annotated[
    str,
    Field(min_length=1, max_length=20_000),
    AfterValidator(_not_blank),
    _shown(pattern=_SAID.pattern, **_without(_CONTROL)),
]
"""Free text of some length: comments, notes."""

AnswerText = Annotated[
    str,
    Field(max_length=20_000),
    AfterValidator(_unpadded_answer),
    _shown(**{"not": {"pattern": r"\x00"}}),
]
"""A form's answer, which may be empty."""

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
"""A coded word: a kind of form, a route, a reason."""

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:@-]{0,99}$")]
"""The id of a team or a person in the directory."""

TeamId = Annotated[Name, Path(examples=["op-bishop"])]
"""A team, in a path."""

RecordId = Annotated[str, Field(pattern=r"^[!-.0-~]{1,64}$")]
"""The id of a record in a case system: visible ASCII without a slash."""

ChildId = Annotated[str, Field(pattern=r"^[A-Za-z0-9]{1,20}$")]
"""LAchildID: census rules 1570 and 1580."""

NhsNumber = Annotated[
    str,
    AfterValidator(_nhs_number),
    WithJsonSchema(
        {
            "type": "string",
            "format": "nhs-number",
            "pattern": "^[0-9]{10}$",
            "description": "Its check digit must fit (modulus 11)",
        }
    ),
]
"""An NHS number, held to its checksum."""

Upn = Annotated[
    str,
    AfterValidator(_upn),
    WithJsonSchema(
        {
            "type": "string",
            "format": "upn",
            "pattern": f"^[{LETTERS}][0-9]{{11}}[0-9{LETTERS}]$",
            "description": "Its check letter must fit (modulus 23)",
        }
    ),
]
"""A Unique Pupil Number, permanent or temporary, held to its checksum."""

UpnUnknown = Annotated[str, AfterValidator(_upn_unknown), _coded(UPN_UNKNOWN)]
"""UPNunknown of the census: why there is no Unique Pupil Number."""

PrimaryNeed = Annotated[str, AfterValidator(_primary_need), _coded(PRIMARY_NEED)]
"""PrimaryNeed of the census."""

IsoDate = Annotated[
    date,
    BeforeValidator(_date),
    WithJsonSchema({"type": "string", "format": "date", "pattern": f"^{_YEAR}-"}),
]
"""A calendar day, as text; numbers are not days."""

Instant = Annotated[
    datetime,
    BeforeValidator(_instant),
    WithJsonSchema(
        {
            "type": "string",
            "format": "date-time",
            "pattern": f"^{_YEAR}-[0-9-]{{5}}T[0-9:]{{8}}(\\.[0-9]{{1,6}})?(Z|[+-][0-9:]{{5}})$",
        }
    ),
]
"""A moment with its offset, in UTC once read."""

Hours = Annotated[int, Field(ge=0, le=168), BeforeValidator(_whole)]
"""A number of hours, up to a week."""
