"""When a clock started, was met or was stopped: read from the milestones, by when they happened."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from app.domain.clock_kind import ClockKind
from app.domain.milestone_names import MEETING_CALLED_OFF, SUBMITTED_TO_MEETING, VOIDED, Named
from app.domain.people import SYSTEM_ROLES
from app.domain.transfer import Milestone, Transfer

OF_A_DISPATCH = frozenset({"dispatched", "received_in_tray", "picked_up", "released", "started"})
"""What a clock that these start is stopped by: the task is no longer with the receiving team."""
ENDED = frozenset({"completed", "cancelled"})
"""What stops a clock that is measured before a meeting: nobody will do it any more."""
TAKEN_BACK = frozenset({"returned", "declined"})
REPORTED = OF_A_DISPATCH | TAKEN_BACK
SYSTEMS = frozenset(role.value for role in SYSTEM_ROLES.values())


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a clock, met or stopped or going on."""

    started_at: datetime
    met_at: datetime | None = None
    stopped_at: datetime | None = None

    @property
    def ended_at(self) -> datetime | None:
        """When it was met or stopped, or None."""
        return self.met_at or self.stopped_at

    @property
    def going(self) -> bool:
        """Whether nothing has ended it."""
        return self.ended_at is None


@dataclass(frozen=True, slots=True)
class _Told:
    """A milestone, when it happened, which one in the record it is, and after which dispatch."""

    mark: Milestone
    at: datetime
    place: int
    dispatch: int

    @property
    def order(self) -> tuple[datetime, int, bool, datetime, bool, int]:
        """By when it happened.

        In one instant a task is sent first, and what a tray reports as picked up was put back.
        """
        name, reported = self.mark.name, self.mark.by in SYSTEMS and not self.mark.inferred
        told = name != "dispatched", self.mark.at, not (reported and name == "picked_up")
        return self.at, self.dispatch, *told, self.place

    def is_of(self, names: Iterable[str]) -> bool:
        return self.mark.name in names


def latest_run(kind: ClockKind, transfer: Transfer) -> Run | None:
    """The latest run between the clock's two milestones, or None before the first.

    A start while it runs changes nothing (a redirected task keeps its clocks) unless it restarts.
    """
    if not any(_any(kind.starts, mark) for mark in transfer.milestones):
        return None
    told = tuple(_told(transfer))
    starts = [x for x in told if _any(kind.starts, x.mark) and not _is_stale(x, told)]
    ends = _Ends.of(kind, told)
    run: Run | None = None
    end: _Told | None = None
    for start in sorted(starts, key=lambda x: x.order):
        ended = end is not None and end.order <= start.order
        if run is None or ended or kind.restarts:
            run, end = _run_from(start, kind, ends, used=end if ended else None)
    return run


def met_before_meeting(kind: ClockKind, transfer: Transfer) -> Run | None:
    """The run of a clock that is measured before the meeting, or None where none is booked.

    What was done for an earlier meeting, held before the case was submitted again, is not done
    for this one. What an edit takes away after the meeting began was done for it all the same.
    """
    if transfer.meeting is None:
        return None
    told = [x.mark for x in _told(transfer, void_until=transfer.meeting.starts_at)]
    bookings = [mark for mark in told if mark.name == SUBMITTED_TO_MEETING]
    if not bookings:
        return None
    off = {mark.until for mark in told if mark.name == MEETING_CALLED_OFF}
    past = [b.until for b, following in pairwise(bookings) if b.until and b.until <= following.at]
    met = [until for until in past if until not in off]
    held = max(met, default=None)
    done = [m.at for m in told if _any(kind.stops, m) and (not held or m.at > held)]
    first = next(b.at for b in bookings if not held or b.at >= held)
    met_at = min(done, default=None)
    run = Run(min(first, met_at or first), met_at)
    ended = next((m.at for m in told if m.name in ENDED), None)
    return replace(run, stopped_at=max(ended, run.started_at)) if ended and run.going else run


