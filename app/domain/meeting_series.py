"""A council's series of step-up/step-down meetings, as its protocol declares it."""

from dataclasses import dataclass
from datetime import date, datetime, time

from app.domain.london import LONDON

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class MeetingSeries:
    """Every so many weeks, on a weekday (0 is Monday) at a London time, where these are fixed.

    `begins` is a day on which one was held: it says which weeks are the series' own.
    """

    name: str
    says: str
    source: str
    weeks: int
    weekday: int | None = None
    at: time | None = None
    begins: date | None = None
    locality: str | None = None
    venue: str | None = None
    minutes_a_case: int | None = None
    chair: str | None = None
    deputy_chair: str | None = None
    members: tuple[str, ...] = ()
    note: str | None = None

    def fault(self, starts_at: datetime) -> str | None:
        """Why no meeting of the series starts then, or None."""
        local = starts_at.astimezone(LONDON)
        if self.weekday is not None and local.weekday() != self.weekday:
            return f"a {WEEKDAYS[local.weekday()]}"
        if self.at is not None and local.time() != self.at:
            return f"at {local:%H:%M}"
        if self.begins is not None and (local.date() - self.begins).days // 7 % self.weeks:
            return "a week without a meeting"
        return None

    def when(self) -> str:
        """When it meets, in words."""
        every = "weekly" if self.weeks == 1 else f"every {self.weeks} weeks"
        day = f" on {WEEKDAYS[self.weekday]}" if self.weekday is not None else ""
        at = f" at {self.at:%H:%M}" if self.at is not None else ""
        return every + day + at
