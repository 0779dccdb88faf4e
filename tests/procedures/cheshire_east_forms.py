"""A Cheshire East case along its four routes: its people, its days, its forms, its steps.

The people (ce.lead and the others) are those of the sample directory. Times are London's.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any, Self

from procedures.case import Body, Case
from procedures.played_once import played_once
from service import Api
from sqlalchemy import select

from app.domain.london import LONDON
from app.domain.messages import MessageKind
from app.domain.people import Role
from app.store.directory import DatedMembership, Person, load_teams, save_person, save_team
from app.store.tables import deliveries

_children = count(300_001)


def london(text: str) -> datetime:
    """A time as clocks in London show it, "2026-12-02 14:00", in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


def end_of(day: str) -> datetime:
    """The last instant of a London day."""
    return london(f"{day} 23:59:59.999999")


MONDAY = london("2026-11-23 09:00")
TUESDAY = london("2026-11-24 09:00")
"""Three months after 24 August."""
PAPERS = london("2026-11-25 16:00")
AGENDA = london("2026-11-27 12:00")
NORTH = london("2026-12-02 14:00")
"""A Wednesday on which North meets; South meets the week after."""
SOUTH = london("2026-12-09 14:00")
NEXT_NORTH = london("2026-12-16 14:00")
DECIDED = london("2026-12-02 14:10")
TRIGGER = london("2026-12-07 09:10")
"""A Monday."""

INCIDENT = {"incident": "A neighbour heard shouting at 7; the child was seen with a bruise."}
STATEMENTS = {
    "worry_statements": "If nobody is up in the morning, nobody takes the child to school.",
    "well_being_goals": "The child is at school every morning.",
    "scaling": "The school says 3, the family 6.",
}
WELL_BEING_PLAN = {"form": "well_being_plan", "record_id": "WBP-7"}
CHRONOLOGY = {"form": "chronology", "record_id": "CHR-7"}
ASSESSMENT = {"form": "child_and_family_assessment", "record_id": "CFA-310"}
PLAN = {"form": "child_and_family_plan", "record_id": "CFP-311"}
TO_HAPPEN = {"what_needs_to_happen": "Routines at home hold without a social worker."}
RECOMMENDED = {"recommendations": "The well-being plan begins with mornings."}
HELD = {
    "held_on": "2026-12-02",
    "chair": "ce.chair",
    "decision": "agreed",
    "notes": "Why the meeting decided so.",
}


async def another_team(api: Api, like: str, team: str, **changes: Any) -> None:
    """One more team, like one there is but for the changes."""
    async with api.store.write() as tx:
        known = (await load_teams(tx, {like}))[like]
        await save_team(tx, replace(known, id=team, tray=team.upper(), **changes))


async def chair_of_teams(api: Api) -> str:
    """Who is chair and co-ordinator of North's two teams: their cases are theirs undiscussed."""
    roles, ours = (Role.CHAIR, Role.TEAM_COORDINATOR), ("ce-cefs-north", "ce-area-north")
    person = "ce.chair.of.teams"
    held = [
        DatedMembership(person, role, team, date(2024, 1, 1)) for role in roles for team in ours
    ]
    async with api.store.write() as tx:
        await save_person(tx, Person(person, "cheshire_east", "A chair", person), held)
    return person


def filled(recipient: str, day: str, **changes: Any) -> Body:
    """The fields that every form must have; `changes` add to them."""
    words = {"comments": "Talked over with the family.", "recipient": recipient}
    return {"date_of_transfer": day} | words | changes


def opening(route: str, form: Body, **changes: Any) -> Body:
    """How a case is opened by that route; `changes` replace parts."""
    number = next(_children)
    up = route in ("potential_trigger", "lack_of_progress")
    stages = {"assessment": "child_and_family_assessment", "child_in_need": "child_in_need_meeting"}
    began = {"potential_trigger": "2026-11-02", "lack_of_progress": "2026-08-24"}
    return {
        "pathway": "step_up" if up else "step_down",
        "route": route,
        "origin": (
            {"kind": "manual"} if up else {"kind": stages[route], "stage_record_id": "STAGE-1"}
        ),
        "origin_record": {
            "record_id": f"REC-{number}",
            "started_on": began.get(route, "2026-10-05"),
            "active": True,
        },
        "origin_team": "ce-cefs-north" if up else "ce-area-north",
        "children": [
            {
                "child_id": f"CE{number}",
                "name": f"Alex Example {number}",
                "date_of_birth": "2017-03-09",
            }
        ],
        "form": form,
    } | changes


