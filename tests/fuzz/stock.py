"""A bit of everything in Durham: transfers at every stage with all that may hang on them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from api.seeding import (
    DOWN,
    UP,
    as_it_is,
    ready_for_meeting,
    seed,
    seed_alert,
    seed_delivery,
    seed_subscription,
)
from service import Api

from app.api.around_examples import CLOCK
from app.domain.consent import Consent, How
from app.domain.disagreement import Disagreement
from app.domain.meetings.meeting import Meeting, MeetingAction, MeetingCase
from app.domain.pathway import Stage
from app.domain.pauses import Pause
from app.domain.team_around import Member
from app.domain.transfer import BookedMeeting, Milestone, Transfer
from app.store.meetings import insert_meeting, save_meeting

STEP_DOWN_ONLY = (Stage.AWAITING_AUTHORISATION,)
RECORDER = "op.worker"


async def stock(api: Api) -> None:
    """Two of each pathway and stage, one of them with parts; a meeting, what is sent, who hears."""
    for stage in Stage:
        for pathway in (DOWN,) if stage in STEP_DOWN_ONLY else (UP, DOWN):
            for then in (as_it_is, _with_parts(api)):
                transfer = await seed(api, stage, pathway, then=then)
    await seed_delivery(api, transfer)
    await seed_alert(api, "op-bishop", transfer)
    await seed_subscription(api, id=str(uuid4()))
    for circulated in (False, True):
        await _meeting(api, circulated=circulated)


def _with_parts(api: Api) -> Callable[[Transfer], Transfer]:
    now = api.clock.now

    def hung(transfer: Transfer) -> Transfer:
        given = Consent(
            str(uuid4()), "joint_visit", "A parent", now.date(), How.ORAL,
            informed=True, explicit=True, recorded_by=RECORDER, recorded_at=now,
        )  # fmt: skip
        withdrawn = replace(given, id=str(uuid4()), withdrawn_at=now, withdrawn_by=RECORDER)
        dispute = Disagreement(str(uuid4()), ("not_agreed",), "Risk", RECORDER, now)
        member = Member(str(uuid4()), "Kim Example", "A school", "Attendance", now)
        return replace(
            ready_for_meeting(transfer),
            consents=(given, withdrawn),
            disagreements=(dispute,),
            team_around=(member,),
            pauses=(Pause(CLOCK, now, "op.manager", "family_away", "Away"),),
        )

    return hung


async def _meeting(api: Api, *, circulated: bool) -> None:
    """One case, decided, with something to do; one whose agenda went round was just held."""
    now = api.clock.now
    apart = timedelta(seconds=int(uuid4()) % 60_000)
    starts = now - apart / 1_000 if circulated else now + apart

    def brought(transfer: Transfer) -> Transfer:
        marks = (
            Milestone("submitted_to_meeting", now, RECORDER, now, until=starts),
            Milestone("meeting_decided", now, "meeting.chair", now, outcome="deferred"),
        )
        ready = ready_for_meeting(transfer)
        booked = BookedMeeting("weekly", starts)
        return replace(ready, meeting=booked, milestones=(*ready.milestones, *marks))

    transfer = await seed(api, Stage.DRAFT, UP, then=brought)
    bare = Meeting(str(uuid4()), "durham", "durham", "2026-11", "weekly", starts)
    action = MeetingAction(str(uuid4()), "Tell the school", "One Point Manager")
    case = MeetingCase(transfer.id, now, RECORDER, actions=(action,))
    held = replace(bare, cases=(case,), agenda_circulated_at=now if circulated else None)
    async with api.store.write() as tx:
        assert await insert_meeting(tx, bare)
        await save_meeting(tx, bare, held)
