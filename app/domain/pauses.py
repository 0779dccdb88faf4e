"""Pauses of clocks, each with its reason."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Why:
    """A coded reason, and free text that never leaves the record."""

    reason: str
    comment: str


@dataclass(frozen=True, slots=True)
class Pause:
    """A pause of the clock of that code. `ended_at` None: it goes on.

    The reasons, of the pause and of its end, are coded; the comments are free text.
    """

    clock: str
    begun_at: datetime
    by: str
    reason: str
    comment: str
    ended_at: datetime | None = None
    ended_by: str | None = None
    ended_reason: str | None = None
    ended_comment: str | None = None
