"""When a clock started, was met or was stopped: read from the milestones, in their order."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.clock_kind import ClockKind
from app.domain.milestone_names import Named
from app.domain.transfer import Milestone, Transfer

OF_A_DISPATCH = frozenset({"dispatched", "received_in_tray", "picked_up", "released", "started"})
"""What a clock that these start is stopped by: the task is no longer with the receiving team."""
TAKEN_BACK = frozenset({"returned", "declined"})


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a clock. `begun_by` is the milestone that started it."""

    started_at: datetime
    begun_by: Named | None = None
    met_at: datetime | None = None
    stopped_at: datetime | None = None

    @property
    def going(self) -> bool:
        """Whether nothing has ended it."""
        return self.met_at is None and self.stopped_at is None


def latest_run(kind: ClockKind, transfer: Transfer) -> Run | None:
    """The latest run between the clock's two milestones, or None before the first.

    A milestone that was recorded before the start and happened after it meets the clock too. A
    start while it runs changes nothing (a redirected task keeps its clocks) unless it restarts.
    """
    run: Run | None = None
    for place, mark in enumerate(transfer.milestones):
        if run is not None and run.going:
            run = _carried_on(run, kind, mark)
        if _any(kind.starts, mark) and (run is None or kind.restarts or not run.going):
            known = (x.at for x in transfer.milestones[:place] if _any(kind.stops, x))
            begun_by = next(name for name in kind.starts if mark.is_(name))
            met_at = min((at for at in known if at >= mark.at), default=None)
            run = Run(mark.at, begun_by, met_at)
    return run


def met_before_meeting(kind: ClockKind, transfer: Transfer) -> Run | None:
    """The run of a clock that is measured before the meeting, or None where none is booked.

    What was done for an earlier meeting, held before the case was submitted again, is not done
    for this one.
    """
    bookings = [mark for mark in transfer.milestones if mark.name == "submitted_to_meeting"]
    if transfer.meeting is None or not bookings:
        return None
    booked = bookings[-1].at
    held = max((b.until for b in bookings if b.until and b.until <= booked), default=None)
    done = [m.at for m in transfer.milestones if _any(kind.stops, m) and (not held or m.at > held)]
    first = next((b.at for b in bookings if not held or b.at >= held), booked)
    run = Run(first, met_at=min(done, default=None))
    cancelled = transfer.reached("cancelled")
    return replace(run, stopped_at=cancelled.at) if cancelled and run.going else run


def agreed_until(kind: ClockKind, transfer: Transfer, since: datetime) -> datetime | None:
    """The time that both teams agreed instead since then, or None (DF: "mutually agreed")."""
    with_team = transfer.sent_to or transfer.form.recipient
    for mark in reversed(transfer.milestones):
        if mark.name == kind.or_agreed and mark.team == with_team and mark.at >= since:
            return mark.until
    return None


def _carried_on(run: Run, kind: ClockKind, mark: Milestone) -> Run:
    if _any(kind.stops, mark):
        return replace(run, met_at=max(mark.at, run.started_at))
    if _stops(run, mark):
        return replace(run, stopped_at=max(mark.at, run.started_at))
    return run


def _stops(run: Run, mark: Milestone) -> bool:
    begun = run.begun_by
    if mark.name == "cancelled" or begun is None:
        return mark.name == "cancelled"
    if mark.name in TAKEN_BACK:
        return begun.name in OF_A_DISPATCH
    return begun.outcome is not None and mark.name == begun.name and not mark.is_(begun)


def _any(names: Iterable[Named], mark: Milestone) -> bool:
    return any(mark.is_(name) for name in names)
