"""Ages in days, weeks and months."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.ages import parse_age

AGES = st.builds("{} {}".format, st.integers(1, 100), st.sampled_from(["days", "weeks", "months"]))
DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("text", "start", "day_before", "reached_on"),
    [
        ("3 months", date(2026, 1, 15), date(2026, 4, 14), date(2026, 4, 15)),
        ("1 month", date(2026, 1, 31), date(2026, 2, 27), date(2026, 2, 28)),
        ("1 month", date(2028, 1, 31), date(2028, 2, 28), date(2028, 2, 29)),
        ("12 months", date(2028, 2, 29), date(2029, 2, 27), date(2029, 2, 28)),
        ("6 weeks", date(2026, 3, 1), date(2026, 4, 11), date(2026, 4, 12)),
        ("1 day", date(2026, 3, 29), date(2026, 3, 29), date(2026, 3, 30)),
    ],
)
def test_h18_an_age_is_reached_on_its_day(
    text: str, start: date, day_before: date, reached_on: date
) -> None:
    age = parse_age(text)

    assert not age.reached(start, day_before)
    assert age.reached(start, reached_on)


@pytest.mark.parametrize(
    ("text", "today", "since"),
    [
        ("3 months", date(2026, 4, 15), date(2026, 1, 15)),
        ("3 months", date(2026, 5, 31), date(2026, 3, 1)),
        ("3 months", date(2026, 2, 28), date(2025, 11, 28)),
        ("6 months", date(2028, 8, 29), date(2028, 2, 29)),
        ("2 weeks", date(2026, 1, 10), date(2025, 12, 27)),
    ],
)
def test_h18_an_age_ago_is_a_day(text: str, today: date, since: date) -> None:
    assert parse_age(text).since(today) == since


@given(text=AGES, start=DAYS, today=DAYS)
def test_h18_what_began_before_since_is_older_than_the_age(
    text: str, start: date, today: date
) -> None:
    age = parse_age(text)

    older = age.reached(start, today - timedelta(days=1))

    assert older == (start < age.since(today))


@given(text=AGES, start=DAYS, today=DAYS, days=st.integers(0, 400))
def test_h18_what_has_reached_an_age_stays_as_old(
    text: str, start: date, today: date, days: int
) -> None:
    age = parse_age(text)

    assert age.reached(start, today) <= age.reached(start, today + timedelta(days=days))


def test_what_has_not_begun_has_no_age_however_far_off() -> None:
    assert not parse_age("1 day").reached(date.max, date(2026, 1, 1))


@pytest.mark.parametrize("text", ["3 months", "1 month", "14 days", "1 day", "2 weeks", "1 week"])
def test_an_age_is_written_as_it_was_read(text: str) -> None:
    assert str(parse_age(text)) == text


@pytest.mark.parametrize(
    "text", ["", "3", "months", "0 months", "-3 months", "3 hours", "5 working days", "3 years"]
)
def test_anything_else_is_no_age(text: str) -> None:
    with pytest.raises(ValueError, match="whole number from 1, a space and one of days, weeks, mo"):
        parse_age(text)


def test_no_age_is_over_ten_years() -> None:
    with pytest.raises(ValueError, match="too long: at most 120 months"):
        parse_age("121 months")
