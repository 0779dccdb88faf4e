"""Timescales from an event: how they are read, when they end, and what a pause gives back."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.bank_holidays import england_calendar
from app.domain.instants import end_of_day, in_utc
from app.domain.london import LONDON, local_date
from app.domain.timescales import Within, parse_within
from app.domain.working_days import BeyondCalendar

ENGLAND = england_calendar(last_year=2035)
INSTANTS = st.datetimes(datetime(2016, 1, 1), datetime(2034, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
PAUSES = st.timedeltas(timedelta(0), timedelta(days=40))
TIMESCALES = st.one_of(
    st.just("same day"),
    st.builds(
        "{} {}".format,
        st.integers(1, 40),
        st.sampled_from(["minutes", "hours", "days", "weeks", "working days"]),
    ),
    st.builds("{} months".format, st.integers(1, 9)),
).map(parse_within)


def _not_in_months(timescale: Within) -> bool:
    return timescale.unit.name != "month"  # months differ in length, so when they begin matters


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "start", "due"),
    [
        # The clocks go on at 01:00 on 29 March 2026 and back at 01:00 UTC on 25 October.
        ("48 hours", "2026-03-28T12:00", "2026-03-30T12:00"),
        ("48 hours", "2026-10-24T12:00", "2026-10-26T12:00"),
        ("1 hour", "2026-10-25T00:30", "2026-10-25T01:30"),
        ("90 minutes", "2026-12-31T23:00", "2027-01-01T00:30"),
    ],
)
def test_h18_hours_and_minutes_elapse_whatever_the_clocks_do(
    text: str, start: str, due: str
) -> None:
    assert parse_within(text).due(_utc(start), ENGLAND) == _utc(due)


@pytest.mark.parametrize(
    ("text", "start", "last_day"),
    [
        ("same day", "2026-12-01T12:00", date(2026, 12, 1)),
        ("same day", "2026-07-01T22:59:59", date(2026, 7, 1)),
        ("same day", "2026-07-01T23:30", date(2026, 7, 2)),  # 00:30 in London
        ("same day", "2026-12-01T00:00", date(2026, 12, 1)),
        ("same day", "2026-12-05T10:00", date(2026, 12, 5)),  # a Saturday
        ("14 days", "2026-03-20T10:00", date(2026, 4, 3)),  # Good Friday
        ("2 weeks", "2026-10-20T10:00", date(2026, 11, 3)),
        ("1 day", "2028-02-28T10:00", date(2028, 2, 29)),
        ("1 month", "2026-01-31T10:00", date(2026, 2, 28)),
        ("1 month", "2028-01-31T10:00", date(2028, 2, 29)),
        ("1 month", "2026-02-28T10:00", date(2026, 3, 28)),
        ("3 months", "2026-11-30T10:00", date(2027, 2, 28)),
        ("12 months", "2028-02-29T10:00", date(2029, 2, 28)),
        ("5 working days", "2026-04-01T10:00", date(2026, 4, 10)),  # over Easter
        ("1 working day", "2026-04-02T10:00", date(2026, 4, 7)),
        ("1 working day", "2026-12-05T10:00", date(2026, 12, 7)),  # from a Saturday
        ("2 working days", "2021-12-24T10:00", date(2021, 12, 30)),  # Christmas at a weekend
        ("1 working day", "2020-05-01T10:00", date(2020, 5, 4)),  # May Day moved away
        ("1 working day", "2020-05-07T10:00", date(2020, 5, 11)),  # to VE Day
        ("1 working day", "2022-06-01T10:00", date(2022, 6, 6)),  # the Jubilee
        ("1 working day", "2023-05-05T10:00", date(2023, 5, 9)),  # the coronation
        ("1 working day", "2026-07-02T23:30", date(2026, 7, 6)),  # 00:30 on Friday in London
    ],
)
def test_h18_days_end_with_the_last_instant_of_a_london_day(
    text: str, start: str, last_day: date
) -> None:
    due = parse_within(text).due(_utc(start), ENGLAND)

    assert local_date(due) == last_day
    assert local_date(due + timedelta(microseconds=1)) == last_day + timedelta(days=1)
    assert due.tzinfo is UTC


def test_h18_a_zone_changes_nothing_but_how_an_instant_is_written() -> None:
    start = _utc("2026-03-28T23:30")
    tokyo, london = start.astimezone(timezone(timedelta(hours=9))), start.astimezone(LONDON)

    for text in ("48 hours", "same day", "1 month", "2 working days"):
        due = parse_within(text).due
        assert due(tokyo, ENGLAND) == due(london, ENGLAND) == due(start, ENGLAND)


@given(timescale=TIMESCALES, start=INSTANTS, later=PAUSES)
def test_h18_what_begins_later_is_never_due_earlier(
    timescale: Within, start: datetime, later: timedelta
) -> None:
    due = timescale.due(start, ENGLAND)

    assert start <= due <= timescale.due(start + later, ENGLAND)


@given(timescale=TIMESCALES)
def test_a_timescale_is_written_as_it_is_read(timescale: Within) -> None:
    assert parse_within(str(timescale)) == timescale


@pytest.mark.parametrize(
    ("text", "written"),
    [
        *((text, text) for text in ("48 hours", "1 hour", "same day", "5 working days")),
        *((text, text) for text in ("1 working day", "9999 minutes", "3650 days", "2 weeks")),
        ("1 hours", "1 hour"),
        ("48 hour", "48 hours"),
        ("5 working day", "5 working days"),
    ],
)
def test_singular_and_plural_are_both_read(text: str, written: str) -> None:
    assert str(parse_within(text)) == written


@pytest.mark.parametrize(
    "text",
    [
        *("", "5", "hours", "0 hours", "-1 hours", "+1 hours", "1.5 hours", "05 hours", "5hours"),
        *("5  hours", " 5 hours", "5 hours ", "5 hours\n", "5 Hours", "five hours", "\u0665 hours"),
        *("5 years", "5 fortnights", "5 hourss", "5 working", "5 working hours", "5 workings days"),
        *("10000 minutes", "same days", "Same day", "1 same day", "48 hours before", "P2D"),
    ],
)
def test_anything_else_is_refused_with_what_is_allowed(text: str) -> None:
    with pytest.raises(ValueError, match="whole number from 1, a space and one of minutes, hours"):
        parse_within(text)


@pytest.mark.parametrize(
    ("text", "most"),
    [
        *(("3651 days", "3650 days"), ("521 weeks", "520 weeks"), ("121 months", "120 months")),
        ("2601 working days", "2600 working days"),
    ],
)
def test_no_timescale_is_over_ten_years(text: str, most: str) -> None:
    with pytest.raises(ValueError, match=f"too long: at most {most}"):
        parse_within(text)

    assert str(parse_within(most)) == most


def test_h18_a_deadline_that_needs_an_unknown_year_is_refused() -> None:
    new_year_s_eve = _utc("2035-12-31T10:00")

    with pytest.raises(BeyondCalendar):
        parse_within("1 working day").due(new_year_s_eve, ENGLAND)

    assert parse_within("1 day").due(new_year_s_eve, ENGLAND) == end_of_day(date(2036, 1, 1))


@pytest.mark.parametrize(
    "instant", [datetime(9999, 12, 31, 23, 59, tzinfo=UTC), datetime(1, 1, 1, tzinfo=UTC)]
)
@pytest.mark.parametrize("text", ["1 hour", "same day", "120 months", "1 working day"])
def test_h18_the_ends_of_time_are_refused(instant: datetime, text: str) -> None:
    with pytest.raises(BeyondCalendar, match="no calendar knows the year"):
        parse_within(text).due(instant, ENGLAND)


def test_h18_an_instant_without_a_zone_is_refused() -> None:
    aware, naive = _utc("2026-07-01T10:00"), datetime(2026, 7, 1, 10)  # noqa: DTZ001
    hour = parse_within("1 hour")

    with pytest.raises(ValueError, match=r"^an instant needs a time zone$"):
        hour.due(naive, ENGLAND)
    for instants in ((naive, aware, aware), (aware, naive, aware), (aware, aware, naive)):
        with pytest.raises(ValueError, match=r"^an instant needs a time zone$"):
            hour.extended(*instants, ENGLAND)


@pytest.mark.parametrize(
    ("text", "due", "paused_from", "paused_to", "extended"),
    [
        # Hours: what elapsed, over the change of clocks too.
        *(
            ("48 hours", "2026-03-30T12:00", "2026-03-28T18:00", until, extended)
            for until, extended in (
                ("2026-03-29T18:00", "2026-03-31T12:00"),
                ("2026-03-28T18:20", "2026-03-30T12:20"),
            )
        ),
        # Days: London's, however short the pause over midnight; the end stays the end of a day.
        ("14 days", "2026-12-15T23:59:59", "2026-12-01T09:00", "2026-12-01T17:00",
         "2026-12-15T23:59:59"),
        ("14 days", "2026-12-15T23:59:59", "2026-12-01T23:59", "2026-12-02T00:01",
         "2026-12-16T23:59:59"),
        ("3 months", "2026-10-24T22:59:59", "2026-08-01T09:00", "2026-08-03T09:00",
         "2026-10-26T23:59:59"),
        ("same day", "2026-07-01T22:59:59", "2026-07-01T10:00", "2026-07-01T23:30",
         "2026-07-02T22:59:59"),
        # Working days: those of the pause, added as working days.
        ("5 working days", "2026-04-02T22:59:59", "2026-03-30T09:00", "2026-03-31T09:00",
         "2026-04-07T22:59:59"),
        ("5 working days", "2026-04-10T22:59:59", "2026-04-03T09:00", "2026-04-06T09:00",
         "2026-04-10T22:59:59"),
        ("5 working days", "2026-04-10T22:59:59", "2026-04-02T09:00", "2026-04-08T09:00",
         "2026-04-14T22:59:59"),
    ],
)  # fmt: skip
def test_h18_a_pause_gives_back_what_it_took(
    text: str, due: str, paused_from: str, paused_to: str, extended: str
) -> None:
    moved = parse_within(text).extended(_utc(due), _utc(paused_from), _utc(paused_to), ENGLAND)

    assert moved == _utc(extended)


def test_h18_a_time_of_day_that_people_agreed_keeps_it_over_a_pause_in_days() -> None:
    agreed = datetime(2026, 10, 23, 14, 0, tzinfo=LONDON)
    friday, tuesday = _utc("2026-10-23T09:00"), _utc("2026-10-27T09:00")

    assert parse_within("2 weeks").extended(agreed, friday, tuesday, ENGLAND) == datetime(
        2026, 10, 27, 14, 0, tzinfo=LONDON
    )
    assert parse_within("2 working days").extended(agreed, friday, tuesday, ENGLAND) == datetime(
        2026, 10, 27, 14, 0, tzinfo=LONDON
    )


def test_h18_a_pause_within_a_day_leaves_a_time_that_clocks_show_twice_as_it_is() -> None:
    second_half_past_one = _utc("2026-10-25T01:30")
    nine, ten = _utc("2026-10-20T09:00"), _utc("2026-10-20T10:00")

    extended = parse_within("2 weeks").extended(second_half_past_one, nine, ten, ENGLAND)

    assert extended == second_half_past_one


def test_h18_pauses_are_measured_in_utc_whatever_the_zone_of_their_ends() -> None:
    before, after = (
        datetime(2026, 3, 28, 12, tzinfo=LONDON),
        datetime(2026, 3, 29, 12, tzinfo=LONDON),
    )
    due = _utc("2026-03-30T12:00")

    assert parse_within("48 hours").extended(due, before, after, ENGLAND) == due + timedelta(
        hours=23
    )


@pytest.mark.parametrize(("year", "beyond"), [(1900, 1899), (9900, 9901)])
def test_an_instant_is_taken_from_1900_to_9900_and_from_no_other_year(
    year: int, beyond: int
) -> None:
    there = datetime(year, 6, 1, 12, tzinfo=UTC)

    assert in_utc(there) == there
    with pytest.raises(BeyondCalendar):
        in_utc(there.replace(year=beyond))


def test_a_pause_cannot_end_before_it_begins() -> None:
    noon, one = _utc("2026-07-01T12:00"), _utc("2026-07-01T13:00")

    with pytest.raises(ValueError, match=r"^a pause cannot end before it begins$"):
        parse_within("48 hours").extended(one, one, noon, ENGLAND)


@given(timescale=TIMESCALES, start=INSTANTS, pause=PAUSES)
def test_h18_no_pause_brings_a_deadline_forward_and_an_empty_one_leaves_it(
    timescale: Within, start: datetime, pause: timedelta
) -> None:
    due = timescale.due(start, ENGLAND)

    assert timescale.extended(due, start, start + pause, ENGLAND) >= due
    assert timescale.extended(due, start, start, ENGLAND) == due


@given(timescale=TIMESCALES.filter(_not_in_months), start=INSTANTS, pause=PAUSES)
def test_h18_a_pause_from_the_start_is_as_good_as_starting_after_it(
    timescale: Within, start: datetime, pause: timedelta
) -> None:
    due = timescale.due(start, ENGLAND)

    extended = timescale.extended(due, start, start + pause, ENGLAND)

    assert extended == timescale.due(start + pause, ENGLAND)


@given(timescale=TIMESCALES, start=INSTANTS, first=PAUSES, second=PAUSES)
def test_h18_two_pauses_that_meet_give_back_what_one_would(
    timescale: Within, start: datetime, first: timedelta, second: timedelta
) -> None:
    due = timescale.due(start, ENGLAND)
    middle, end = start + first, start + first + second

    halfway = timescale.extended(due, start, middle, ENGLAND)

    assert timescale.extended(halfway, middle, end, ENGLAND) == timescale.extended(
        due, start, end, ENGLAND
    )
