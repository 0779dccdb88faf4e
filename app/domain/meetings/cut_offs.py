"""By when a case's papers come in and the agenda goes round: the clocks that its series names."""

from contextlib import suppress
from datetime import datetime

from app.domain.breach import Breach, Severity
from app.domain.decision import Situation
from app.domain.london import LONDON
from app.domain.meeting_series import LatePapers
from app.domain.protocol import CouncilProtocol
from app.domain.timescales import Within
from app.domain.transfer import Transfer
from app.domain.working_days import BeyondCalendar, Calendar


def papers_breach(transfer: Transfer, situation: Situation) -> Breach | None:
    """That the papers of a case come after they were due before its meeting; None where not.

    It blocks or only warns, as the series says. Nothing is late of a case on whose route the
    clock does not count.
    """
    if transfer.meeting is None:
        return None
    series = situation.protocol.meetings[transfer.meeting.series]
    clock = next((c for c in situation.clocks(transfer) if c.kind.code == series.papers), None)
    if clock is None or clock.due_at is None or situation.now <= clock.due_at:
        return None
    if clock.met_at is not None and clock.met_at <= clock.due_at:
        return None
    refused = series.late_papers is LatePapers.REFUSED
    severity = Severity.MUST if refused else Severity.SHOULD
    following = series.next_after(transfer.meeting.starts_at, situation.calendar)
    says = "Bring the papers in time" + or_to(following)
    found = f"due by {spoken(clock.due_at)}"
    return Breach("meeting-papers", says, clock.kind.source, severity, found)


def due_before(
    code: str | None, protocol: CouncilProtocol, starts_at: datetime, calendar: Calendar
) -> datetime | None:
    """When what that clock is about is due before a meeting; None where none is, or unknown."""
    for half in protocol.pathways.values():
        for kind in half.clocks:
            if kind.code == code and not isinstance(kind.timescale, Within):
                with suppress(BeyondCalendar):
                    return kind.timescale.due(starts_at, calendar)
    return None


def spoken(instant: datetime) -> str:
    """A time as people in London say it: 2 December 2026 at 14:00."""
    local = instant.astimezone(LONDON)
    return f"{local.day} {local:%B %Y at %H:%M}"


def or_to(following: datetime | None) -> str:
    """The meeting that would still take a case, where one is known."""
    return f", or to the next meeting: {spoken(following)}" if following else ""
