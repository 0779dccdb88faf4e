"""Local days in Europe/London."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.london import LONDON, local_date

INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2037, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 7, 1, 23, 30, tzinfo=UTC), date(2026, 7, 2)),
        (datetime(2026, 7, 1, 22, 59, 59, 999999, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 12, 1, 23, 59, 59, tzinfo=UTC), date(2026, 12, 1)),
        (datetime(2026, 7, 2, 0, 30, tzinfo=timezone(timedelta(hours=1))), date(2026, 7, 2)),
        (datetime(2026, 7, 2, 5, 0, tzinfo=timezone(timedelta(hours=9))), date(2026, 7, 1)),
        (datetime(2026, 3, 29, 1, 30, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 1, 30, tzinfo=LONDON, fold=0), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 1, 30, tzinfo=LONDON, fold=1), date(2026, 10, 25)),
    ],
)
def test_h18_a_day_is_london_s_day(instant: datetime, day: date) -> None:
    assert local_date(instant) == day


def test_h18_the_days_of_the_clock_changes_have_23_and_25_hours() -> None:
    def hours_of(day: date) -> int:
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        around = (noon + timedelta(hours=h) for h in range(-24, 25))
        return sum(local_date(hour) == day for hour in around)

    assert hours_of(date(2026, 3, 29)) == 23
    assert hours_of(date(2026, 10, 25)) == 25
    assert hours_of(date(2026, 7, 1)) == 24


@given(instant=INSTANTS, seconds=st.integers(0, 86_400))
def test_h18_a_later_instant_is_never_an_earlier_day(instant: datetime, seconds: int) -> None:
    assert local_date(instant) <= local_date(instant + timedelta(seconds=seconds))


def test_h18_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^an instant needs a time zone$"):
        local_date(datetime(2026, 7, 1, 23, 30))  # noqa: DTZ001
