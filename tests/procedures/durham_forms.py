"""A Durham case along the flowchart (DF), on either pathway: its people, its days, its steps."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import pytest
from journeys.forms import CONTACT_RECORD, child
from procedures.case import Body, Case
from procedures.played_once import played_once
from service import Api

EVIDENCE = {"form": "evidence_tool", "record_id": "EVT-1"}
CONTACT = {"form": "ehm_contact_record", "record_id": "ECR-2041", "fields": CONTACT_RECORD}
ASSESSMENT = {"form": "child_and_family_assessment", "record_id": "CFA-310"}
PLAN = {"form": "child_and_family_plan", "record_id": "CFP-311"}


def november(day: int, hour: int, minute: int = 0) -> datetime:
    """A time in November 2026; London is on GMT."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def december(day: int, hour: int, minute: int = 0) -> datetime:
    """A time in December 2026, before its bank holidays."""
    return datetime(2026, 12, day, hour, minute, tzinfo=UTC)


def end_of(day: datetime) -> datetime:
    """The last instant of its London day, in winter."""
    return day.replace(hour=23, minute=59, second=59, microsecond=999_999)


OPENED = november(26, 9)
"""A Thursday."""
PREPARED = november(27, 16)
"""A Friday; three quarters of the time until the agenda are over on Monday at 03:45."""
MEETING = december(2, 10)
"""A Wednesday."""
DECIDED = december(2, 10, 30)
SENT = december(2, 14)
NEXT_MEETING = december(9, 10)
SUNDAY = december(6, 14)


@dataclass(frozen=True, slots=True, eq=False)
class Sides:
    """Who is who on a pathway: the origin's worker and manager, the receiving ones, the minutes."""

    pathway: str
    origin: str
    worker: str
    manager: str
    receiving: str
    receiver: str
    receiving_manager: str
    elsewhere: str
    manager_elsewhere: str
    minute_taker: str
    form: Callable[[], Body]
    origin_of_it: Body

    def opening(self, **changes: Any) -> Body:
        """How its worker opens it; `changes` replace parts."""
        record = {"record_id": "REC-1001", "started_on": "2026-05-04", "active": True}
        return {
            "pathway": self.pathway,
            "route": "meeting",
            "origin": self.origin_of_it,
            "origin_record": record,
            "origin_team": self.origin,
            "children": [child()],
            "form": self.form(),
        } | changes


def _form(recipient: str, *forms: Body) -> Body:
    decided = {"held_on": "2026-12-02", "chair": "A chair", "decision": "agreed"}
    return {
        "date_of_transfer": "2026-12-02",
        "comments": "Talked over with the family.",
        "recipient": recipient,
        "meeting": decided,
        "forms": list(forms),
    }


STEP_UP = Sides(
    "step_up", "op-bishop", "op.worker", "op.manager",
    "ff-bishop", "ff.socialworker", "ff.manager", "ff-chester", "ff.chester.manager",
    "op.manager", lambda: _form("ff-bishop", CONTACT, EVIDENCE), {"kind": "manual"},
)  # fmt: skip
STEP_DOWN = Sides(
    "step_down", "ff-bishop", "ff.socialworker", "ff.manager",
    "op-bishop", "op.worker", "op.manager", "op-chester", "op.chester.manager",
    "ff.coordinator", lambda: _form("op-bishop", ASSESSMENT, PLAN),
    {"kind": "child_in_need_plan_finalised", "stage_record_id": "CIN-88"},
)  # fmt: skip

both_ways = pytest.mark.parametrize("sides", [STEP_UP, STEP_DOWN], ids=["step_up", "step_down"])
either_way = pytest.mark.parametrize(
    "sides",
    [pytest.param(STEP_UP, id="up"), pytest.param(STEP_DOWN, id="down", marks=pytest.mark.long)],
)
"""What the flowchart asks alike of both pathways, as test_durham_both_ways.py holds the file to."""


