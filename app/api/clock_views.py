"""What a clock looks like over the API, in a transfer and in a list."""

from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel, Field

from app.api.pages import NextCursor
from app.domain.breach import Severity
from app.domain.clocks import Clock, ClockState, team_of
from app.domain.pathway import Pathway, Stage
from app.domain.transfer import Transfer
from app.usecases.find_clocks import ShownClock


class ClockView(BaseModel):
    """A clock: a timescale of a clause, and how it stands now."""

    code: str
    says: str
    source: str = Field(description="The clause that it is from")
    severity: Severity = Field(description="`must` alerts; `should` is counted and shown")
    state: ClockState
    team: str = Field(description="Whose it is: the team that is late where it is late")
    starts: list[str] = Field(
        alias="from", description="Milestones, any of which starts it; none: a booked meeting does"
    )
    stops: list[str] = Field(alias="to", description="Milestones, any of which meets it")
    timescale: str
    started_at: datetime | None
    due_at: datetime | None = Field(description="Null while it waits, and where it is unknown")
    met_at: datetime | None
    stopped_at: datetime | None
    paused_at: datetime | None
    left_seconds: int | None = Field(description="While it is in time")
    late_by_seconds: int | None = Field(description="Where it is late, or was met late")


class ClockLine(ClockView):
    """A clock of a transfer in a list."""

    transfer: str
    pathway: Pathway
    stage: Stage


class ClockList(BaseModel):
    """A page of clocks."""

    items: list[ClockLine]
    next: NextCursor


class ClocksOfTransfer(BaseModel):
    """The clocks of one transfer, in the protocol's order."""

    transfer: str
    version: int = Field(description="The transfer's version, also the ETag")
    clocks: list[ClockView]


def clock_view(clock: Clock, team: str, now: datetime) -> dict[str, Any]:
    """A clock in the shape of ClockView."""
    kind = clock.kind
    return {
        "code": kind.code,
        "says": kind.says,
        "source": kind.source,
        "severity": kind.severity,
        "state": clock.state(now),
        "team": team,
        "from": [str(name) for name in kind.starts],
        "to": [str(name) for name in kind.stops],
        "timescale": str(kind.timescale),
        "started_at": clock.started_at,
        "due_at": clock.due_at,
        "met_at": clock.met_at,
        "stopped_at": clock.stopped_at,
        "paused_at": clock.paused_at,
        "left_seconds": _seconds(clock.left(now)),
        "late_by_seconds": _seconds(clock.late_by(now)),
    }


def clock_views(
    clocks: tuple[Clock, ...], transfer: Transfer, now: datetime
) -> list[dict[str, Any]]:
    """The clocks of a transfer."""
    return [clock_view(c, team_of(c.kind.falls_to, transfer), now) for c in clocks]


def clock_line(shown: ShownClock, now: datetime) -> dict[str, Any]:
    """A clock in the shape of ClockLine."""
    found = shown.found
    return {
        **clock_view(shown.clock, found.team, now),
        "transfer": found.transfer,
        "pathway": found.pathway,
        "stage": found.stage,
    }


def _seconds(time: timedelta | None) -> int | None:
    return None if time is None else int(time.total_seconds())
