"""Local time: a day begins and ends at midnight in Europe/London, whatever UTC says."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def local_date(instant: datetime) -> date:
    """The London date of an instant that carries a time zone: 23:30 UTC in July is the next day.

    Raises:
        ValueError: the instant carries no time zone.
    """
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(LONDON).date()
