"""A clock as a protocol declares it: a timescale between two milestones, or before a meeting."""

from dataclasses import dataclass

from app.domain.before_meeting import Before
from app.domain.breach import Severity
from app.domain.condition import ALWAYS, Condition
from app.domain.milestone_kind import Side
from app.domain.milestone_names import Named
from app.domain.timescales import Within


@dataclass(frozen=True, slots=True)
class ClockKind:
    """One timescale of one clause.

    Any of `starts` starts it and any of `stops` meets it; a timescale before the meeting has no
    `starts`. `falls_to` is whose team is late; `tells` the sides that are alerted. `must` alerts,
    `should` is counted and shown. `or_agreed`: a milestone whose agreed time is due instead.
    `escalates_after`: so long after it was due the operations manager is told.
    `restarts`: a new start begins it anew while it runs. `review`: what meets it is a review.
    """

    code: str
    says: str
    source: str
    starts: tuple[Named, ...]
    stops: tuple[Named, ...]
    timescale: Within | Before
    falls_to: Side
    tells: tuple[Side, ...] = ()
    severity: Severity = Severity.MUST
    condition: Condition = ALWAYS
    or_agreed: str | None = None
    escalates_after: Within | None = None
    restarts: bool = False
    review: bool = False
    note: str | None = None
