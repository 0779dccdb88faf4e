"""Alert on clocks that are nearly late, late or beyond the calendar (a relay tick, hazard 3)."""

from collections.abc import Iterable
from datetime import datetime

from app.domain.clock_kind import ClockKind
from app.domain.decision import Alert
from app.domain.london import LONDON
from app.domain.milestone_kind import Side
from app.protocols.reader import ProtocolError
from app.protocols.shelf import NoSuchVersion, Protocols
from app.store.alerts import raise_alert
from app.store.clock_alerts import DueClock, clocks_to_alert, look_again
from app.store.engine import Transaction
from app.usecases.protocol_of import protocol_of

MOST_AT_ONCE = 100
MOST_BATCHES = 20


async def alert_clocks(tx: Transaction, protocols: Protocols, now: datetime) -> int:
    """Raise each alert once a run of the clock; how many clocks were looked at.

    Where a protocol is nowhere to be found, its clocks are told of by their codes: one that is
    missing keeps nobody else from being told.
    """
    due = await clocks_to_alert(tx, now, MOST_AT_ONCE)
    when: dict[DueClock, datetime | None] = {}
    for clock in due:
        kind = await _kind(tx, protocols, clock)
        what, lead = _words(clock, now)
        says = f"{lead}: {kind.says} ({kind.source})" if kind else f"{lead}: {clock.code}"
        for team in _told(clock, kind.tells if kind else ()):
            since = clock.due_at or clock.started_at
            key = f"{what}:{clock.transfer}:{clock.code}:{since.isoformat()}:{team}"
            await raise_alert(
                tx,
                Alert(what, key, team, says),
                authority=clock.authority,
                transfer=clock.transfer,
                now=now,
            )
        when[clock] = _next(clock, now)
    await look_again(tx, when)
    return len(due)


async def _kind(tx: Transaction, protocols: Protocols, clock: DueClock) -> ClockKind | None:
    try:
        protocol = await protocol_of(tx, protocols, clock.protocol, clock.protocol_version)
    except (NoSuchVersion, ProtocolError):
        return None
    kinds = protocol.pathways[clock.pathway].clocks
    return next((kind for kind in kinds if kind.code == clock.code), None)


def _words(clock: DueClock, now: datetime) -> tuple[str, str]:
    if clock.due_at is None:
        return "clock_unknown", "No calendar knows when this is due"
    due = clock.due_at.astimezone(LONDON)
    by = f"{due:%A} {due.day} {due:%B %Y}, {due:%H:%M}"
    if now > clock.due_at:
        return "clock_late", f"Late, due {by}"
    return "clock_nearly_late", f"Due {by}"


def _told(clock: DueClock, tells: Iterable[Side]) -> list[str]:
    sides = {Side.ORIGIN: clock.origin_team, Side.RECEIVING: clock.sent_to or clock.origin_team}
    return sorted({clock.team, *(sides[side] for side in tells)})


def _next(clock: DueClock, now: datetime) -> datetime | None:
    """Late is later than due: the first instant at which it is."""
    if clock.due_at is None or now > clock.due_at:
        return None
    return clock.due_at + datetime.resolution
