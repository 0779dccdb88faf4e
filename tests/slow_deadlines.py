"""Deadlines worked out slowly, in another way: by walking day by day and minute by minute.

The bank holidays are England's by statute and proclamation, written down here anew; Easter's days
are a table.
"""

from calendar import timegm
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

_LONDON = ZoneInfo("Europe/London")
_EASTER_SUNDAYS = {
    date(year, month, day)
    for year, (month, day) in enumerate(
        [
            *((4, 21), (4, 12), (4, 4), (4, 17), (4, 9), (3, 31), (4, 20), (4, 5), (3, 28)),
            *((4, 16), (4, 1), (4, 21), (4, 13), (3, 28), (4, 17), (4, 9), (3, 25), (4, 13)),
        ],
        start=2019,
    )
}
_MOVED_AWAY = {date(2020, 5, 4), date(2022, 5, 30)}
_PROCLAIMED = {
    date(2020, 5, 8),  # the 75th anniversary of VE Day
    date(2022, 6, 2),  # the Platinum Jubilee
    date(2022, 6, 3),
    date(2022, 9, 19),  # the funeral of Elizabeth II
    date(2023, 5, 8),  # the coronation of Charles III
}
_MONDAY, _FRIDAY = 0, 4


def is_bank_holiday(day: date) -> bool:
    """Whether England keeps it, between 2019 and 2036, on a weekday."""
    if day in _PROCLAIMED:
        return True
    if day in _MOVED_AWAY or day.weekday() > _FRIDAY:
        return False
    good_friday = _on(day, 2) in _EASTER_SUNDAYS
    easter_monday = _on(day, -1) in _EASTER_SUNDAYS
    first_monday_of_may = day.weekday() == _MONDAY and day.month == 5 and day.day <= 7
    last_monday = day.weekday() == _MONDAY and day.month in {5, 8} and day.day >= 25
    new_year = day in _kept(day.year, (1, 1))
    christmas = day in _kept(day.year, (12, 25), (12, 26))
    return any((good_friday, easter_monday, first_monday_of_may, last_monday, new_year, christmas))


def _kept(year: int, *feasts: tuple[int, int]) -> set[date]:
    # A feast at a weekend is kept on the next weekday that is no feast itself.
    days = {date(year, month, number) for month, number in feasts}
    kept = {day for day in days if day.weekday() <= _FRIDAY}
    for day in sorted(days - kept):
        while day in days | kept or day.weekday() > _FRIDAY:
            day = _on(day, 1)  # noqa: PLW2901
        kept.add(day)
    return kept


def _on(day: date, count: int) -> date:
    return date.fromordinal(day.toordinal() + count)


def days_from(day: date, step: int) -> Iterator[date]:
    """Walk from the next day on, or from the day before back."""
    while True:
        day = _on(day, step)
        yield day


def shown_in_london(instant: datetime) -> datetime:
    """What the clocks show."""
    return instant.astimezone(_LONDON).replace(tzinfo=None)


@cache
def first_instant(day: date) -> datetime:
    """Walk the hours of UTC until London's calendar turns."""
    hour = datetime.combine(_on(day, -1), time(20), UTC)
    while shown_in_london(hour).date() < day:
        hour += timedelta(hours=1)
    return hour


def last_instant(day: date) -> datetime:
    """A microsecond before the next day."""
    return first_instant(_on(day, 1)) - timedelta(microseconds=1)


@cache
def first_showing(day: date, hour: int, minute: int) -> datetime:
    """Walk a London day until its clocks show a time; if never, as if they had not been changed."""
    began = first_instant(day)
    shown = datetime.combine(day, time(hour, minute))
    for minutes in range(25 * 60):
        instant = began + timedelta(minutes=minutes)
        if shown_in_london(instant) == shown:
            return instant
    return began + timedelta(minutes=hour * 60 + minute)


def elapsed(instant: datetime, seconds: int) -> datetime:
    """By the seconds of POSIX time."""
    moved = datetime.fromtimestamp(timegm(instant.utctimetuple()) + seconds, UTC)
    return moved.replace(microsecond=instant.microsecond)


@cache
def day_on(day: date, count: int, unit: str) -> date:
    """Walk so many days, weeks, months or working days, back where the count is negative."""
    step = 1 if count > 0 else -1
    if unit == "months":
        return _months_on(day, count, step)
    left = abs(count) * (7 if unit == "weeks" else 1)
    for walked in days_from(day, step):
        working = walked.weekday() <= _FRIDAY and not is_bank_holiday(walked)
        left -= working if unit == "working days" else 1
        if not left:
            return walked
    raise AssertionError


def _months_on(day: date, count: int, step: int) -> date:
    # Walk until the month has changed often enough, then to the same number or the month's end.
    changes, before = 0, day
    for walked in days_from(day, step):
        changes += walked.month != before.month
        before = walked
        ends_month = _on(walked, 1).month != walked.month
        if changes == abs(count) and (
            walked.day == day.day or (ends_month and walked.day < day.day)
        ):
            return walked
    raise AssertionError


def weekday_before(day: date, name: str, *, of_week_before: bool) -> date:
    """Walk back to the last such weekday, or first past the Monday of this week."""
    if of_week_before:
        while f"{day:%A}" != "Monday":
            day = _on(day, -1)
    return next(walked for walked in days_from(day, -1) if f"{walked:%A}" == name)
