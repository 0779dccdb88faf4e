"""pydantic's refusals of a protocol file in plain words."""

import re
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.protocols.faults import Fault
from app.protocols.shape import CODE, NAME

_DAY = "is not a day, written without quotes as 2026-11-01"
_TABLE = "is not a table"
_LIST = "is not a list"

PLAIN = {
    "extra_forbidden": "unknown key",
    "missing": "missing",
    "string_type": "is not text in quotes",
    "string_too_short": "is empty",
    "too_short": "is empty",
    "tuple_type": _LIST,
    "list_type": _LIST,
    "dict_type": _TABLE,
    "model_type": _TABLE,
    "bool_type": "is not true or false",
    "bool_parsing": "is not true or false",
    "int_type": "is not a whole number",
    "int_parsing": "is not a whole number",
    "int_from_float": "is not a whole number",
    "date_type": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_from_datetime_inexact": _DAY,
}
"""By pydantic's own name of the error."""

_MEMBER = re.compile(r"<\w+\.\w+: ([^>]*)>")
"""A member of an enum, as Python writes it."""

_BY_PATTERN = {
    CODE: "is no code: letters, digits, _ and - alone, as lack_of_progress",
    NAME: "is no name: small letters, digits and _ alone, from a letter on, as lack_of_progress",
}

WITH_LIMIT: dict[str, tuple[str, str]] = {
    "enum": ("expected", "is not one of: {}"),
    "literal_error": ("expected", "is not one of: {}"),
    "string_too_long": ("max_length", "is longer than {} characters"),
    "greater_than_equal": ("ge", "is less than {}"),
    "less_than_equal": ("le", "is more than {}"),
}
"""With the name of the limit that pydantic gives, and where it goes."""


def faults_of_shape(error: ValidationError) -> list[Fault]:
    """Every refusal, with the keys that lead to what is refused."""
    return [Fault(_path(found), _words(found)) for found in error.errors()]


def _path(error: ErrorDetails) -> tuple[str | int, ...]:
    # pydantic puts "[key]" behind a key that is itself refused.
    return tuple(part for part in error["loc"] if part != "[key]")


def _words(error: ErrorDetails) -> str:
    kind, limits = error["type"], error.get("ctx", {})
    if kind == "value_error":
        return str(limits["error"])
    if kind == "string_pattern_mismatch":
        return _BY_PATTERN[limits["pattern"]]
    if kind in WITH_LIMIT:
        return _limited(*WITH_LIMIT[kind], limits)
    return PLAIN.get(kind) or error["msg"]


def _limited(name: str, words: str, limits: Mapping[str, Any]) -> str:
    return words.format(_MEMBER.sub(r"\1", str(limits[name])).replace("'", ""))
