"""Everything that one act on a meeting means, in the one open transaction."""

from app.domain.meetings.plan import Planned
from app.domain.meetings.sitting import MeetingChange
from app.store.engine import Transaction
from app.store.meetings import insert_meeting, save_meeting
from app.store.unit_of_work import record, record_events


async def record_change(tx: Transaction, change: MeetingChange) -> None:
    """Keep the meeting, its line of the audit, and the decisions on its transfers.

    Raises:
        StaleVersion: the meeting or a transfer is no longer as it was found.
    """
    await save_meeting(tx, change.before, change.after)
    await record_events(tx, change.after.authority, None, (change.event,))
    for decision, situation in change.decisions:
        await record(tx, decision, situation)


async def record_planned(tx: Transaction, planned: Planned) -> bool:
    """Keep a new meeting; False where the series has one that starts then."""
    made = await insert_meeting(tx, planned.meeting)
    if made:
        await record_events(tx, planned.meeting.authority, None, (planned.event,))
    return made
