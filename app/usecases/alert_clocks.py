"""Alert on clocks that are nearly late, late or beyond the calendar (a relay tick, hazard 3)."""

from datetime import datetime

from app.domain.clock_kind import ClockKind
from app.domain.decision import Alert
from app.domain.london import LONDON
from app.domain.milestone_kind import Side
from app.protocols.shelf import Protocols
from app.store.alerts import raise_alert
from app.store.clock_alerts import DueClock, clocks_to_alert, look_again
from app.store.engine import Transaction
from app.usecases.protocol_of import protocol_of

MOST_AT_ONCE = 100
MOST_BATCHES = 20


async def alert_clocks(tx: Transaction, protocols: Protocols, now: datetime) -> int:
    """Raise each alert once a run of the clock; how many clocks were looked at.

    Raises:
        NoSuchVersion: a transfer's protocol is nowhere to be found.
    """
    due = await clocks_to_alert(tx, now, MOST_AT_ONCE)
    when: dict[DueClock, datetime | None] = {}
    for clock in due:
        kind = await _kind(tx, protocols, clock)
        what, says = _words(clock, kind, now)
        for team in _told(clock, kind):
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


async def _kind(tx: Transaction, protocols: Protocols, clock: DueClock) -> ClockKind:
    protocol = await protocol_of(tx, protocols, clock.protocol, clock.protocol_version)
    return next(k for k in protocol.pathways[clock.pathway].clocks if k.code == clock.code)


def _words(clock: DueClock, kind: ClockKind, now: datetime) -> tuple[str, str]:
    if clock.due_at is None:
        lead = "No calendar knows when this is due"
        return "clock_unknown", f"{lead}: {kind.says} ({kind.source})"
    due = clock.due_at.astimezone(LONDON)
    by = f"{due:%A} {due.day} {due:%B %Y}, {due:%H:%M}"
    if now > clock.due_at:
        return "clock_late", f"Late, due {by}: {kind.says} ({kind.source})"
    return "clock_nearly_late", f"Due {by}: {kind.says} ({kind.source})"


def _told(clock: DueClock, kind: ClockKind) -> list[str]:
    sides = {Side.ORIGIN: clock.origin_team, Side.RECEIVING: clock.sent_to or clock.origin_team}
    return sorted({clock.team, *(sides[side] for side in kind.tells)})


def _next(clock: DueClock, now: datetime) -> datetime | None:
    """Late is later than due: the first instant at which it is."""
    if clock.due_at is None or now > clock.due_at:
        return None
    return clock.due_at + datetime.resolution