class EastCase(Case):
    """A case between Cheshire East's teams."""

    systems = "ce.systems"

    @classmethod
    async def drafted(cls, api: Api, by: str, now: datetime, body: Body) -> Self:
        """Opened by that person at that time."""
        api.clock.now = now
        return await cls.opened(api, by, body)

    # ---- potential trigger

    @classmethod
    @played_once
    async def triggered(cls, api: Api, now: datetime = TRIGGER, form: Body | None = None) -> Self:
        """A possible trigger in an open case, all of it written down (CE T1, T2)."""
        whole = filled("ce-checs", now.date().isoformat(), statements=INCIDENT)
        body = opening("potential_trigger", whole if form is None else form)
        return await cls.drafted(api, "ce.lead", now, body)

    @classmethod
    @played_once
    async def sent_to_checs(cls, api: Api, now: datetime = TRIGGER) -> Self:
        """Triggered, and in ChECS's tray at once."""
        case = await cls.triggered(api, now)
        await case.act("ce.lead", "finalise")
        return case

    @classmethod
    @played_once
    async def taken_by_checs(cls, api: Api, now: datetime = TRIGGER) -> Self:
        """Sent; ChECS finds it right, and LCS has a referral."""
        case = await cls.sent_to_checs(api, now)
        await case.pick_up("ce.checs.worker")
        await case.record("ce.checs.worker", "front_door_assessed", outcome="appropriate")
        await case.start("ce.lcs.service")
        return case

    @classmethod
    @played_once
    async def with_the_area_team(cls, api: Api, now: datetime = TRIGGER) -> Self:
        """Taken, passed on to Macclesfield, and with a social worker there."""
        case = await cls.taken_by_checs(api, now)
        await case.pass_on("ce.checs.worker")
        await case.allocate("ce.area.manager", "ce.socialworker")
        return case

    # ---- lack of progress

    @classmethod
    @played_once
    async def stuck(
        cls, api: Api, now: datetime = TUESDAY, lead: str = "ce.lead", **changes: Any
    ) -> Self:
        """A case that does not move, with all that the meeting asks for (CE L1-L7)."""
        form = filled(
            "ce-checs", "2026-12-02", forms=[WELL_BEING_PLAN, CHRONOLOGY], statements=STATEMENTS
        )
        body = opening("lack_of_progress", form, **changes)
        case = await cls.drafted(api, lead, now, body)
        await case.record(lead, "group_supervision_held")
        await case.record(lead, "supervisor_consulted")
        await case.record(lead, "family_advised", outcome="letter")
        return case

    @classmethod
    @played_once
    async def brought(cls, api: Api, now: datetime = TUESDAY) -> Self:
        """Stuck, and submitted to North's meeting."""
        case = await cls.stuck(api, now)
        await case.submit_to_meeting("ce.lead", "north", NORTH)
        return case

    @classmethod
    @played_once
    async def brought_again(cls, api: Api) -> Self:
        """Brought, put off, and submitted to the next meeting."""
        case = await cls.brought(api)
        await case.decide("deferred")
        await case.submit_to_meeting("ce.lead", "north", NEXT_NORTH)
        return case

    @classmethod
    @played_once
    async def agreed(cls, api: Api) -> Self:
        """Brought; the meeting agrees, and the form says so (CE L9, M24)."""
        case = await cls.brought(api)
        await case.decide("agreed")
        await case.edit("ce.lead", meeting=HELD)
        return case

    @classmethod
    @played_once
    async def referred(cls, api: Api) -> Self:
        """Agreed, and in ChECS's tray while the meeting still sits."""
        case = await cls.agreed(api)
        await case.act("ce.lead", "finalise")
        return case

    # ---- step down

    @classmethod
    @played_once
    async def assessed(cls, api: Api, now: datetime = MONDAY, **changes: Any) -> Self:
        """The Team Manager has authorised assessment and step down (CE A1)."""
        form = filled("ce-cefs-north", "2026-12-07", forms=[ASSESSMENT], statements=TO_HAPPEN)
        body = opening("assessment", form | changes)
        case = await cls.drafted(api, "ce.socialworker", now, body)
        await case.record("ce.area.manager", "assessment_authorised")
        return case

    @classmethod
    @played_once
    async def assessed_and_decided(cls, api: Api, outcome: str = "agreed") -> Self:
        """Assessed; nobody is found to lead, and the meeting has decided (CE A2, A3)."""
        case = await cls.assessed(api)
        await case.submit_to_meeting("ce.area.manager", "north", NORTH)
        await case.decide(outcome)
        return case

    @classmethod
    @played_once
    async def in_need(cls, api: Api, now: datetime = MONDAY, **changes: Any) -> Self:
        """Decided in the Child in Need meeting and confirmed, and the lead talked over (C1-C4)."""
        form = filled("ce-cefs-north", "2026-12-09", forms=[PLAN])
        body = opening("child_in_need", form | changes)
        case = await cls.drafted(api, "ce.socialworker", now, body)
        await case.record("ce.socialworker", "child_in_need_meeting_decided")
        await case.record("ce.area.manager", "supervision_confirmed")
        await case.record("ce.socialworker", "lead_role_discussed")
        return case

    @classmethod
    @played_once
    async def in_need_with_lead(cls, api: Api, now: datetime = MONDAY) -> Self:
        """In need; somebody is found to lead, and the final meeting's date is shared (C3, C6)."""
        case = await cls.in_need(api, now, next_lead_professional="ce.keyworker")
        final = london("2026-11-27 11:00")
        await case.record("ce.socialworker", "final_meeting_date_shared", until=final)
        return case

    @classmethod
    @played_once
    async def in_need_and_agreed(cls, api: Api, now: datetime = MONDAY) -> Self:
        """And all agree at the final meeting, with the family's consent (C7, C8)."""
        case = await cls.in_need_with_lead(api, now)
        await case.record("ce.socialworker", "final_meeting_held", outcome="agreed")
        await case.consent("ce.socialworker", "service", how="written")
        return case

    # ---- steps

    async def wait_until(self, now: datetime) -> None:
        """Do nothing until then, where that is the step."""
        self.at(now)

    async def decide(self, outcome: str, at: datetime = DECIDED) -> None:
        """The meeting decides, in the chair's words."""
        self.at(at)
        note = "What the chair summed up."
        await self.record("ce.chair", "meeting_decided", outcome=outcome, note=note)

    async def pass_on(self, by: str, team: str = "ce-area-north") -> None:
        """ChECS passes the referral to an area team."""
        await self.record(by, "passed_to_area_team", team=team)

    async def allocate(self, by: str, worker: str) -> None:
        """A worker is allocated in the receiving team."""
        await self.act(by, "allocate", {"worker": worker})

    async def authorise(self) -> None:
        """The social worker finalises, and the Team Manager authorises (LL 17)."""
        await self.act("ce.socialworker", "finalise")
        assert self.stage == "awaiting_authorisation"
        await self.act("ce.area.manager", "authorise")

    async def allocated_in_ehm(self, wait: timedelta = timedelta()) -> None:
        """EHM reports the pick up, the episode and, after a while, the key worker."""
        await self.act("ce.ehm.service", "pick-up", {"worker": "ce.keyworker"})
        await self.start("ce.ehm.service")
        self.at(self.api.clock() + wait)
        await self.allocate("ce.ehm.service", "ce.keyworker")

    async def broken(
        self, by: str, action: str, body: Body | None = None
    ) -> dict[str, tuple[str, str]]:
        """Every rule that the action breaks: by its code, how severe it is and what it cites.

        Where these only warn, the action is taken.
        """
        answer = await self._post(by, action, body)
        if answer.status_code == 422:
            told = answer.json()["breaches"]
        else:
            self._took(answer)
            told = self.view["warnings"]
        return {breach["code"]: (breach["severity"], breach["source"]) for breach in told}

    async def late_by_seconds(self, code: str) -> int | None:
        """How late the clock is or was; None: it is not."""
        late: int | None = (await self.reads(code))["late_by_seconds"]
        return late

    async def owners(self) -> dict[str, tuple[str, str]]:
        """Whose each clock of the guidelines is, and whether it alerts, by its code."""
        clocks = (await self.api.as_(self.systems).get(self.path)).json()["clocks"]
        ours = [clock for clock in clocks if clock["code"].startswith("CE-")]
        return {clock["code"]: (clock["team"], clock["severity"]) for clock in ours}

    async def edit_refused(self, by: str, **form: Any) -> list[str]:
        """The codes of the rules that refuse the edit; not of those that would only have warned."""
        version = self.view["version"]
        answer = await self.api.as_(by).patch(self.path, form, version=version)
        assert answer.status_code == 422, answer.text
        breaches = answer.json()["breaches"]
        return [str(breach["code"]) for breach in breaches if breach["severity"] == "must"]

    async def completing(self) -> dict[str, tuple[str, str]]:
        """What stands in the way of completing it by hand."""
        return await self.broken("ce.area.manager", "complete", {"comment": "All is done."})

    async def seen_by(self, person: str) -> bool:
        """Whether the case exists for somebody."""
        answer = await self.api.as_(person).get(self.path)
        assert answer.status_code in (200, 404), answer.text
        return answer.status_code == 200

    async def open(self) -> bool:
        """Whether it has not ended."""
        answer = await self.api.as_(self.systems).get(self.path)
        return answer.json()["stage"] not in ("completed", "cancelled")

    async def date_checks(self) -> list[Body]:
        """What the relay is to hold the date of each created record to."""
        rows = select(deliveries.c.payload).where(
            deliveries.c.transfer == self.view["id"],
            deliveries.c.kind == MessageKind.CHECK_RECORD_DATE,
        )
        async with self.api.store.read() as tx:
            found = await tx.connection.execute(rows)
            return [dict(payload["check"]) for payload in found.scalars()]

    async def custody(self) -> str:
        """Which team leads now."""
        answer = await self.api.as_(self.systems).get(self.path)
        return str(answer.json()["custody"]["team"])
