"""Histories of one transfer, written down as milestones, and the one clock that is read of them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from builders import calendar, durham, situation, transfer_at

from app.domain.before_meeting import parse_before
from app.domain.clock_kind import ClockKind
from app.domain.clock_runs import Run, latest_run
from app.domain.clocks import Clock
from app.domain.london import LONDON
from app.domain.milestone_kind import Side
from app.domain.milestone_names import named
from app.domain.pathway import Pathway, Stage
from app.domain.pauses import Pause
from app.domain.timescales import parse_within
from app.domain.transfer import Milestone, Transfer
from app.domain.working_days import Calendar

DRAFT = transfer_at(Stage.DRAFT)
CODE = "X-1"


def at(clock: str, day: int = 20, month: int = 11) -> datetime:
    """A London time of 2026; 20 November is a Friday."""
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, month, day, hour, minute, tzinfo=LONDON).astimezone(UTC)


def mark(name: str, when: datetime, **more: object) -> Milestone:
    """A milestone as a protocol names it, "meeting_decided:agreed" with its outcome."""
    what = named(name)
    made = Milestone(what.name, when, "somebody", when, outcome=what.outcome)
    return replace(made, **more)  # type: ignore[arg-type]


def clock_kind(starts: str, stops: str, within: str = "4 hours", **more: object) -> ClockKind:
    """A clock; `starts` and `stops` name one or more milestones."""
    kind = ClockKind(
        CODE,
        "Done in time",
        "X 1",
        tuple(map(named, starts.split())),
        tuple(map(named, stops.split())),
        parse_within(within),
        Side.ORIGIN,
    )
    return replace(kind, **more)  # type: ignore[arg-type]


def before_meeting(stops: str, by: str) -> ClockKind:
    """A clock that is measured before the meeting."""
    return replace(clock_kind("opened", stops), starts=(), timescale=parse_before(by))


def told(*marks: Milestone, **changes: object) -> Transfer:
    """A transfer with that history; `changes` replace fields."""
    return replace(DRAFT, milestones=marks, **changes)  # type: ignore[arg-type]


def run_of(kind: ClockKind, *marks: Milestone) -> Run | None:
    """The clock's latest run in that history."""
    return latest_run(kind, told(*marks))


def clocks_of(
    kind: ClockKind, *marks: Milestone, knows: Calendar | None = None, **changes: object
) -> tuple[Clock, ...]:
    """The clock of a transfer with that history, where it counts for the transfer."""
    rules = replace(durham().pathways[Pathway.STEP_UP], clocks=(kind,))
    protocol = replace(durham(), pathways={Pathway.STEP_UP: rules})
    where = replace(situation(protocol=protocol), calendar=knows or calendar())
    return where.clocks(told(*marks, **changes))


def clock_of(
    kind: ClockKind, *marks: Milestone, knows: Calendar | None = None, **changes: object
) -> Clock:
    """The clock of a transfer with that history."""
    (found,) = clocks_of(kind, *marks, knows=knows, **changes)
    return found


def pause(begun: datetime, ended: datetime | None = None) -> Pause:
    """A pause of the clock."""
    return Pause(CODE, begun, "a.manager", "agreed_with_family", "Holiday", ended)


HOUR = timedelta(hours=1)
SHORT_CALENDAR = Calendar(frozenset(), date(2026, 1, 1), date(2026, 12, 31))
