"""Timescales that end before a meeting: "48 hours before", "12:00 on the Friday before"."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from app.domain.instants import at_local, in_utc
from app.domain.london import local_date
from app.domain.meeting_series import WEEKDAYS
from app.domain.time_units import UNITS, Unit, amount, read_amount
from app.domain.working_days import Calendar

_WALL_CLOCK = re.compile(
    rf"([01][0-9]|2[0-3]):([0-5][0-9]) on the ({'|'.join(WEEKDAYS)})( of the week)? before"
)
_EXAMPLES = "'48 hours before', '16:00 on the Wednesday of the week before'"


@dataclass(frozen=True, slots=True)
class AmountBefore:
    """So many of a unit before the meeting; a unit of days ends with that London day."""

    count: int
    unit: Unit

    def due(self, meeting: datetime, calendar: Calendar) -> datetime:
        """The last instant in time, in UTC.

        Raises:
            ValueError: `meeting` carries no time zone.
            BeyondCalendar: it needs a day that the calendar does not know.
        """
        return self.unit.moved(in_utc(meeting), -self.count, calendar)

    def __str__(self) -> str:
        return f"{amount(self.count, self.unit)} before"


@dataclass(frozen=True, slots=True)
class WallClockBefore:
    """A time in London on a weekday: of the week before, which begins on Monday, or the last one.

    The last one is always an earlier day than the meeting's. `at_local` says what happens to a
    time at which the clocks change.
    """

    at: time
    weekday: int
    of_week_before: bool

    def due(self, meeting: datetime, _: Calendar) -> datetime:
        """The last instant in time, in UTC.

        Raises:
            ValueError: `meeting` carries no time zone.
            BeyondCalendar: the meeting is in a year that no calendar knows.
        """
        day = local_date(in_utc(meeting))
        if self.of_week_before:
            back = 7 + day.weekday() - self.weekday
        else:
            back = (day.weekday() - self.weekday - 1) % 7 + 1
        return at_local(day - timedelta(days=back), self.at)

    def __str__(self) -> str:
        which = " of the week" if self.of_week_before else ""
        return f"{self.at:%H:%M} on the {WEEKDAYS[self.weekday]}{which} before"


Before = AmountBefore | WallClockBefore


def parse_before(text: str) -> Before:
    """Read an amount before, or a time on a weekday before.

    Raises:
        ValueError: with what is allowed.
    """
    if found := _WALL_CLOCK.fullmatch(text):
        hour, minute, weekday, of_week = found.groups()
        at = time(int(hour), int(minute))
        return WallClockBefore(at, WEEKDAYS.index(weekday), of_week is not None)
    if not text.endswith(" before"):
        raise ValueError(f"{text!r} does not say before what is due, as in {_EXAMPLES}")
    try:
        return AmountBefore(*read_amount(text.removesuffix(" before"), UNITS))
    except ValueError as refused:
        raise ValueError(f"{refused}, then 'before'; for example {_EXAMPLES}") from None