class DurhamCase(Case):
    """A case between Durham's teams. Each step takes the clock to when it happens."""

    sides: Sides

    @classmethod
    @played_once
    async def drafted(cls, api: Api, sides: Sides, at: datetime = OPENED, **changes: Any) -> Self:
        """Opened by a worker of the origin."""
        api.clock.now = at
        case = await cls.opened(api, sides.worker, sides.opening(**changes))
        case.sides = sides
        return case

    @classmethod
    @played_once
    async def booked(cls, api: Api, sides: Sides, at: datetime = OPENED, **changes: Any) -> Self:
        """Talked over, agreed by the manager (DF 1, 2) and submitted to Wednesday's meeting."""
        case = await cls.drafted(api, sides, at, **changes)
        await case.put_forward()
        await case.submit()
        return case

    @classmethod
    @played_once
    async def prepared(cls, api: Api, sides: Sides) -> Self:
        """Booked; and on Friday checked and on the agenda (DF 3, 6, 7, 8)."""
        case = await cls.booked(api, sides)
        case.at(PREPARED)
        await case.record(sides.worker, "form_given_to_manager")
        await case.record(sides.worker, "records_updated")
        await case.record(sides.manager, "form_quality_assured")
        await case.record(sides.minute_taker, "agenda_circulated")
        return case

    @classmethod
    @played_once
    async def decided(cls, api: Api, sides: Sides, outcome: str = "agreed") -> Self:
        """Prepared; and decided on at the meeting (DF 9)."""
        case = await cls.prepared(api, sides)
        case.at(DECIDED)
        await case.decide(outcome)
        return case

    @classmethod
    @played_once
    async def sent(cls, api: Api, sides: Sides, at: datetime = SENT) -> Self:
        """Agreed; and in the receiving team's tray."""
        case = await cls.decided(api, sides)
        case.at(at)
        await case.send()
        return case

    @classmethod
    @played_once
    async def allocated(cls, api: Api, sides: Sides) -> Self:
        """Sent; taken and allocated by the receiving manager an hour later (DL 10, 21)."""
        case = await cls.sent(api, sides)
        case.at(SENT + timedelta(hours=1))
        await case.take()
        await case.act(sides.receiving_manager, "allocate", {"worker": "the.new.lead"})
        return case

    @classmethod
    @played_once
    async def urgent(cls, api: Api, at: datetime = SUNDAY) -> Self:
        """A step up at immediate risk, of which the two managers have spoken (DL 1)."""
        form = _form("ff-bishop", CONTACT) | {"meeting": None}
        case = await cls.drafted(api, STEP_UP, at, route="immediate_risk", form=form)
        await case.record("op.manager", "receiving_manager_contacted", person="ff.manager")
        return case

    async def put_forward(self) -> None:
        """The worker and the manager talk it over, and the manager agrees."""
        await self.record(self.sides.worker, "discussed_with_manager")
        await self.record(self.sides.manager, "manager_agreed")

    async def submit(self, starts_at: datetime = MEETING) -> None:
        """Submit it to a weekly meeting."""
        await self.submit_to_meeting(self.sides.worker, "weekly", starts_at)

    async def decide(self, outcome: str) -> None:
        """The meeting decides."""
        await self.record(self.sides.minute_taker, "meeting_decided", outcome=outcome)

    async def send(self) -> None:
        """Finalise it, and where a form is authorised, authorise it (DL 6, 17)."""
        await self.act(self.sides.worker, "finalise")
        if self.stage == "awaiting_authorisation":
            await self.act(self.sides.manager, "authorise")
        assert self.stage == "dispatched"

    async def take(self) -> None:
        """The receiving manager picks the task up and starts the record (DL 8, 19)."""
        await self.pick_up(self.sides.receiving_manager)
        await self.start(self.sides.receiving_manager)

    async def unmet(self, gate: str) -> list[str]:
        """The rules of a gate that do not hold now, as the checklist shows them."""
        answer = await self.api.as_(self.reader).get(f"{self.path}/checklist")
        assert answer.status_code == 200, answer.text
        (found,) = [each for each in answer.json()["gates"] if each["gate"] == gate]
        return [rule["code"] for rule in found["rules"] if not rule["holds"]]
