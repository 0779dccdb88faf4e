"""Submit a transfer to a meeting (DL 1, DF 3, CE M10, IS 7): it becomes a case there.

Meetings are kept for the transaction before transfers, here as in every act on a meeting, so that
two of them never wait for one another.
"""

from uuid import uuid4

from app.domain.authority import require_visible
from app.domain.commands import SubmitToMeeting
from app.domain.decide import decide
from app.domain.errors import StaleVersion
from app.domain.meetings.meeting import Meeting
from app.domain.meetings.submission import joined, left
from app.domain.transfer import BookedMeeting, Transfer
from app.store.meetings import insert_meeting, meeting_of, save_meeting
from app.usecases.call import Call, Decided


async def submit_to_meeting(
    call: Call, transfer_id: str, target: BookedMeeting, *, expected_version: int
) -> Decided:
    """The transfer before that meeting, and a case of no other that has not decided it.

    Raises:
        NotVisible, NotPermitted, IllegalTransition, StaleVersion, RulesBroken: see decide and
            domain.meetings.submission.
    """
    seen = await call.transfer(transfer_id, to_change=False)
    require_visible(call.actor, seen)
    kept = await _kept(call, seen, target)
    transfer = await call.transfer(transfer_id)
    if transfer.version != seen.version:  # the meeting that it leaves may be another by now
        raise StaleVersion(transfer_id)
    situation = await call.situation(transfer)
    there = kept.get(target)
    by_hand = there is not None and there.extraordinary
    command = SubmitToMeeting(target.series, target.starts_at, extraordinary=by_hand)
    decision = decide(transfer, command, call.actor, situation, expected_version=expected_version)
    series = situation.protocol.meetings[target.series]
    meeting = there or await _made(call, transfer, target)
    await save_meeting(call.tx, meeting, joined(meeting, decision, series, situation))
    former = kept.get(transfer.meeting) if transfer.meeting not in (None, target) else None
    if former is not None:
        after = left(former, transfer, situation)
        if after != former:
            await save_meeting(call.tx, former, after)
    return await call.record(decision, situation)


async def _kept(
    call: Call, transfer: Transfer, target: BookedMeeting
) -> dict[BookedMeeting | None, Meeting]:
    """The meetings that it comes to and leaves, those that there are, in one order for all."""
    wanted = {target, transfer.meeting} - {None}
    found: dict[BookedMeeting | None, Meeting] = {}
    for booked in sorted((x for x in wanted if x), key=lambda x: (x.series, x.starts_at)):
        meeting = await meeting_of(call.tx, transfer.authority, booked.series, booked.starts_at)
        if meeting is not None:
            found[booked] = meeting
    return found


async def _made(call: Call, transfer: Transfer, target: BookedMeeting) -> Meeting:
    new = Meeting(
        str(uuid4()),
        transfer.authority,
        transfer.protocol,
        transfer.protocol_version,
        target.series,
        target.starts_at,
    )
    await insert_meeting(call.tx, new)
    made = await meeting_of(call.tx, new.authority, new.series, new.starts_at)
    if made is None:
        raise LookupError("a meeting that was made is there")
    return made
