"""The clocks of a transfer: due, met, late, paused, each from the history alone."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.clock_kind import ClockKind
from app.domain.clock_runs import Run, agreed_until, latest_run, met_before_meeting
from app.domain.milestone_kind import Side
from app.domain.pauses import Pause
from app.domain.protocol import PathwayRules
from app.domain.rules.facts import Facts
from app.domain.timescales import Within
from app.domain.transfer import Transfer
from app.domain.working_days import BeyondCalendar, Calendar

NEARLY = 4
"""A clock is nearly late in the last quarter of its time."""


class ClockState(StrEnum):
    """How a clock stands at a time. `unknown`: due on a day that the calendar does not know."""

    WAITING = "waiting"
    RUNNING = "running"
    NEARLY_LATE = "nearly_late"
    LATE = "late"
    PAUSED = "paused"
    MET = "met"
    MET_LATE = "met_late"
    STOPPED = "stopped"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock of one transfer, whatever the time is.

    `met_at` and `stopped_at` end it; `due_at` is None while it waits and where it is unknown.
    `given_back` is how much later it is due for the pauses.
    """

    kind: ClockKind
    started_at: datetime | None = None
    due_at: datetime | None = None
    met_at: datetime | None = None
    stopped_at: datetime | None = None
    paused_at: datetime | None = None
    given_back: timedelta = timedelta()

    @property
    def going(self) -> bool:
        """Whether time passes on it."""
        return self.started_at is not None and not (
            self.met_at or self.stopped_at or self.paused_at
        )

    @property
    def nearly_late_at(self) -> datetime | None:
        """When it is nearly late: in the last quarter of its time, without the pauses."""
        if self.started_at is None or self.due_at is None:
            return None
        time = self.due_at - self.started_at - self.given_back
        return self.due_at - max(time, timedelta()) / NEARLY

    def state(self, now: datetime) -> ClockState:
        """How it stands."""
        ended = self._ended()
        if ended is not None:
            return ended
        if self.due_at is None or self.nearly_late_at is None:
            return ClockState.WAITING if self.started_at is None else ClockState.UNKNOWN
        if self.paused_at is not None:
            return ClockState.PAUSED
        if now > self.due_at:
            return ClockState.LATE
        return ClockState.NEARLY_LATE if now >= self.nearly_late_at else ClockState.RUNNING

    def left(self, now: datetime) -> timedelta | None:
        """The time left; None unless it is running, nearly late or paused."""
        at = self.paused_at or now
        if not (self.going or self.paused_at) or self.due_at is None or at > self.due_at:
            return None
        return self.due_at - at

    def late_by(self, now: datetime) -> timedelta | None:
        """How late it is, or was when it was met; None where it is not late."""
        at = self.met_at or self.paused_at or (now if self.going else None)
        late = at is not None and self.due_at is not None and at > self.due_at
        return at - self.due_at if late and at and self.due_at else None

    def _ended(self) -> ClockState | None:
        if self.met_at is not None:
            late = self.due_at is not None and self.met_at > self.due_at
            return ClockState.MET_LATE if late else ClockState.MET
        return ClockState.STOPPED if self.stopped_at is not None else None


def clocks(facts: Facts, rules: PathwayRules, calendar: Calendar) -> tuple[Clock, ...]:
    """Every clock that counts for the transfer, in the protocol's order."""
    return tuple(
        _clock(kind, facts.transfer, calendar)
        for kind in rules.clocks
        if kind.condition.holds(facts)
    )


def team_of(side: Side, transfer: Transfer) -> str:
    """The team whose clock it is: the origin's, as long as nothing was sent."""
    sent_to = transfer.sent_to if side is Side.RECEIVING else None
    return sent_to or transfer.origin_team


def _clock(kind: ClockKind, transfer: Transfer, calendar: Calendar) -> Clock:
    if isinstance(kind.timescale, Within):
        run = latest_run(kind, transfer)
    else:
        run = met_before_meeting(kind, transfer)
    if run is None:
        return Clock(kind)
    pauses = _pauses(kind, run, transfer)
    paused_at = next((p.begun_at for p in pauses if p.ended_at is None), None)
    clock = Clock(kind, run.started_at, None, run.met_at, run.stopped_at, paused_at)
    try:
        return _timed(clock, run, pauses, transfer, calendar)
    except BeyondCalendar:
        return clock


def _timed(
    clock: Clock, run: Run, pauses: Iterable[Pause], transfer: Transfer, calendar: Calendar
) -> Clock:
    timescale = clock.kind.timescale
    if not isinstance(timescale, Within):
        meeting = transfer.meeting
        return (
            replace(clock, due_at=timescale.due(meeting.starts_at, calendar)) if meeting else clock
        )
    agreed = agreed_until(clock.kind, transfer, run)
    if agreed is not None:
        return replace(clock, due_at=agreed)
    due = first = timescale.due(run.started_at, calendar)
    for pause in pauses:
        if pause.ended_at is not None:
            due = timescale.extended(due, pause.begun_at, pause.ended_at, calendar)
    return replace(clock, due_at=due, given_back=due - first)


def _pauses(kind: ClockKind, run: Run, transfer: Transfer) -> tuple[Pause, ...]:
    """The pauses of the run, each ended by its end at the latest."""
    ours = [p for p in transfer.pauses if p.clock == kind.code and p.begun_at >= run.started_at]
    end = run.ended_at
    if end is None:
        return tuple(ours)
    return tuple(replace(p, ended_at=min(p.ended_at or end, end)) for p in ours if p.begun_at < end)
