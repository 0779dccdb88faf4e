"""Keyset cursors: the place in a list, opaque to the client and checked when it comes back."""

import base64
import binascii
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

from pydantic import Field

from app.api.problem_handlers import Refusal
from app.store.search import FoundTransfer

Cursor = Annotated[str | None, Field(max_length=200, pattern=r"^[A-Za-z0-9_=-]+$")]


def next_cursor(found: Sequence[FoundTransfer], limit: int) -> str | None:
    """The cursor of the page after this one; None where this was the last."""
    if len(found) < limit:
        return None
    last = found[-1]
    return base64.urlsafe_b64encode(f"{last.opened_at.isoformat()}|{last.id}".encode()).decode()


def read_cursor(cursor: str | None) -> tuple[datetime, str] | None:
    """The place that a cursor names.

    Raises:
        Refusal: it is none of ours.
    """
    if cursor is None:
        return None
    try:
        at, _, transfer_id = base64.urlsafe_b64decode(cursor).decode("ascii").partition("|")
        moment = datetime.fromisoformat(at)
        named = moment.tzinfo is not None and transfer_id.isprintable()
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError, binascii.Error):
        raise Refusal("invalid", "the cursor is none of ours") from None
    if not named:
        raise Refusal("invalid", "the cursor is none of ours")
    return moment, transfer_id
