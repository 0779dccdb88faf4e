"""Consent of the family, scope by scope: to the service, and to share each thing (IS 6, 7)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class How(StrEnum):
    """How consent was expressed."""

    ORAL = "oral"
    WRITTEN = "written"


@dataclass(frozen=True, slots=True)
class Consent:
    """One consent. `scope` is one of the protocol's.

    `informed`: given after understanding the facts and the likely outcomes. `explicit`: to this
    specific act.
    """

    scope: str
    given_by: str
    given_on: date
    how: How
    informed: bool
    explicit: bool
    recorded_by: str
    recorded_at: datetime
