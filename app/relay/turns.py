"""Whether it is time for something again."""

from datetime import datetime, timedelta


def is_time(turn: datetime, every: timedelta, now: datetime) -> bool:
    """Whether its turn has come, or is further away than it ever is: the clock was set back."""
    return not timedelta() < turn - now <= every
