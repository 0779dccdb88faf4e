"""England's bank holidays: the `holidays` library's, and what an operator adds or takes away."""

from datetime import date
from functools import cache

import holidays

from app.domain.working_days import Calendar

FIRST_YEAR = 2015


def england_calendar(
    *,
    last_year: int,
    extra: tuple[date, ...] = (),
    not_bank_holidays: tuple[date, ...] = (),
) -> Calendar:
    """The calendar from 1 January 2015 to the end of `last_year`.

    `extra` has bank holidays proclaimed since the library's release, `not_bank_holidays` the days
    that a proclamation moved, as in 2020.

    Raises:
        ValueError: a day is named as both.
    """
    if both := set(extra) & set(not_bank_holidays):
        days = ", ".join(day.isoformat() for day in sorted(both))
        raise ValueError(f"{days}: set as a bank holiday and as none")
    return Calendar(
        bank_holidays=(_known(last_year) | set(extra)) - set(not_bank_holidays),
        first=date(FIRST_YEAR, 1, 1),
        last=date(last_year, 12, 31),
    )


@cache
def _known(last_year: int) -> frozenset[date]:
    # The library learns further years whenever it is asked about one: freeze what it knows now.
    years = range(FIRST_YEAR, last_year + 1)
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=years))
