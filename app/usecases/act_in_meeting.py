"""Every act in a meeting that exists: circulate, decide a case, record, attend, finish an action.

The acts differ in a rule of the domain alone, so one use case serves them all: load, decide,
record, return.
"""

from collections.abc import Callable

from app.domain.meetings.sitting import MeetingChange, Sitting
from app.usecases.call import Call
from app.usecases.sitting_of import keep, sitting_of

Acting = Callable[[Sitting], MeetingChange]
"""A rule of domain.meetings, with all that it needs besides."""


async def act_in_meeting(call: Call, meeting_id: str, acting: Acting) -> Sitting:
    """The meeting afterwards, with its transfers.

    Raises:
        NotVisible: there is no such meeting; and whatever `acting` raises.
    """
    sitting = await sitting_of(call, meeting_id)
    return await keep(call, sitting, acting(sitting))
