"""Islington's people and forms, and a case brought along the fifteen steps."""

from datetime import UTC, datetime
from itertools import count
from typing import Any, Self
from zoneinfo import ZoneInfo

from procedures.case import Body, Case
from procedures.played_once import played_once
from service import Api

SOCIAL_WORKER, LINE_MANAGER, CHAIR = "is.socialworker", "is.manager", "is.tam.chair"
SERVICE_MANAGER, SERVICE_WORKER = "is.ff.manager", "is.ff.worker"
SERVICE = "is-families-first"

SUBMITTED = datetime(2026, 11, 13, 10, tzinfo=UTC)
MEETING = datetime(2026, 11, 18, 14, tzinfo=UTC)
NEXT_MEETING = datetime(2026, 11, 25, 14, tzinfo=UTC)
DECIDED = datetime(2026, 11, 18, 15, tzinfo=UTC)
SENT = datetime(2026, 11, 19, 10, tzinfo=UTC)
HANDED_OVER = datetime(2026, 11, 25, 9, tzinfo=UTC)

ASSESSMENT = {"form": "child_and_family_assessment", "record_id": "CFA-310"}
PLAN = {"form": "child_in_need_plan", "record_id": "CIN-88"}
PROTECTION_PLAN = {"form": "child_protection_plan", "record_id": "CPP-12"}
RISK_ASSESSMENT = {"form": "domestic_violence_risk_assessment", "record_id": "DVR-7"}
SHARED_BY = {
    "child_and_family_assessment": "share_assessment",
    "domestic_violence_risk_assessment": "share_assessment",
    "child_in_need_plan": "share_plan",
    "child_protection_plan": "share_plan",
}
STATEMENTS = {
    "progress": "At school every day; the home is safe and warm.",
    "other_agencies": "Help with routines goes on for longer than the plan.",
    "actions_completed": "All six are done; see the review of 2 November.",
    "impact": "A parent has moved out and the quarrels have ended.",
    "risks_reduced": "Nothing has happened since July.",
    "asked_of_service": "Weekly visits on bedtime routines.",
    "reasons": "The outcomes of the plan are met, as two reviews show.",
    "outcomes_sought": "Bedtimes are kept; school mornings are calm.",
    "young_person_aware": "Knows what is kept, and who may read it.",
}

_children = count(200_001)


def end_of(year: int, month: int, day: int) -> datetime:
    """The last instant of that London day."""
    return datetime(year, month, day, 23, 59, 59, 999_999, tzinfo=ZoneInfo("Europe/London"))


def form(*without: str, **changes: Any) -> Body:
    """A complete form, without some statements; `changes` replace fields.

    The family of it shares neither assessment nor plan.
    """
    whole = {
        "date_of_transfer": "2026-11-25",
        "comments": "The plan is done; the family asks for help with routines.",
        "recipient": SERVICE,
        "forms": [],
        "statements": {code: text for code, text in STATEMENTS.items() if code not in without},
    }
    return whole | changes


def opening(filled: Body | None = None, **changes: Any) -> Body:
    """How a step down is opened after a child in need plan; `changes` replace parts."""
    number = next(_children)
    child = {
        "child_id": f"ISL{number}",
        "name": f"Sam Example {number}",
        "date_of_birth": "2013-02-11",
    }
    body = {
        "pathway": "step_down",
        "route": "targeted_allocations_meeting",
        "origin": {"kind": "child_in_need_plan_finalised", "stage_record_id": "CIN-88"},
        "origin_record": {"record_id": "REF-2002", "started_on": "2026-05-04", "active": True},
        "origin_team": "is-cin",
        "children": [child],
        "form": form() if filled is None else filled,
    }
    return body | changes


class IslingtonCase(Case):
    """A step down in Islington. Each builder goes through the ones above it.

    `without` are statements that are left out, `changes` other fields of the form.
    """

    systems = "is.systems"

    @classmethod
    @played_once
    async def drafted(cls, api: Api, *without: str, **changes: Any) -> Self:
        """The form is filled in, and the line manager has decided to step down (steps 1 to 5)."""
        case = await cls.opened(api, SOCIAL_WORKER, opening(form(*without, **changes)))
        await case.record(LINE_MANAGER, "step_down_decided")
        return case

    @classmethod
    @played_once
    async def consented(cls, api: Api, *without: str, **changes: Any) -> Self:
        """The family consents, and besides to share each form that travels (step 6)."""
        case = await cls.drafted(api, *without, **changes)
        travelling = {SHARED_BY[sent["form"]] for sent in case.view["form"]["forms"]}
        for scope in ("service", *sorted(travelling)):
            await case.consent(SOCIAL_WORKER, scope)
        return case

    @classmethod
    @played_once
    async def submitted(cls, api: Api, *without: str, **changes: Any) -> Self:
        """On Friday it is submitted to the weekly meeting (step 7)."""
        case = await cls.consented(api, *without, **changes)
        case.at(SUBMITTED)
        await case.submit()
        return case

    @classmethod
    @played_once
    async def agreed(cls, api: Api, *without: str, **changes: Any) -> Self:
        """On Wednesday the meeting agrees, and names who leads (steps 8, 9 and 13)."""
        case = await cls.submitted(api, *without, **changes)
        case.at(DECIDED)
        await case.record(CHAIR, "meeting_decided", outcome="agreed")
        await case.record(CHAIR, "lead_named")
        return case

    @classmethod
    @played_once
    async def finalised(cls, api: Api, *without: str, **changes: Any) -> Self:
        """On Thursday the same request goes on, without any edit (step 9)."""
        case = await cls.agreed(api, *without, **changes)
        case.at(SENT)
        await case.act(SOCIAL_WORKER, "finalise")
        return case

    @classmethod
    @played_once
    async def dispatched(cls, api: Api, *without: str, **changes: Any) -> Self:
        """The line manager records the final decision, and the service has its task (step 14)."""
        case = await cls.finalised(api, *without, **changes)
        await case.act(LINE_MANAGER, "authorise")
        return case

    @classmethod
    @played_once
    async def started(cls, api: Api, *without: str, **changes: Any) -> Self:
        """The service picks the task up and opens its record."""
        case = await cls.dispatched(api, *without, **changes)
        await case.pick_up(SERVICE_WORKER)
        await case.start(SERVICE_MANAGER)
        return case

    async def submit(self, starts_at: datetime = MEETING) -> None:
        """Submit it to that Targeted Allocations Meeting."""
        await self.submit_to_meeting(SOCIAL_WORKER, "tam", starts_at)

    async def kept_from_meeting(self) -> list[str]:
        """The codes of the rules that keep it from the meeting."""
        body = {"series": "tam", "starts_at": MEETING.isoformat()}
        return await self.blocked(SOCIAL_WORKER, "submit-to-meeting", body)

    async def state_again(self, *codes: str) -> None:
        """Put every statement on the form; with `codes` only these are left out."""
        statements = {code: text for code, text in STATEMENTS.items() if code not in codes}
        await self.edit(SOCIAL_WORKER, statements=statements)

    async def hand_over(self, at: datetime = HANDED_OVER) -> None:
        """The service gives it to one of its workers at that time: the transfer is made."""
        self.at(at)
        await self.act(SERVICE_MANAGER, "allocate", {"worker": SERVICE_WORKER})
