"""A review of how a family gets on after the transfer (IS 15)."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Review:
    """A review that was held. `review` is the code of the clock that brings it.

    `findings` and `outcomes_achieved` are free text and never leave the record.
    """

    review: str
    outcome: str | None
    findings: str
    outcomes_achieved: str | None
    held_at: datetime
    by: str
    recorded_at: datetime
