"""Every form of timescale on every day, against deadlines worked out slowly in another way."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import partial

import pytest
from slow_deadlines import (
    day_on,
    elapsed,
    first_instant,
    first_showing,
    is_bank_holiday,
    last_instant,
    shown_in_london,
    weekday_before,
)

from app.bank_holidays import england_calendar
from app.domain.before_meeting import Before, parse_before
from app.domain.timescales import Within, parse_within

ENGLAND = england_calendar(last_year=2036)
Oracle = Callable[[datetime], datetime]


def _day_of(instant: datetime) -> date:
    return shown_in_london(instant).date()


def _days(count: int, unit: str) -> Oracle:
    return lambda instant: last_instant(day_on(_day_of(instant), count, unit))


def _weekday(hour: int, minute: int, name: str, *, of_week_before: bool = False) -> Oracle:
    def due(meeting: datetime) -> datetime:
        day = weekday_before(_day_of(meeting), name, of_week_before=of_week_before)
        return first_showing(day, hour, minute)

    return due


WITHIN: dict[str, Oracle] = {
    "90 minutes": partial(elapsed, seconds=5_400),
    "1 hour": partial(elapsed, seconds=3_600),
    "24 hours": partial(elapsed, seconds=86_400),
    "48 hours": partial(elapsed, seconds=172_800),
    "same day": lambda instant: last_instant(_day_of(instant)),
    "1 working day": _days(1, "working days"),
    "2 working days": _days(2, "working days"),
    "5 working days": _days(5, "working days"),
    "15 working days": _days(15, "working days"),
    "14 days": _days(14, "days"),
    "2 weeks": _days(2, "weeks"),
    "1 month": _days(1, "months"),
    "3 months": _days(3, "months"),
    "6 months": _days(6, "months"),
}
BEFORE: dict[str, Oracle] = {
    "48 hours before": partial(elapsed, seconds=-172_800),
    "2 working days before": _days(-2, "working days"),
    "3 days before": _days(-3, "days"),
    "1 week before": _days(-1, "weeks"),
    "1 month before": _days(-1, "months"),
    "16:00 on the Wednesday of the week before": _weekday(16, 0, "Wednesday", of_week_before=True),
    "12:00 on the Friday before": _weekday(12, 0, "Friday"),
    "01:30 on the Sunday before": _weekday(1, 30, "Sunday"),
}


def _instants_of(day: date) -> Iterator[datetime]:
    began = first_instant(day)
    yield began
    yield began + timedelta(minutes=30)
    yield began + timedelta(hours=9, minutes=15, microseconds=7)
    yield last_instant(day)


def _wrong(days: Iterable[date]) -> list[tuple[str, datetime, datetime]]:
    forms: list[tuple[str, Within | Before, Oracle]] = [
        *((text, parse_within(text), oracle) for text, oracle in WITHIN.items()),
        *((text, parse_before(text), oracle) for text, oracle in BEFORE.items()),
    ]
    return [
        (text, instant, due)
        for day in days
        for instant in _instants_of(day)
        for text, form, oracle in forms
        if (due := form.due(instant, ENGLAND)) != oracle(instant)
    ]


def _all_days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _changes_clocks(day: date) -> bool:
    return last_instant(day) - first_instant(day) + timedelta(microseconds=1) != timedelta(days=1)


def test_h18_deadlines_are_right_in_the_week_around_clock_changes_and_bank_holidays() -> None:
    years = _all_days(date(2026, 1, 1), date(2028, 12, 31))
    special = [day for day in years if _changes_clocks(day) or is_bank_holiday(day)]
    near = {day + timedelta(days=n) for day in special for n in range(-7, 8)}

    wrong = _wrong(sorted(near))

    assert len(special) == 6 + 3 * 8
    assert wrong == []


@pytest.mark.long
@pytest.mark.parametrize("year", range(2020, 2036))
def test_h18_deadlines_are_right_on_every_day_of(year: int) -> None:
    wrong = _wrong(_all_days(date(year, 1, 1), date(year, 12, 31)))

    assert wrong == []
