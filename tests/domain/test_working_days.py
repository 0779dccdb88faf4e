"""Working days, and what the calendar refuses to guess."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.working_days import BeyondCalendar, Calendar

EASTER_2026 = frozenset({date(2026, 4, 3), date(2026, 4, 6)})
CALENDAR = Calendar(EASTER_2026, date(2026, 1, 1), date(2026, 12, 31))
DAYS = st.dates(date(2026, 3, 1), date(2026, 10, 31))
COUNTS = st.integers(1, 30)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 4, 2), True),
        (date(2026, 4, 3), False),
        (date(2026, 4, 4), False),
        (date(2026, 4, 5), False),
        (date(2026, 4, 6), False),
        (date(2026, 4, 7), True),
    ],
    ids=["Thursday", "Good Friday", "Saturday", "Sunday", "Easter Monday", "Tuesday"],
)
def test_h18_weekends_and_bank_holidays_are_no_working_days(day: date, works: bool) -> None:  # noqa: FBT001
    assert CALENDAR.is_working_day(day) is works


@pytest.mark.parametrize(
    ("day", "count", "found"),
    [
        (date(2026, 4, 1), 1, date(2026, 4, 2)),
        (date(2026, 4, 1), 2, date(2026, 4, 7)),
        (date(2026, 4, 4), 1, date(2026, 4, 7)),
        (date(2026, 4, 7), -1, date(2026, 4, 2)),
        (date(2026, 4, 4), -2, date(2026, 4, 1)),
    ],
)
def test_h18_working_days_are_counted_over_easter(day: date, count: int, found: date) -> None:
    assert CALENDAR.add(day, count) == found


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        (date(2026, 4, 2), date(2026, 4, 2), 0),
        (date(2026, 4, 2), date(2026, 4, 6), 0),
        (date(2026, 4, 2), date(2026, 4, 7), 1),
        (date(2026, 4, 3), date(2026, 4, 10), 4),
        (date(2026, 4, 10), date(2026, 4, 3), 0),
    ],
)
def test_h18_working_days_between_leave_out_the_first_day(
    start: date, end: date, count: int
) -> None:
    assert CALENDAR.between(start, end) == count


@given(day=DAYS, count=COUNTS)
def test_h18_what_is_added_is_what_lies_between(day: date, count: int) -> None:
    later = CALENDAR.add(day, count)

    assert CALENDAR.between(day, later) == count
    assert CALENDAR.is_working_day(later)


@given(day=DAYS, count=COUNTS)
def test_h18_counting_on_and_back_again_returns_to_a_working_day(day: date, count: int) -> None:
    start = CALENDAR.add(day, 1)

    assert CALENDAR.add(CALENDAR.add(start, count), -count) == start


@given(start=DAYS, days=st.integers(0, 30), more=st.integers(0, 30))
def test_h18_working_days_of_two_spans_add_up(start: date, days: int, more: int) -> None:
    middle = start + timedelta(days=days)
    end = middle + timedelta(days=more)

    assert CALENDAR.between(start, end) == (
        CALENDAR.between(start, middle) + CALENDAR.between(middle, end)
    )


@given(day=DAYS, other=DAYS, count=COUNTS | COUNTS.map(lambda count: -count))
def test_h18_a_later_day_never_leads_to_an_earlier_one(day: date, other: date, count: int) -> None:
    first, second = sorted((day, other))

    assert CALENDAR.add(first, count) <= CALENDAR.add(second, count)


def test_h18_the_calendar_knows_its_first_and_last_day() -> None:
    assert not CALENDAR.is_working_day(CALENDAR.first.replace(day=3))
    assert CALENDAR.is_working_day(CALENDAR.first)
    assert CALENDAR.add(date(2026, 12, 30), 1) == CALENDAR.last
    assert CALENDAR.add(date(2026, 1, 2), -1) == CALENDAR.first
    assert CALENDAR.between(CALENDAR.first, CALENDAR.last) == 258


def test_h18_a_day_that_the_calendar_does_not_know_is_refused() -> None:
    before, after = date(2025, 12, 31), date(2027, 1, 1)

    for beyond in (before, after):
        with pytest.raises(BeyondCalendar, match=rf"2026-01-01 to 2026-12-31, not {beyond}"):
            CALENDAR.is_working_day(beyond)
    with pytest.raises(BeyondCalendar):
        CALENDAR.add(date(2026, 12, 31), 1)
    with pytest.raises(BeyondCalendar):
        CALENDAR.add(date(2026, 1, 1), -1)
    with pytest.raises(BeyondCalendar):
        CALENDAR.add(before, 1)
    with pytest.raises(BeyondCalendar):
        CALENDAR.between(before, CALENDAR.first)
    with pytest.raises(BeyondCalendar):
        CALENDAR.between(CALENDAR.last, after)
    with pytest.raises(BeyondCalendar):
        CALENDAR.between(CALENDAR.first, before)


def test_no_working_day_is_the_noughth() -> None:
    with pytest.raises(ValueError, match=r"^count working days from 1, or back from -1$"):
        CALENDAR.add(date(2026, 4, 1), 0)
