"""Alert on clocks that are nearly late, late, late for long or beyond the calendar (hazard 3)."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256

from app.domain.clock_kind import ClockKind
from app.domain.decision import Alert
from app.domain.event_types import EventType
from app.domain.london import LONDON
from app.domain.milestone_kind import Side
from app.domain.published_event import PublishedEvent
from app.domain.working_days import BeyondCalendar, Calendar
from app.protocols.reader import ProtocolError
from app.protocols.shelf import NoSuchVersion, Protocols
from app.store.alerts import raise_alert
from app.store.clock_alerts import DueClock, clocks_to_alert, look_again
from app.store.engine import Transaction
from app.store.publish import publish
from app.usecases.call import Rulebook
from app.usecases.protocol_of import protocol_of

MOST_AT_ONCE = 100
MOST_BATCHES = 20


async def alert_clocks(tx: Transaction, book: Rulebook, now: datetime) -> int:
    """Raise each alert once a run of the clock; how many clocks were looked at.

    To the teams when it is nearly late and when it is late; to their operations manager when it is
    still not met after the time that the protocol gives it then.

    Where a protocol is nowhere to be found, its clocks are told of by their codes: one that is
    missing keeps nobody else from being told.
    """
    due = await clocks_to_alert(tx, now, MOST_AT_ONCE)
    when: dict[DueClock, datetime | None] = {}
    for clock in due:
        kind = await _kind(tx, book.protocols, clock)
        escalates_at = _escalates_at(clock, kind, book.calendar)
        for what, lead in _words(clock, escalates_at, now):
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
            await publish(tx, clock.authority, _published(clock, what, now), now)
        when[clock] = _next(clock, escalates_at, now)
    await look_again(tx, when)
    return len(due)


async def _kind(tx: Transaction, protocols: Protocols, clock: DueClock) -> ClockKind | None:
    try:
        protocol = await protocol_of(tx, protocols, clock.protocol, clock.protocol_version)
    except (NoSuchVersion, ProtocolError):
        return None
    kinds = protocol.pathways[clock.pathway].clocks
    return next((kind for kind in kinds if kind.code == clock.code), None)


def _escalates_at(clock: DueClock, kind: ClockKind | None, calendar: Calendar) -> datetime | None:
    """When the operations manager is told; None: never, or on a day that no calendar knows."""
    if kind is None or kind.escalates_after is None or clock.due_at is None:
        return None
    try:
        return kind.escalates_after.due(clock.due_at, calendar)
    except BeyondCalendar:
        return None


def _words(
    clock: DueClock, escalates_at: datetime | None, now: datetime
) -> Iterator[tuple[str, str]]:
    """What is to be told by now; a relay that was away tells both, of late and of late for long."""
    if clock.due_at is None:
        yield "clock_unknown", "No calendar knows when this is due"
        return
    due = clock.due_at.astimezone(LONDON)
    by = f"{due:%A} {due.day} {due:%B %Y}, {due:%H:%M}"
    if now <= clock.due_at:
        yield "clock_nearly_late", f"Due {by}"
        return
    yield "clock_late", f"Late, due {by}"
    if escalates_at is not None and now > escalates_at:
        yield "clock_escalated", f"For the operations manager: late since {by}"


def _told(clock: DueClock, tells: Iterable[Side]) -> list[str]:
    sides = {Side.ORIGIN: clock.origin_team, Side.RECEIVING: clock.sent_to or clock.origin_team}
    return sorted({clock.team, *(sides[side] for side in tells)})


def _published(clock: DueClock, what: str, now: datetime) -> list[PublishedEvent]:
    """What subscribers are told, once a run of the clock; none of a clock that nobody can count."""
    kind = _EVENTS.get(what)
    if kind is None:
        return []
    run = f"{what}:{clock.code}:{(clock.due_at or clock.started_at).isoformat()}"
    return [
        PublishedEvent(
            type=kind,
            revision=f"clock-{sha256(run.encode()).hexdigest()[:24]}",
            at=now,
            transfer=clock.transfer,
            pathway=clock.pathway.value,
            origin_team=clock.origin_team,
            sent_to=clock.sent_to,
            clock=clock.code,
            due_at=clock.due_at,
            team=clock.team,
        )
    ]


_EVENTS = {
    "clock_nearly_late": EventType.CLOCK_NEARLY_LATE,
    "clock_late": EventType.CLOCK_LATE,
    "clock_escalated": EventType.CLOCK_ESCALATED,
}


def _next(clock: DueClock, escalates_at: datetime | None, now: datetime) -> datetime | None:
    """Late is later than due: the first instant at which it is; and so with the escalation."""
    coming = (at for at in (clock.due_at, escalates_at) if at is not None and now <= at)
    at = next(coming, None)
    return at + datetime.resolution if at is not None else None
