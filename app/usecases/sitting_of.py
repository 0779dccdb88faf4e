"""A meeting with all that acting in it needs, kept for the transaction where it is to change."""

from app.domain.errors import NotVisible
from app.domain.meetings.sitting import MeetingChange, Sitting
from app.store.meeting_changes import record_change
from app.store.meetings import load_meeting
from app.usecases.call import Call


async def sitting_of(call: Call, meeting_id: str, *, to_change: bool = True) -> Sitting:
    """The meeting, its series, and the transfers of its cases in the order of their ids.

    Raises:
        NotVisible: there is no such meeting.
    """
    meeting = await load_meeting(call.tx, meeting_id, to_change=to_change)
    if meeting is None:
        raise NotVisible(meeting_id)
    protocol = await call.protocol(meeting.protocol, meeting.protocol_version)
    ids = sorted(case.transfer for case in meeting.cases)
    transfers = {x: await call.transfer(x, to_change=to_change) for x in ids}
    situations = {x: await call.situation(transfer) for x, transfer in transfers.items()}
    return Sitting(meeting, protocol, transfers, situations)


async def keep(call: Call, sitting: Sitting, change: MeetingChange) -> Sitting:
    """Record what somebody did in a meeting; the sitting afterwards."""
    await record_change(call.tx, change)
    decided = {decision.after.id: decision.after for decision, _ in change.decisions}
    transfers = {**sitting.transfers, **decided}
    return Sitting(change.after, sitting.protocol, transfers, sitting.situations)
