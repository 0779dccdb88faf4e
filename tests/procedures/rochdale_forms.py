"""Rochdale's people and forms, and a case brought along either of its pathways."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any, Self
from zoneinfo import ZoneInfo

import pytest
from procedures.case import Body, Case
from procedures.played_once import played_once
from service import Api

LEAD, EARLY_HELP_MANAGER, COORDINATOR = "ro.lead", "ro.eh.manager", "ro.eh.coordinator"
SOCIAL_WORKER, TEAM_MANAGER = "ro.socialworker", "ro.manager"

MET = datetime(2026, 11, 10, 15, tzinfo=UTC)
"""A Tuesday."""
SENT = datetime(2026, 11, 11, 10, tzinfo=UTC)
CREATED = datetime(2026, 11, 12, 10, tzinfo=UTC)
HANDED_OVER = datetime(2026, 11, 13, 10, tzinfo=UTC)
NEXT_MEETING = datetime(2026, 12, 8, 15, tzinfo=UTC)

CONTACT_RECORD = {
    "form": "ehm_contact_record",
    "record_id": "ECR-2041",
    "fields": {"reason_for_contact": "Away from home twice", "views_of_child": "Likes school"},
}
EARLY_HELP_ASSESSMENT = {"form": "early_help_assessment", "record_id": "EHA-5"}
ASSESSMENT = {"form": "child_and_family_assessment", "record_id": "CFA-310"}
PLAN = {"form": "child_in_need_plan", "record_id": "CIN-88"}
STATEMENTS = {
    "level_of_need": "Level 3: what level 2 offers was tried for a year.",
    "needs_and_risk": "Nobody is at home at night.",
    "child_voice": "Wants to stay with a grandparent, who spoke at the meeting.",
    "family_part": "Both parents were at every meeting and have the plan.",
    "outcomes_wanted": "Sleeps at home; an adult is there.",
}
NURSE = {"name": "A. Nurse", "agency": "Health visiting", "purpose": "The baby's weight"}

_children = count(300_001)


def end_of(year: int, month: int, day: int) -> datetime:
    """The last instant of that London day."""
    return datetime(year, month, day, 23, 59, 59, 999_999, tzinfo=ZoneInfo("Europe/London"))


def filled(recipient: str, *forms: Body) -> Body:
    """A complete form."""
    return {
        "date_of_transfer": "2026-11-13",
        "comments": "The team around the family agrees.",
        "recipient": recipient,
        "forms": list(forms),
        "statements": STATEMENTS,
    }


@dataclass(frozen=True, slots=True, eq=False)
class Sides:
    """Who is who on a pathway, with its complete form and what it starts from."""

    pathway: str
    origin: str
    worker: str
    manager: str
    receiving: str
    receiver: str
    receiving_manager: str
    tray: str
    form: Callable[[], Body]
    started_from: Body

    def opening(self, **changes: Any) -> Body:
        """How its worker opens it; `changes` replace parts."""
        number = next(_children)
        child = {
            "child_id": f"ROC{number}",
            "name": f"Kit Example {number}",
            "date_of_birth": "2014-09-21",
        }
        return {
            "pathway": self.pathway,
            "route": "team_around_the_family",
            "origin": self.started_from,
            "origin_record": {"record_id": "REC-7", "started_on": "2026-05-04", "active": True},
            "origin_team": self.origin,
            "children": [child],
            "form": self.form(),
        } | changes


MEETING_OF_THE_TEAM = {"kind": "team_around_the_family", "stage_record_id": "TAF-3"}
STEP_UP = Sides(
    "step_up", "ro-taf", LEAD, EARLY_HELP_MANAGER,
    "ro-cin", SOCIAL_WORKER, TEAM_MANAGER, "RO-CIN",
    lambda: filled("ro-cin", CONTACT_RECORD, EARLY_HELP_ASSESSMENT), MEETING_OF_THE_TEAM,
)  # fmt: skip
STEP_DOWN = Sides(
    "step_down", "ro-cin", SOCIAL_WORKER, TEAM_MANAGER,
    "ro-taf", LEAD, EARLY_HELP_MANAGER, "RO-TAF",
    lambda: filled("ro-taf", ASSESSMENT, PLAN) | {"next_lead_professional": "A lead"},
    MEETING_OF_THE_TEAM,
)  # fmt: skip
both_ways = pytest.mark.parametrize("sides", [STEP_UP, STEP_DOWN], ids=["up", "down"])
either_way = pytest.mark.parametrize(
    "sides",
    [pytest.param(STEP_UP, id="up"), pytest.param(STEP_DOWN, id="down", marks=pytest.mark.long)],
)
"""What the protocol asks of both pathways in the same words."""


class RochdaleCase(Case):
    """A case between Rochdale's teams. Each builder goes through the ones above it."""

    systems = "ro.systems"
    sides: Sides

    @classmethod
    @played_once
    async def drafted(cls, api: Api, sides: Sides, *without: str, **form: Any) -> Self:
        """Filled in, without some statements; `form` replaces fields. One member is named."""
        whole = sides.form()
        kept = {code: text for code, text in STATEMENTS.items() if code not in without}
        body = sides.opening(form=whole | {"statements": kept} | form)
        case = await cls.opened(api, sides.worker, body)
        case.sides = sides
        await case.act(sides.worker, "team-around-the-family", NURSE)
        return case

    @classmethod
    @played_once
    async def decided(cls, api: Api, sides: Sides, *without: str, **form: Any) -> Self:
        """On Tuesday the team around the family meets, agrees and agrees when it meets next."""
        case = await cls.drafted(api, sides, *without, **form)
        case.at(MET)
        await case.record(sides.worker, "meeting_decided", outcome="agreed")
        await case.record(sides.worker, "next_meeting_agreed", until=NEXT_MEETING)
        return case

    @classmethod
    @played_once
    async def dispatched(cls, api: Api, sides: Sides, *without: str, **form: Any) -> Self:
        """On Wednesday it is sent."""
        case = await cls.decided(api, sides, *without, **form)
        case.at(SENT)
        await case.send()
        return case

    @classmethod
    @played_once
    async def started(cls, api: Api, sides: Sides, *without: str, **form: Any) -> Self:
        """Picked up at once; on Thursday the receiving team opens its record."""
        case = await cls.dispatched(api, sides, *without, **form)
        await case.pick_up(sides.receiver)
        case.at(CREATED)
        await case.start(sides.receiving_manager)
        return case

    async def send(self) -> None:
        """Finalise it; a step down is authorised besides."""
        await self.act(self.sides.worker, "finalise")
        if self.stage == "awaiting_authorisation":
            await self.act(self.sides.manager, "authorise")
        assert self.stage == "dispatched"

    async def kept(self) -> list[str]:
        """The codes of the rules that block it at finalise."""
        return await self.blocked(self.sides.worker, "finalise")

    async def restate(self) -> None:
        """Put every statement on the form."""
        await self.edit(self.sides.worker, statements=STATEMENTS)

    async def hand_over(self, at: datetime = HANDED_OVER) -> None:
        """On Friday the receiving manager gives it to a worker."""
        self.at(at)
        await self.act(self.sides.receiving_manager, "allocate", {"worker": self.sides.receiver})
