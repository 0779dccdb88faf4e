"""When nothing is decided of a case, or corrected, whoever records it."""

from collections.abc import Iterator
from datetime import datetime

from app.domain.breach import Breach, must
from app.domain.decision import Situation
from app.domain.london import local_date
from app.domain.meetings.cut_offs import or_to
from app.domain.milestone_names import MEETING_CALLED_OFF, SUBMITTED_TO_MEETING
from app.domain.pathway import ENDED
from app.domain.transfer import Transfer


def undecidable(
    transfer: Transfer, at: datetime, situation: Situation, source: str
) -> Iterator[Breach]:
    """Why no meeting decides the transfer at that time; `source` is what its decision cites."""
    if _is_before_every_meeting(at, transfer):
        says = "Record what the meeting decided on its day or later"
        yield must("milestone-meeting", says, "before the meeting", source)
    if transfer.stage in ENDED:
        says = "Record or correct what a meeting decided while the transfer is open"
        yield must("milestone-stage", says, transfer.stage)
    bookings = [
        m for m in transfer.milestones if m.name in (SUBMITTED_TO_MEETING, MEETING_CALLED_OFF)
    ]
    if bookings and bookings[-1].name == MEETING_CALLED_OFF:
        says = "Submit the case to another meeting" + _next(transfer, situation)
        yield must("meeting-called-off", says, "a meeting that is called off")


def _is_before_every_meeting(at: datetime, transfer: Transfer) -> bool:
    """A meeting that is submitted to may begin early, on its day; none decides the day before."""
    booked = [m.until for m in transfer.milestones if m.name == SUBMITTED_TO_MEETING and m.until]
    return bool(booked) and local_date(at) < min(map(local_date, booked))


def _next(transfer: Transfer, situation: Situation) -> str:
    if transfer.meeting is None:
        return ""
    series = situation.protocol.meetings[transfer.meeting.series]
    since = max(transfer.meeting.starts_at, situation.now)
    return or_to(series.next_after(since, situation.calendar))
