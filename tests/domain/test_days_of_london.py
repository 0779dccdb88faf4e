"""A London day begins and ends by London's clocks, whatever the day in UTC."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.domain.instants import end_of_day, start_of_day


@pytest.mark.parametrize(
    ("day", "begins"),
    [
        (date(2026, 1, 15), datetime(2026, 1, 15, tzinfo=UTC)),
        (date(2026, 7, 15), datetime(2026, 7, 14, 23, tzinfo=UTC)),
        (date(2026, 3, 29), datetime(2026, 3, 29, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 24, 23, tzinfo=UTC)),
    ],
)
def test_h18_a_day_begins_at_london_s_midnight_and_the_one_before_has_just_ended(
    day: date, begins: datetime
) -> None:
    assert start_of_day(day) == begins
    assert end_of_day(day - timedelta(days=1)) == begins - timedelta(microseconds=1)
