"""Timescales that end before a meeting."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.bank_holidays import england_calendar
from app.domain.before_meeting import Before, parse_before
from app.domain.london import LONDON, local_date
from app.domain.working_days import BeyondCalendar

ENGLAND = england_calendar(last_year=2035)
INSTANTS = st.datetimes(datetime(2016, 1, 1), datetime(2034, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
TEXTS = st.one_of(
    st.builds(
        "{} {} before".format,
        st.integers(2, 20),
        st.sampled_from(["minutes", "hours", "days", "weeks", "months", "working days"]),
    ),
    st.builds(
        "{:%H:%M} on the {}{} before".format,
        st.times(),
        st.sampled_from(WEEKDAYS),
        st.sampled_from(["", " of the week"]),
    ),
)


def _london(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("text", "meeting", "due"),
    [
        ("48 hours before", "2026-12-02T14:00", "2026-11-30T14:00"),
        ("48 hours before", "2026-03-30T14:00", "2026-03-28T13:00"),
        ("48 hours before", "2026-10-26T14:00", "2026-10-24T15:00"),
        ("2 working days before", "2026-12-02T14:00", "2026-11-30T23:59:59.999999"),
        ("2 working days before", "2026-04-08T14:00", "2026-04-02T23:59:59.999999"),
        ("1 week before", "2026-12-02T14:00", "2026-11-25T23:59:59.999999"),
        ("3 days before", "2026-03-30T00:30", "2026-03-27T23:59:59.999999"),
        ("1 month before", "2026-03-31T14:00", "2026-02-28T23:59:59.999999"),
        # Wednesday 2 December: its week begins on Monday 30 November.
        ("16:00 on the Wednesday of the week before", "2026-12-02T14:00", "2026-11-25T16:00"),
        ("16:00 on the Wednesday of the week before", "2026-11-30T00:00", "2026-11-25T16:00"),
        ("16:00 on the Wednesday of the week before", "2026-12-06T23:59", "2026-11-25T16:00"),
        ("16:00 on the Wednesday of the week before", "2026-12-07T00:00", "2026-12-02T16:00"),
        ("09:00 on the Monday of the week before", "2026-12-06T14:00", "2026-11-23T09:00"),
        ("09:00 on the Sunday of the week before", "2026-11-30T14:00", "2026-11-29T09:00"),
        ("16:00 on the Wednesday of the week before", "2026-04-01T14:00", "2026-03-25T16:00"),
        ("12:00 on the Friday before", "2026-12-02T14:00", "2026-11-27T12:00"),
        ("12:00 on the Friday before", "2026-12-05T09:00", "2026-12-04T12:00"),
        ("12:00 on the Friday before", "2026-12-04T14:00", "2026-11-27T12:00"),
        ("12:00 on the Friday before", "2026-07-04T00:30", "2026-07-03T12:00"),
        ("00:00 on the Friday before", "2026-07-04T00:30", "2026-07-03T00:00"),
        ("23:59 on the Friday before", "2026-07-04T00:30", "2026-07-03T23:59"),
    ],
)
def test_h18_before_a_meeting(text: str, meeting: str, due: str) -> None:
    found = parse_before(text).due(_london(meeting), ENGLAND)

    assert found == _london(due).astimezone(UTC)
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    ("meeting", "due"),
    [
        ("2026-04-01T14:00", "2026-03-29T01:30"),  # skipped: read in GMT, 02:30 as clocks show
        ("2026-10-28T14:00", "2026-10-25T00:30"),  # twice: the first, in BST
        ("2026-12-02T14:00", "2026-11-29T01:30"),
        ("2026-07-01T14:00", "2026-06-28T00:30"),
    ],
)
def test_h18_a_time_that_clocks_skip_or_show_twice_is_read_as_if_unchanged(
    meeting: str, due: str
) -> None:
    found = parse_before("01:30 on the Sunday before").due(_london(meeting), ENGLAND)

    assert found == datetime.fromisoformat(due).replace(tzinfo=UTC)


@given(text=TEXTS, meeting=INSTANTS, later=st.timedeltas(timedelta(0), timedelta(days=40)))
def test_h18_a_later_meeting_never_has_an_earlier_deadline(
    text: str, meeting: datetime, later: timedelta
) -> None:
    before = parse_before(text)

    due = before.due(meeting, ENGLAND)

    assert due < meeting
    assert due <= before.due(meeting + later, ENGLAND)


@given(meeting=INSTANTS, weekday=st.sampled_from(WEEKDAYS))
def test_h18_the_week_before_begins_one_to_two_weeks_before_and_the_weekday_is_within_seven_days(
    meeting: datetime, weekday: str
) -> None:
    day = local_date(meeting)

    last = local_date(parse_before(f"12:00 on the {weekday} before").due(meeting, ENGLAND))
    of_week = parse_before(f"12:00 on the {weekday} of the week before").due(meeting, ENGLAND)

    assert f"{last:%A}" == f"{local_date(of_week):%A}" == weekday
    assert 1 <= (day - last).days <= 7
    assert local_date(of_week).isocalendar()[:2] == (day - timedelta(days=7)).isocalendar()[:2]


@given(text=TEXTS)
def test_a_timescale_before_is_written_as_it_was_read(text: str) -> None:
    before: Before = parse_before(text)

    assert str(before) == text


@pytest.mark.parametrize(
    "text",
    [
        *("", "before", "48 hours", "48 before", "0 hours before", "-2 days before"),
        *("same day before", "48 hours  before", "48 hours before ", "48 hours before before"),
        *("16:00", "24:00 on the Friday before", "9:00 on the Friday before", "12:00 on Friday"),
        *("12:60 on the Friday before", "12:00 on the friday before", "12:00 on the Fri before"),
        *("12:00 on the Friday", "12:00 on the Friday of the month before", "Friday before"),
        *("12:00 on the Friday of the week", "12:00 on the Friday before\n", "121 months before"),
    ],
)
def test_anything_else_is_refused_with_examples(text: str) -> None:
    with pytest.raises(ValueError, match="'48 hours before', '16:00 on the Wednesday of the week"):
        parse_before(text)


def test_h18_a_deadline_before_the_calendar_is_refused() -> None:
    with pytest.raises(BeyondCalendar):
        parse_before("2 working days before").due(_london("2015-01-02T14:00"), ENGLAND)


@pytest.mark.parametrize(
    "meeting", [datetime(9999, 12, 31, 23, 59, tzinfo=UTC), datetime(1, 1, 1, tzinfo=UTC)]
)
@pytest.mark.parametrize("text", ["1 hour before", "12:00 on the Friday before", "1 week before"])
def test_h18_a_meeting_at_the_ends_of_time_is_refused(meeting: datetime, text: str) -> None:
    with pytest.raises(BeyondCalendar, match="no calendar knows the year"):
        parse_before(text).due(meeting, ENGLAND)


@pytest.mark.parametrize("text", ["1 hour before", "12:00 on the Friday before", "1 week before"])
def test_h18_a_meeting_without_a_zone_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="needs a time zone"):
        parse_before(text).due(datetime(2026, 7, 1, 10), ENGLAND)  # noqa: DTZ001
