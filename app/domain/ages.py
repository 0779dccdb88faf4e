"""Ages of records and forms, in London days: "3 months"."""

from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.time_units import CALENDAR_UNITS, CalendarDays, amount, read_amount


@dataclass(frozen=True, slots=True)
class Age:
    """So many days, weeks or months. `str` gives the text back.

    A month's day is clamped: what began on 31 January is a month old on 28 or 29 February.
    """

    count: int
    unit: CalendarDays

    def reached(self, start: date, today: date) -> bool:
        """Whether what began on `start` is at least this old today."""
        return start <= today and self.unit.step(start, self.count) <= today

    def since(self, today: date) -> date:
        """The earliest day that is no longer ago than this age: what is older began before it."""
        day = self.unit.step(today, -self.count)
        # From the last day of a shorter month the age was reached before today.
        exceeded = self.unit.step(day, self.count) < today
        return day + timedelta(days=1) if exceeded else day

    def __str__(self) -> str:
        return amount(self.count, self.unit)


def parse_age(text: str) -> Age:
    """Read a count of days, weeks or months.

    Raises:
        ValueError: with what is allowed.
    """
    return Age(*read_amount(text, CALENDAR_UNITS))
