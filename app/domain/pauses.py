"""Pauses of clocks, each with its reason."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Pause:
    """A pause of the clock of that code. `ended_at` None: it goes on.

    `reason` is coded; `comment` is free text.
    """

    clock: str
    begun_at: datetime
    by: str
    reason: str
    comment: str
    ended_at: datetime | None = None
    ended_by: str | None = None
