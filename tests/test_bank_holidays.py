"""England's bank holidays against GOV.UK's own list, and an operator's overlay."""

import json
from collections import Counter
from datetime import date
from importlib.resources import files

import pytest

from app.bank_holidays import england_calendar
from app.domain.working_days import BeyondCalendar
from app.settings import Settings

ENGLAND = england_calendar(last_year=2035)
ASCENSION = date(2027, 5, 6)
EARLY_MAY = date(2027, 5, 3)


def _gov_uk() -> set[date]:
    """What GOV.UK has published for England and Wales, by way of a package that collects it."""
    text = files("govuk_bank_holidays").joinpath("bank-holidays.json").read_text()
    return {
        date.fromisoformat(event["date"])
        for event in json.loads(text)["england-and-wales"]["events"]
    }


def test_h18_the_bank_holidays_are_those_that_gov_uk_has_published() -> None:
    published = _gov_uk()
    ours = {day for day in ENGLAND.bank_holidays if day.weekday() < 5 and day <= max(published)}

    assert max(published) >= date(2027, 12, 28)
    assert ours == {day for day in published if day >= ENGLAND.first}


@pytest.mark.parametrize(
    ("works", "day"),
    [
        (False, date(2020, 5, 8)),  # VE Day's 75th anniversary
        (True, date(2020, 5, 4)),  # the Monday that it replaced
        (False, date(2020, 12, 28)),  # Boxing Day fell on a Saturday
        (False, date(2021, 12, 27)),  # Christmas Day and Boxing Day fell at the weekend
        (False, date(2021, 12, 28)),
        (False, date(2022, 1, 3)),  # New Year's Day fell on a Saturday
        (True, date(2022, 5, 30)),  # moved to the Jubilee
        (False, date(2022, 6, 2)),
        (False, date(2022, 6, 3)),
        (False, date(2022, 9, 19)),  # the Queen's funeral
        (False, date(2023, 5, 1)),
        (False, date(2023, 5, 8)),  # the coronation
        (False, date(2026, 4, 3)),
        (False, date(2026, 4, 6)),
        (True, date(2026, 3, 17)),  # Northern Ireland's alone
        (True, date(2026, 8, 3)),  # Scotland's alone
        (False, date(2027, 12, 27)),
        (False, date(2027, 12, 28)),
        (True, date(2027, 12, 29)),
    ],
)
def test_h18_england_works_on(day: date, works: bool) -> None:  # noqa: FBT001
    assert ENGLAND.is_working_day(day) is works


def test_h18_an_operator_adds_a_bank_holiday_and_takes_one_away() -> None:
    calendar = england_calendar(last_year=2035, extra=(ASCENSION,), not_bank_holidays=(EARLY_MAY,))

    assert not calendar.is_working_day(ASCENSION)
    assert calendar.is_working_day(EARLY_MAY)
    assert calendar.bank_holidays ^ ENGLAND.bank_holidays == {ASCENSION, EARLY_MAY}


def test_h18_a_day_cannot_be_a_bank_holiday_and_none() -> None:
    with pytest.raises(ValueError, match="2027-05-06: set as a bank holiday and as none"):
        england_calendar(last_year=2035, extra=(ASCENSION,), not_bank_holidays=(ASCENSION,))


def test_h18_past_the_last_year_and_before_the_first_nothing_is_guessed() -> None:
    assert ENGLAND.add(date(2035, 12, 28), 1) == date(2035, 12, 31)
    with pytest.raises(BeyondCalendar, match="2015-01-01 to 2035-12-31, not 2036-01-01"):
        ENGLAND.add(date(2035, 12, 31), 1)
    with pytest.raises(BeyondCalendar):
        ENGLAND.is_working_day(date(2014, 12, 31))


def test_h18_every_year_to_come_has_eight_bank_holidays_on_weekdays() -> None:
    weekdays = [day for day in ENGLAND.bank_holidays if day.weekday() < 5]

    counts = Counter(day.year for day in weekdays if day.year > 2023)

    assert counts == dict.fromkeys(range(2024, 2036), 8)


def test_the_settings_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRANSFERS_EXTRA_BANK_HOLIDAYS", '["2027-05-06"]')
    monkeypatch.setenv("TRANSFERS_NOT_BANK_HOLIDAYS", '["2027-05-03"]')
    monkeypatch.setenv("TRANSFERS_CALENDAR_LAST_YEAR", "2040")

    settings = Settings(_env_file=None)

    assert settings.extra_bank_holidays == (ASCENSION,)
    assert settings.not_bank_holidays == (EARLY_MAY,)
    assert settings.calendar_last_year == 2040
