"""Instants in UTC: from any zone, and from a day and a time by London's clocks."""

from datetime import UTC, date, datetime, time

from app.domain.london import LONDON
from app.domain.working_days import BeyondCalendar

_EARLIEST_YEAR, _LATEST_YEAR = 1900, 9900


def in_utc(instant: datetime) -> datetime:
    """The same instant in UTC, in which alone differences and sums are elapsed time.

    Raises:
        ValueError: it carries no time zone.
        BeyondCalendar: a year so far off that ten more would leave every calendar.
    """
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    if not _EARLIEST_YEAR <= instant.year <= _LATEST_YEAR:
        raise BeyondCalendar(f"no calendar knows the year {instant.year}")
    return instant.astimezone(UTC)


def at_local(day: date, at: time) -> datetime:
    """The instant, in UTC, at which London's clocks show a time on a day.

    A time that clocks skip in March or show twice in October is read as if they had not changed
    yet: 01:30 is 01:30 GMT in March, and the first of the two, in BST, in October.
    """
    return datetime.combine(day, at.replace(fold=0), LONDON).astimezone(UTC)


def start_of_day(day: date) -> datetime:
    """The first instant of a London day, in UTC."""
    return at_local(day, time.min)


def end_of_day(day: date) -> datetime:
    """The last instant of a London day, in UTC: a microsecond before midnight."""
    return at_local(day, time.max)
