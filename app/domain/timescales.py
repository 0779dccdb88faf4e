"""Timescales that run from an event: "48 hours", "same day", "5 working days", "3 months"."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.instants import in_utc
from app.domain.time_units import CALENDAR_UNITS, UNITS, Unit, amount, read_amount
from app.domain.working_days import Calendar

_SAME_DAY = "same day"


@dataclass(frozen=True, slots=True)
class Within:
    """So many of a unit after an event; none of it is the same day. `str` gives the text back."""

    count: int
    unit: Unit

    def due(self, start: datetime, calendar: Calendar) -> datetime:
        """The last instant in time, in UTC.

        Raises:
            ValueError: `start` carries no time zone.
            BeyondCalendar: it needs a day that the calendar does not know.
        """
        return self.unit.moved(in_utc(start), self.count, calendar)

    def extended(
        self, due: datetime, paused_from: datetime, paused_to: datetime, calendar: Calendar
    ) -> datetime:
        """When it is due after a pause, which gives back what it took, in the unit's own measure.

        Minutes and hours get the time that elapsed; days, weeks and months the London days from
        the first day of the pause to its last; working days the working days among those.

        Raises:
            ValueError: an instant carries no time zone, or the pause ends before it begins.
            BeyondCalendar: it needs a day that the calendar does not know.
        """
        begun, ended = in_utc(paused_from), in_utc(paused_to)
        if ended < begun:
            raise ValueError("a pause cannot end before it begins")
        return self.unit.extended(in_utc(due), begun, ended, calendar)

    def __str__(self) -> str:
        return amount(self.count, self.unit) if self.count else _SAME_DAY


def parse_within(text: str) -> Within:
    """Read "same day", or a count and a unit.

    Raises:
        ValueError: with what is allowed.
    """
    if text == _SAME_DAY:
        return Within(0, CALENDAR_UNITS["day"])
    try:
        return Within(*read_amount(text, UNITS))
    except ValueError as refused:
        raise ValueError(f"{refused}; or {_SAME_DAY!r}") from None
