"""The whole cast hired, and transfers with everything around them that an act may be on."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from api.asking import Before
from api.expected_rights import DENIED, EDITED_BY, GLASS_BREAKER, RAISED_BY
from api.seeding import ready_for_meeting, seed, seed_delegation, seed_delivery
from service import Api

from app.cli.directory_file import read_directory
from app.domain.break_glass import OPEN_FOR, BreakGlassReason, Opening
from app.domain.consent import Consent, How
from app.domain.delegation import Delegation
from app.domain.disagreement import Disagreement
from app.domain.meetings.meeting import Meeting, MeetingAction, MeetingCase
from app.domain.pathway import Pathway, Stage
from app.domain.restriction import Restriction, RestrictionKind, RestrictionReason
from app.domain.team_around import Member
from app.domain.transfer import BookedMeeting, Milestone, Transfer
from app.store.delivery_rows import DeliveryState
from app.store.meetings import insert_meeting, save_meeting
from app.store.openings import insert_opening
from app.usecases.load_directory import load_directory

CAST = Path(__file__).with_name("cast.toml")


async def hire(api: Api) -> dict[str, Delegation]:
    """The cast takes up its posts. What it is answered is held to the document elsewhere."""
    api.client.event_hooks = {"response": []}
    async with api.store.write() as tx:
        await load_directory(tx, read_directory(CAST))
    return {
        to: await seed_delegation(api, to, delegator=manager, made_by=manager, team=team)
        for to, manager, team in (
            ("op.delegate", "op.manager", "op-bishop"),
            ("ff.delegate", "ff.manager", "ff-bishop"),
        )
    }


def _edited(transfer: Transfer) -> Transfer:
    """Ready for a meeting, and last edited by somebody who may judge it as well."""
    edited = replace(ready_for_meeting(transfer), last_editor=EDITED_BY[transfer.pathway])
    return _denied(edited)


def _denied(transfer: Transfer) -> Transfer:
    """Kept from somebody for a conflict of interest."""
    kind, reason = RestrictionKind.CONFLICT_OF_INTEREST, RestrictionReason.KNOWS_THE_FAMILY
    at = transfer.milestones[0].at
    kept = Restriction(kind, DENIED, reason, "A neighbour", "op.manager", at)
    return replace(transfer, restrictions=(kept,))


async def _opened(api: Api, transfer: Transfer) -> Transfer:
    """Somebody has broken the glass before it."""
    now, reason = api.clock.now, BreakGlassReason.OUT_OF_HOURS_DUTY
    until = now + OPEN_FOR
    opening = Opening(str(uuid4()), transfer.id, GLASS_BREAKER, reason, "On duty", now, until)
    async with api.store.write() as tx:
        await insert_opening(tx, opening, transfer.authority)
    return transfer


async def bare(api: Api, pathway: Pathway, stage: Stage) -> Before:
    """A transfer that is before no meeting."""
    return Before(await _opened(api, await seed(api, stage, pathway, then=_edited)))


async def furnished(api: Api, pathway: Pathway, stage: Stage, number: int = 0) -> Before:
    """A transfer before a meeting, with everything around it that an act may be on."""
    now, part = api.clock.now, str(uuid4())
    starts_at = now - timedelta(minutes=number)  # ahead, it would be tomorrow late in the evening
    mark = Milestone("submitted_to_meeting", now, "op.worker", now, until=starts_at)
    member = Member(part, "A Teacher", "A school", "Attendance", now)
    consent = Consent(
        part, "joint_visit", "Both parents", now.date() - timedelta(days=2), How.ORAL,
        informed=True, explicit=True, recorded_by="op.worker", recorded_at=now,
    )  # fmt: skip
    dispute = Disagreement(part, ("other",), "Risk", RAISED_BY[pathway], now)

    def brought(transfer: Transfer) -> Transfer:
        return replace(
            _denied(ready_for_meeting(transfer).with_milestone(mark)),
            meeting=BookedMeeting("weekly", starts_at),
            team_around=(member,),
            consents=(consent,),
            disagreements=(dispute,),
        )

    transfer = await _opened(api, await seed(api, stage, pathway, then=brought))
    meeting = Meeting(str(uuid4()), "durham", "durham", "2026-11", "weekly", starts_at)
    action = MeetingAction(part, "Tell the school", "One Point Manager")
    case = MeetingCase(transfer.id, now, "op.worker", actions=(action,))
    async with api.store.write() as tx:
        assert await insert_meeting(tx, meeting)
        await save_meeting(tx, meeting, replace(meeting, cases=(case,)))
    delivery = await seed_delivery(api, transfer, DeliveryState.PENDING)
    return Before(transfer, meeting.id, delivery, part)
