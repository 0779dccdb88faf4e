"""On which days a series meets (CE M15, M17), and what becomes of a bank holiday."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from builders import calendar
from hypothesis import given
from hypothesis import strategies as st

from app.domain.instants import at_local
from app.domain.london import LONDON
from app.domain.meeting_series import MeetingSeries, OnBankHoliday
from app.domain.working_days import BeyondCalendar

WEEK = timedelta(weeks=1)
FORTNIGHTLY = MeetingSeries(
    "north",
    "North",
    "CE M15, M17",
    weeks=2,
    weekday=2,
    at=time(14),
    begins=date(2026, 1, 14),
    on_bank_holiday=OnBankHoliday.NEXT_WORKING_DAY,
)
MONDAYS = replace(FORTNIGHTLY, weeks=1, weekday=0, begins=None)
FRIDAYS = replace(FORTNIGHTLY, weeks=1, weekday=4, begins=None)
series = st.builds(
    MeetingSeries,
    name=st.just("any"),
    says=st.just("Any"),
    source=st.just("CE M17"),
    weeks=st.integers(1, 9),
    weekday=st.integers(0, 6),
    at=st.times(),
    begins=st.none() | st.dates(date(2016, 1, 1), date(2034, 1, 1)),
    on_bank_holiday=st.sampled_from(OnBankHoliday),
)
firsts = st.dates(date(2016, 1, 1), date(2033, 1, 1))


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def test_ce_m15_m17_a_fortnightly_series_meets_on_its_wednesdays_alone() -> None:
    found = FORTNIGHTLY.dates(date(2026, 11, 1), date(2026, 12, 31), calendar())

    assert found == tuple(
        date(2026, month, day) for month, day in ((11, 4), (11, 18), (12, 2), (12, 16), (12, 30))
    )


def test_it_starts_at_its_time_in_london_in_summer_and_in_winter() -> None:
    found = FORTNIGHTLY.starts(date(2026, 10, 20), date(2026, 11, 5), calendar())

    assert [start.isoformat() for start in found] == [
        "2026-10-21T13:00:00+00:00",
        "2026-11-04T14:00:00+00:00",
    ]


@pytest.mark.parametrize(
    ("rule", "held"),
    [
        (OnBankHoliday.NEXT_WORKING_DAY, (date(2027, 3, 30),)),
        (OnBankHoliday.WORKING_DAY_BEFORE, ()),
        (OnBankHoliday.NOT_HELD, ()),
    ],
)
def test_a_meeting_on_easter_monday_is_moved_within_its_week_or_not_held(
    rule: OnBankHoliday, held: tuple[date, ...]
) -> None:
    found = replace(MONDAYS, on_bank_holiday=rule)

    assert found.dates(date(2027, 3, 29), date(2027, 4, 4), calendar()) == held


def test_a_good_friday_is_never_moved_into_the_week_of_the_next_meeting() -> None:
    later = FRIDAYS.dates(date(2027, 3, 22), date(2027, 4, 4), calendar())
    before = replace(FRIDAYS, on_bank_holiday=OnBankHoliday.WORKING_DAY_BEFORE)

    assert later == (date(2027, 4, 2),)
    assert before.dates(date(2027, 3, 22), date(2027, 3, 28), calendar()) == (date(2027, 3, 25),)


def test_days_past_the_calendar_are_refused_and_not_guessed() -> None:
    with pytest.raises(BeyondCalendar):
        FORTNIGHTLY.dates(date(2035, 12, 1), date(2036, 2, 1), calendar())

    beyond = at_local(date(2036, 1, 2), time(14))
    assert FORTNIGHTLY.fault(beyond, calendar()) == (
        "a day that the calendar of bank holidays does not reach"
    )


def test_a_series_without_a_weekday_or_a_time_plans_nothing() -> None:
    whenever = replace(FORTNIGHTLY, weekday=None, on_bank_holiday=None)
    timeless = replace(FORTNIGHTLY, at=None)
    year = (date(2026, 1, 1), date(2026, 12, 31), calendar())

    assert whenever.dates(*year) == whenever.starts(*year) == timeless.starts(*year) == ()


def test_the_next_meeting_after_one_is_named() -> None:
    held = at_local(date(2026, 12, 2), time(14))

    assert FORTNIGHTLY.next_after(held, calendar()) == at_local(date(2026, 12, 16), time(14))
    last = at_local(date(2035, 12, 20), time(14))
    assert FORTNIGHTLY.next_after(last, calendar()) is None


def test_no_next_meeting_is_named_where_no_day_or_no_time_is_fixed() -> None:
    held = at_local(date(2026, 12, 2), time(14))

    for one in (replace(FORTNIGHTLY, weekday=None), replace(FORTNIGHTLY, at=None)):
        assert one.next_after(held, calendar()) is None


def test_the_next_meeting_is_named_however_many_bank_holidays_come_before_it() -> None:
    mondays = replace(
        MONDAYS, weeks=4, begins=date(2026, 3, 9), on_bank_holiday=OnBankHoliday.NOT_HELD
    )
    held = at_local(date(2026, 3, 9), time(14))

    following = mondays.next_after(held, calendar())

    assert following == at_local(date(2026, 6, 1), time(14))  # after Easter and early May


@given(series, firsts)
def test_any_series_meets_once_a_week_in_its_own_weeks_and_never_on_a_bank_holiday(
    one: MeetingSeries, first: date
) -> None:
    found = one.dates(first, first + 60 * WEEK, calendar())

    weeks = [monday(day) for day in found]
    assert len(set(weeks)) == len(weeks)
    assert not any(calendar().is_bank_holiday(day) for day in found)
    own = monday(one.begins) if one.begins else None
    assert all(own is None or (week - own) // WEEK % one.weeks == 0 for week in weeks)


@given(series, firsts)
def test_a_booking_is_taken_on_exactly_the_days_of_the_series(
    one: MeetingSeries, first: date
) -> None:
    days = [first + timedelta(days=n) for n in range(30)]
    held = one.dates(days[0], days[-1], calendar())
    at = datetime.combine(first, one.at or time()).time()

    taken = [day for day in days if one.fault(at_local(day, at), calendar()) is None]

    skipped = {day for day in days if _local(day, at) != at}
    assert set(taken) - skipped == set(held) - skipped


def _local(day: date, at: time) -> time:
    """What London's clocks show at that time, which they skip on a night in March."""
    return at_local(day, at).astimezone(LONDON).time()
