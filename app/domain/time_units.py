"""The units in which protocols count time, and how each moves an instant.

Minutes and hours elapse, whatever London's clocks do. Every other unit counts days, and ends with
the last instant of a London day.
"""

import calendar as _months
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from app.domain.instants import at_local, end_of_day
from app.domain.london import LONDON, local_date
from app.domain.working_days import Calendar

_AMOUNT = re.compile(r"([1-9][0-9]{0,3}) ([a-z]+(?: [a-z]+)?)")


@dataclass(frozen=True, slots=True)
class Elapsed:
    """A length of time, the same on every day of the year."""

    name: str
    most: int
    length: timedelta

    def moved(self, instant: datetime, count: int, _: Calendar) -> datetime:
        """Move on by so many, or back by a negative count."""
        return instant + count * self.length

    def extended(
        self, due: datetime, paused_from: datetime, paused_to: datetime, _: Calendar
    ) -> datetime:
        """Give back the time that elapsed."""
        return due + (paused_to - paused_from)


@dataclass(frozen=True, slots=True)
class CalendarDays:
    """Days that count every day: a day, a week, a month."""

    name: str
    most: int
    step: Callable[[date, int], date]

    def moved(self, instant: datetime, count: int, _: Calendar) -> datetime:
        """Find the end of the London day so many on, or back by a negative count."""
        return end_of_day(self.step(local_date(instant), count))

    def extended(
        self, due: datetime, paused_from: datetime, paused_to: datetime, _: Calendar
    ) -> datetime:
        """Give back the London days from the first day of the pause to its last."""
        return _on_day(due, local_date(due) + (local_date(paused_to) - local_date(paused_from)))


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Days that count only where the calendar says so."""

    name: str
    most: int

    def moved(self, instant: datetime, count: int, calendar: Calendar) -> datetime:
        """Find the end of the working day so many on, or back by a negative count."""
        return end_of_day(calendar.add(local_date(instant), count))

    def extended(
        self, due: datetime, paused_from: datetime, paused_to: datetime, calendar: Calendar
    ) -> datetime:
        """Give back the working days after the first day of the pause, up to its last."""
        taken = calendar.between(local_date(paused_from), local_date(paused_to))
        return _on_day(due, calendar.add(local_date(due), taken)) if taken else due


Unit = Elapsed | CalendarDays | WorkingDays
AnyUnit = TypeVar("AnyUnit", Elapsed | CalendarDays | WorkingDays, CalendarDays)


def months_on(day: date, count: int) -> date:
    """Move by months; where the month is too short for the day, to its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    longest = _months.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, longest))


CALENDAR_UNITS = {
    unit.name: unit
    for unit in (
        CalendarDays("day", 3650, lambda day, count: day + timedelta(days=count)),
        CalendarDays("week", 520, lambda day, count: day + timedelta(weeks=count)),
        CalendarDays("month", 120, months_on),
    )
}
UNITS: dict[str, Unit] = {
    "minute": Elapsed("minute", 9999, timedelta(minutes=1)),
    "hour": Elapsed("hour", 9999, timedelta(hours=1)),
    "working day": WorkingDays("working day", 2600),
    **CALENDAR_UNITS,
}
"""Each by its singular; `most` keeps every amount under ten years, or four digits."""


def read_amount(text: str, units: Mapping[str, AnyUnit]) -> tuple[int, AnyUnit]:
    """Read a count from 1 and a unit, singular or plural: "1 hour", "5 working days".

    Raises:
        ValueError: with what is allowed.
    """
    found = _AMOUNT.fullmatch(text)
    unit = units.get(found[2].removesuffix("s")) if found else None
    if found is None or unit is None:
        names = ", ".join(f"{name}s" for name in units)
        raise ValueError(f"{text!r} is not a whole number from 1, a space and one of {names}")
    if int(found[1]) > unit.most:
        raise ValueError(f"{text!r} is too long: at most {amount(unit.most, unit)}")
    return int(found[1]), unit


def amount(count: int, unit: Unit) -> str:
    """Write it as people do: "1 hour", "48 hours"."""
    return f"{count} {unit.name}" if count == 1 else f"{count} {unit.name}s"


def _on_day(due: datetime, day: date) -> datetime:
    local = due.astimezone(LONDON)
    return due if local.date() == day else at_local(day, local.time())
