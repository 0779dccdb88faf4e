"""How a review after the transfer stands: whether it waits, is due, late or done."""

from datetime import datetime
from enum import StrEnum

from app.domain.clocks import Clock, ClockState


class Standing(StrEnum):
    """How a review stands, as its clock does. `waiting`: no day is set that it is due on."""

    WAITING = "waiting"
    DUE = "due"
    LATE = "late"
    DONE = "done"


_STANDS = {
    ClockState.WAITING: Standing.WAITING,
    ClockState.UNKNOWN: Standing.WAITING,
    ClockState.RUNNING: Standing.DUE,
    ClockState.NEARLY_LATE: Standing.DUE,
    ClockState.PAUSED: Standing.DUE,
    ClockState.LATE: Standing.LATE,
    ClockState.MET: Standing.DONE,
    ClockState.MET_LATE: Standing.DONE,
}


def standing(clock: Clock, now: datetime) -> Standing | None:
    """How the review of that clock stands; None: there will be none, its clock was stopped."""
    return _STANDS.get(clock.state(now))
