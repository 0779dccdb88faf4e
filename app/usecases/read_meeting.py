"""Read a meeting, where the actor may see it."""

from app.domain.meetings.sitting import Sitting, require_seen
from app.usecases.call import Call
from app.usecases.sitting_of import sitting_of


async def read_meeting(call: Call, meeting_id: str) -> Sitting:
    """The meeting with its transfers.

    Raises:
        NotVisible: there is none for this actor.
    """
    sitting = await sitting_of(call, meeting_id, to_change=False)
    require_seen(sitting, call.actor)
    return sitting
