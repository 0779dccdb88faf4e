"""The clock that the service goes by: this machine's, or in development one that is ahead of it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

Clock = Callable[[], datetime]


def this_moment() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


def clock_ahead(by: Path) -> Clock:
    """A clock that is ahead by as many whole seconds as stand in the file `by` when it is asked.

    A file that is missing, or holds anything else, is no time ahead.
    """

    def ahead() -> datetime:
        return this_moment() + _read(by)

    return ahead


def _read(by: Path) -> timedelta:
    try:
        return timedelta(seconds=int(by.read_text(encoding="ascii")))
    except (OSError, ValueError, OverflowError):
        return timedelta()
