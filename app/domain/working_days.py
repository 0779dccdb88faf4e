"""Working days: what is neither a weekend nor a bank holiday, in years that the calendar knows."""

from dataclasses import dataclass
from datetime import date, timedelta

_DAY = timedelta(days=1)
_SATURDAY = 5


class BeyondCalendar(LookupError):
    """The calendar does not know that year."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The bank holidays from `first` to `last`, both included.

    Every question about a day outside them is refused: a guessed deadline looks like a right one.
    """

    bank_holidays: frozenset[date]
    first: date
    last: date

    def reaches(self, day: date) -> bool:
        """Whether the calendar knows that day."""
        return self.first <= day <= self.last

    def is_working_day(self, day: date) -> bool:
        """Whether it is one.

        Raises:
            BeyondCalendar: the day is outside the calendar.
        """
        self._check(day)
        return day.weekday() < _SATURDAY and day not in self.bank_holidays

    def is_bank_holiday(self, day: date) -> bool:
        """Whether it is one.

        Raises:
            BeyondCalendar: the day is outside the calendar.
        """
        self._check(day)
        return day in self.bank_holidays

    def add(self, day: date, count: int) -> date:
        """Find the count-th working day after `day`, or before it where `count` is negative.

        Raises:
            ValueError: the count is 0, which names no working day.
            BeyondCalendar: `day`, or a day on the way, is outside the calendar.
        """
        if count == 0:
            raise ValueError("count working days from 1, or back from -1")
        self._check(day)
        step = _DAY if count > 0 else -_DAY
        left = abs(count)
        while left:
            day += step
            left -= self.is_working_day(day)
        return day

    def between(self, start: date, end: date) -> int:
        """Count the working days after `start` up to and including `end`; 0 if `end` is not later.

        Raises:
            BeyondCalendar: either is outside the calendar.
        """
        self._check(start)
        self._check(end)
        days = (end - start).days
        return sum(self.is_working_day(start + n * _DAY) for n in range(1, days + 1))

    def _check(self, day: date) -> None:
        if not self.reaches(day):
            raise BeyondCalendar(f"the calendar knows {self.first} to {self.last}, not {day}")
