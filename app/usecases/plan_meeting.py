"""Plan a meeting by hand."""

from datetime import datetime
from uuid import uuid4

from app.domain.breach import must
from app.domain.errors import NotVisible, RulesBroken
from app.domain.meetings.meeting import Meeting
from app.domain.meetings.plan import plan
from app.domain.meetings.sitting import Sitting
from app.store.meeting_changes import record_planned
from app.store.protocol_versions import keep_version
from app.usecases.call import Call


async def plan_meeting(call: Call, series: str, starts_at: datetime) -> Sitting:
    """The new meeting, under the protocol that is in force.

    Raises:
        NotPermitted, RulesBroken: see domain.meetings.plan; or the authority has no protocol, or
            the series a meeting then already.
    """
    try:
        protocol = await call.protocol_in_force()
    except NotVisible:
        says = "There is no protocol in force"
        raise RulesBroken((must("meeting-series", says, "no such series"),)) from None
    situation = await call.situation_under(protocol)
    known = protocol.meetings.get(series)
    held = known is not None and known.fault(starts_at, call.book.calendar) is None
    meeting = Meeting(
        str(uuid4()),
        call.actor.authority,
        protocol.code,
        protocol.version,
        series,
        starts_at,
        extraordinary=not held,
    )
    planned = plan(meeting, call.actor, situation)
    kept = call.book.protocols.kept(protocol.code, protocol.version)
    await keep_version(
        call.tx, protocol.code, protocol.version, digest=kept.digest, text=kept.text, now=call.now
    )
    if not await record_planned(call.tx, planned):
        says = "Choose another time, or that meeting"
        raise RulesBroken((must("meeting-time", says, "a meeting is planned then"),))
    return Sitting(planned.meeting, protocol, {}, {})
