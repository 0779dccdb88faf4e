"""Keyset cursors: the place in a list, opaque to the client and checked when it comes back."""

import base64
import binascii
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Protocol

from fastapi import Query
from pydantic import Field

from app.api.problem_handlers import Refusal
from app.store.sought_clocks import FoundClock, Key

Cursor = Annotated[
    str | None,
    Query(max_length=200, pattern=r"^[A-Za-z0-9_=-]+$", description="`next` of the page before"),
]
BIGGEST = 2**63 - 1
After = Annotated[int, Query(ge=0, le=BIGGEST, description="`next` of the page before")]
Limit = Annotated[int, Query(ge=1, le=200, description="Lines a page")]
NextCursor = Annotated[
    str | None, Field(description="The cursor of the next page; null on the last")
]


class Opened(Protocol):
    """A line of a list in the order in which transfers were opened."""

    @property
    def id(self) -> str:
        """The transfer's."""

    @property
    def opened_at(self) -> datetime:
        """When it was opened."""


def next_cursor(found: Sequence[Opened], limit: int) -> str | None:
    """The cursor of the page after this one; None where this was the last."""
    if len(found) < limit:
        return None
    return _written(found[-1].opened_at.isoformat(), found[-1].id)


def read_cursor(cursor: str | None) -> tuple[datetime, str] | None:
    """The place that a cursor of transfers names.

    Raises:
        Refusal: it is none of ours.
    """
    if cursor is None:
        return None
    at, transfer_id = _read(cursor, 2)
    return _moment(at), transfer_id


def next_clock(found: Sequence[FoundClock], limit: int) -> str | None:
    """The cursor of the page of clocks after this one; None where this was the last."""
    if len(found) < limit:
        return None
    due_at, transfer_id, code = found[-1].key
    return _written(due_at.isoformat() if due_at else "", transfer_id, code)


def read_clock_cursor(cursor: str | None) -> Key | None:
    """The place that a cursor of clocks names.

    Raises:
        Refusal: it is none of ours.
    """
    if cursor is None:
        return None
    due_at, transfer_id, code = _read(cursor, 3)
    return _moment(due_at) if due_at else None, transfer_id, code


def _written(*parts: str) -> str:
    return base64.urlsafe_b64encode("|".join(parts).encode()).decode()


def _read(cursor: str, many: int) -> list[str]:
    try:
        parts = base64.urlsafe_b64decode(cursor).decode("ascii").split("|")
    except (ValueError, binascii.Error):
        raise _none_of_ours() from None
    if len(parts) != many or not all(part.isprintable() for part in parts):
        raise _none_of_ours()
    return parts


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise _none_of_ours()
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise _none_of_ours() from None


def _none_of_ours() -> Refusal:
    return Refusal("invalid", "the cursor is none of ours")