def agreed_until(kind: ClockKind, transfer: Transfer, run: Run) -> datetime | None:
    """The time that both teams agreed instead during the run, or None (DF: "mutually agreed")."""
    if kind.or_agreed is None:
        return None
    with_team, agreed = transfer.sent_to or transfer.form.recipient, Named(kind.or_agreed)
    for x in reversed(tuple(_told(transfer))):
        during = run.started_at <= x.at and (run.ended_at is None or x.at <= run.ended_at)
        if x.mark.is_(agreed) and x.mark.team == with_team and during:
            return x.mark.until
    return None


def _told(transfer: Transfer, void_until: datetime | None = None) -> Iterator[_Told]:
    """The milestones that are not void. A task has no history before its own dispatch.

    So a tray whose clock runs behind reports nothing from before the task was sent.
    """
    marks = transfer.milestones
    voided = {
        mark.name: place
        for place, mark in enumerate(marks)
        if mark.outcome == VOIDED and (void_until is None or mark.at < void_until)
    }
    sent: datetime | None = None
    dispatch = 0
    for place, mark in enumerate(marks):
        if mark.name == "dispatched":
            sent, dispatch = mark.at, dispatch + 1
        at = max(mark.at, sent) if sent is not None and mark.name in REPORTED else mark.at
        if place > voided.get(mark.name, -1):
            yield _Told(mark, at, place, dispatch)


def _is_stale(start: _Told, told: Iterable[_Told]) -> bool:
    """Whether it tells of a task that had left its tray, or had when this was recorded."""
    if not start.is_of({"received_in_tray", "picked_up", "released"}):
        return False
    left = TAKEN_BACK | {"started"} if start.is_of({"released"}) else TAKEN_BACK
    same = (x for x in told if x.dispatch == start.dispatch and x.is_of(left))
    return any(x.place < start.place or x.order < start.order for x in same)


@dataclass(frozen=True, slots=True)
class _Ends:
    """What of a history may end a run of one clock, whichever: few, of what may be long."""

    meet: tuple[_Told, ...]
    stop: tuple[_Told, ...]

    @staticmethod
    def of(kind: ClockKind, told: Iterable[_Told]) -> "_Ends":
        stops = TAKEN_BACK | {"cancelled"} | {name.name for name in kind.starts}
        return _Ends(
            tuple(x for x in told if _any(kind.stops, x.mark)),
            tuple(x for x in told if x.is_of(stops)),
        )


def _run_from(
    start: _Told, kind: ClockKind, may_end: _Ends, *, used: _Told | None
) -> tuple[Run, _Told | None]:
    """The run that begins there, and what ends it; `used` ended the run before."""
    begun_by = next(name for name in kind.starts if start.mark.is_(name))
    meets = {x.place for x in may_end.meet if _may_meet(x, start)}
    ends = [
        x if x.at >= start.at else replace(x, at=start.at)
        for x in (*may_end.meet, *may_end.stop)
        if (x.place in meets or _stops(x, start, begun_by))
        and (used is None or x.place != used.place)
    ]
    end = min(ends, key=lambda x: x.order, default=None)
    if end is None:
        return Run(start.at), None
    if end.place in meets:
        return Run(start.at, met_at=end.at), end
    return Run(start.at, stopped_at=end.at), end


def _may_meet(x: _Told, start: _Told) -> bool:
    """What is recorded after the start meets it, and what happened after it.

    Of a task, which is not picked up for longer than until it is put back, only the latter.
    """
    if x.is_of(OF_A_DISPATCH) and start.is_of(OF_A_DISPATCH):
        return x.order > start.order
    return x.place > start.place or (x.at >= start.at and x.place != start.place)


def _stops(x: _Told, start: _Told, begun_by: Named) -> bool:
    if x.place <= start.place:
        return False
    if x.is_of(TAKEN_BACK):
        return start.is_of(OF_A_DISPATCH)
    decided_otherwise = x.is_of({begun_by.name}) and not x.mark.is_(begun_by)
    return x.is_of({"cancelled"}) or (begun_by.outcome is not None and decided_otherwise)


def _any(names: Iterable[Named], mark: Milestone) -> bool:
    for name in names:  # noqa: SIM110 - the innermost loop of every clock
        if mark.is_(name):
            return True
    return False
