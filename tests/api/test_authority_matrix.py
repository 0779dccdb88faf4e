"""Who may do what, over HTTP: everybody by every action by every stage, written out by hand.

The expectations stand here in words of their own and share nothing with the table in the domain.
"""

import asyncio
from dataclasses import dataclass
from datetime import date
from typing import Any

import httpx
import pytest
from api.seeding import DOWN, UP, ready_for_meeting, seed
from service import Api

from app.api import examples
from app.domain.pathway import Pathway, Stage
from app.domain.people import Role
from app.domain.transfer import Transfer
from app.store.directory import DatedMembership, Person, save_person

DRAFT, AWAITING, DISPATCHED = Stage.DRAFT, Stage.AWAITING_AUTHORISATION, Stage.DISPATCHED
PICKED_UP, DECLINED, STARTED = Stage.PICKED_UP, Stage.DECLINED, Stage.STARTED
ALLOCATED, COMPLETED, CANCELLED = Stage.ALLOCATED, Stage.COMPLETED, Stage.CANCELLED
one_store = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

HATS: dict[Pathway, dict[str, str]] = {
    UP: {
        "op.worker": "origin-worker",
        "op.keyworker": "origin-worker",
        "op.manager": "origin-manager",
        "operations.manager": "operations",
        "ff.socialworker": "receiver",
        "ff.manager": "receiving-manager",
        "ff.deputy": "receiver receiving-manager",
        "ff.coordinator": "receiving-bystander",
        "lcs.service": "system",
        "ehm.service": "reader",
        "systems.team": "reader",
        "an.auditor": "reader",
        "op.chester.manager": "",
        "ff.chester.manager": "",
    },
    DOWN: {
        "ff.socialworker": "origin-worker",
        "ff.deputy": "origin-worker origin-manager",
        "ff.manager": "origin-manager",
        "ff.coordinator": "origin-bystander",
        "operations.manager": "operations",
        "op.worker": "receiver",
        "op.keyworker": "receiver",
        "op.manager": "receiving-manager",
        "ehm.service": "system",
        "lcs.service": "reader",
        "systems.team": "reader",
        "an.auditor": "reader",
        "op.chester.manager": "",
        "ff.chester.manager": "",
    },
}
OF_RECEIVER = {"receiver", "receiving-manager", "receiving-bystander", "holder"}
ORIGIN = "origin-worker origin-manager"
RECEIVING = "receiving-manager system"
MAY: dict[str, dict[Stage, str]] = {
    "edit": {DRAFT: ORIGIN},
    "submit-to-meeting": {DRAFT: ORIGIN},
    "finalise": {DRAFT: ORIGIN},
    "authorise": {AWAITING: "origin-manager"},
    "return": {AWAITING: "origin-manager", DECLINED: "origin-manager"},
    "redirect": {
        DISPATCHED: "origin-manager receiving-manager operations",
        DECLINED: "origin-manager",
    },
    "pick-up": {DISPATCHED: f"{RECEIVING} receiver"},
    "release": {PICKED_UP: f"{RECEIVING} holder"},
    "decline": {DISPATCHED: RECEIVING, PICKED_UP: RECEIVING},
    "start": {PICKED_UP: RECEIVING},
    "allocate": {STARTED: RECEIVING},
    "complete": {ALLOCATED: "origin-manager receiving-manager"},
    "cancel": dict.fromkeys((DRAFT, AWAITING, DISPATCHED), "origin-manager"),
}
READS = ("read", "history", "deliveries", "checklist", "clocks")
CASES = [(UP, stage) for stage in Stage if stage is not AWAITING] + [
    (DOWN, stage) for stage in Stage
]


@dataclass(frozen=True)
class Cell:
    """One person before one transfer."""

    person: str
    pathway: Pathway
    stage: Stage
    holder: str | None

    @property
    def reached_receiver(self) -> bool:
        """Our cancelled transfers were cancelled as drafts."""
        return self.stage not in (DRAFT, AWAITING, CANCELLED)

    @property
    def hats(self) -> set[str]:
        """What the person is to the transfer."""
        worn = set(HATS[self.pathway][self.person].split())
        worn |= {"holder"} if self.person == self.holder else set()
        return worn if self.reached_receiver else worn - OF_RECEIVER - {"system"}

    @property
    def sees(self) -> bool:
        """Whether the transfer exists for this person."""
        return bool(self.hats) or HATS[self.pathway][self.person] in ("reader", "system")

    def expected(self, action: str) -> int:
        """The status of the answer."""
        if not self.sees:
            return 404
        if action in READS:
            return 200
        rows = {stage: set(who.split()) for stage, who in MAY[action].items()}
        if self.pathway is UP:
            rows.pop(AWAITING, None)
        if not self.hats & set().union(*rows.values()):
            return 403
        if self.stage not in rows:
            return 409
        return 200 if self.hats & rows[self.stage] else 403


AT_ONCE = 8
"""More writers than that wait for each other, on a busy machine until one of them is refused."""
TELLING = ((DOWN, AWAITING),)
"""The stage in which it matters most who acts: the fast lane asks it over HTTP, the long one all.
Every cell is asked of the decisions themselves in the fast lane."""


@one_store
@pytest.mark.parametrize(
    ("pathway", "stage"),
    [pytest.param(*case, marks=() if case in TELLING else pytest.mark.long) for case in CASES],
)
async def test_h06_everybody_may_do_at_a_stage_what_is_theirs_and_nothing_else(
    api: Api, pathway: Pathway, stage: Stage
) -> None:
    await _hire_an_auditor(api)
    transfer = await seed(api, stage, pathway, then=ready_for_meeting)
    expected = {
        (person, action): Cell(person, pathway, stage, transfer.holder).expected(action)
        for person in HATS[pathway]
        for action in (*READS, *MAY)
    }
    moving = [cell for cell, status in expected.items() if status == 200 and cell[1] in MAY]

    quiet = [cell for cell in expected if cell not in moving]
    a_few = asyncio.Semaphore(AT_ONCE)

    async def asked(cell: tuple[str, str]) -> httpx.Response:
        async with a_few:
            return await _ask(api, *cell, transfer)

    answers = await asyncio.gather(*(asked(cell) for cell in quiet))
    found = dict(zip(quiet, (answer.status_code for answer in answers), strict=True))
    for cell in moving:
        found[cell] = (await _ask(api, *cell, transfer)).status_code
        transfer = await seed(api, stage, pathway, then=ready_for_meeting)

    assert found == expected


def test_the_matrix_has_a_cell_for_everybody_and_every_answer() -> None:
    cells = [
        Cell(person, pathway, stage, None).expected(action)
        for pathway, stage in CASES
        for person in HATS[pathway]
        for action in MAY
    ]

    assert len(cells) == 17 * 14 * 13
    assert {status: cells.count(status) > 20 for status in cells} == dict.fromkeys(
        (200, 403, 404, 409), True
    )


@one_store
@pytest.mark.parametrize(
    ("person", "drafted_by"),
    [("ff.deputy", "ff.deputy"), ("ff.manager", "ff.manager")],
)
@pytest.mark.parametrize("judging", ["authorise", "return"])
async def test_h06_nobody_judges_a_form_that_they_wrote_whatever_roles_they_have(
    api: Api, person: str, drafted_by: str, judging: str
) -> None:
    drafter = api.as_(drafted_by)
    draft = (await drafter.post("/v1/transfers", examples.STEP_DOWN)).json()
    path = f"/v1/transfers/{draft['id']}"
    waiting = (await drafter.post(f"{path}/finalise", version=draft["version"])).json()

    body = {"comment": "x"} if judging == "return" else None
    answer = await api.as_(person).post(f"{path}/{judging}", body, version=2)

    assert waiting["stage"] == "awaiting_authorisation"
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/separation-of-duties")


@one_store
@pytest.mark.parametrize("part", ["edits", "submits"])
async def test_h06_nobody_judges_a_form_that_they_edited_last_or_submitted(
    api: Api, part: str
) -> None:
    author, deputy = api.as_("ff.socialworker"), api.as_("ff.deputy")
    draft = (await author.post("/v1/transfers", examples.STEP_DOWN)).json()
    path = f"/v1/transfers/{draft['id']}"
    if part == "edits":
        await deputy.patch(path, {"comments": "Better words"}, version=1)
    submitter = deputy if part == "submits" else author
    waiting = (await submitter.post(f"{path}/finalise", version=2 if part == "edits" else 1)).json()

    own = await deputy.post(f"{path}/authorise", version=waiting["version"])
    others = await api.as_("ff.manager").post(f"{path}/authorise", version=waiting["version"])

    assert (own.status_code, own.json()["type"]) == (403, "/problems/separation-of-duties")
    assert others.status_code == 200
    assert others.json()["authorised_by"] == "ff.manager"


MILESTONES = {
    "op.worker": 200,
    "op.keyworker": 200,
    "op.manager": 200,
    "operations.manager": 403,
    "ff.socialworker": 403,
    "ff.manager": 403,
    "ff.deputy": 403,
    "ff.coordinator": 403,
    "lcs.service": 403,
    "ehm.service": 403,
    "systems.team": 403,
    "an.auditor": 403,
    "op.chester.manager": 404,
    "ff.chester.manager": 404,
}


@one_store
async def test_h06_a_milestone_of_the_origin_is_recorded_by_the_origin(api: Api) -> None:
    await _hire_an_auditor(api)
    body = {"name": "origin_closing_begun", "at": api.clock.now.isoformat()}
    found = {}

    for person in MILESTONES:
        transfer = await seed(api, DISPATCHED)
        answer = await api.as_(person).post(
            f"/v1/transfers/{transfer.id}/milestones", body, version=transfer.version
        )
        found[person] = answer.status_code

    assert found == MILESTONES


@one_store
@pytest.mark.parametrize("pathway", Pathway)
async def test_h06_whoever_is_no_practitioner_or_manager_of_the_team_opens_nothing(
    api: Api, pathway: Pathway
) -> None:
    await _hire_an_auditor(api)
    body = examples.STEP_UP if pathway is UP else examples.STEP_DOWN
    found = {}

    for number, person in enumerate(HATS[pathway]):
        child = {**examples.CHILD, "child_id": f"DUR{number}"}
        answer = await api.as_(person).post("/v1/transfers", body | {"children": [child]})
        found[person] = answer.status_code

    assert found == {person: _opens(hats) for person, hats in HATS[pathway].items()}


@one_store
async def test_h06_a_person_does_not_say_who_picked_a_task_up_and_a_system_does(api: Api) -> None:
    transfer = await seed(api, DISPATCHED)
    path, body = f"/v1/transfers/{transfer.id}/pick-up", {"worker": "somebody.else"}

    person = await api.as_("ff.manager").post(path, body, version=transfer.version)
    system = await api.as_("lcs.service").post(path, body, version=transfer.version)

    assert person.status_code == 403
    assert system.json()["holder"] == "somebody.else"


@one_store
async def test_a_transfer_that_is_not_there_looks_like_one_that_is_another_teams(api: Api) -> None:
    hidden = await seed(api, DRAFT)
    nobodys = "0b0f3d9e-52c7-4d6e-9f7a-000000000000"

    answers = [
        await api.as_("ff.manager").post(f"/v1/transfers/{id_}/finalise", version=version)
        for id_ in (hidden.id, nobodys)
        for version in (hidden.version, 77)
    ]

    assert {(x.status_code, x.content) for x in answers} == {(404, answers[0].content)}


def _opens(hats: str) -> int:
    if set(hats.split()) & {"origin-worker", "origin-manager"}:
        return 201
    return 403 if hats in ("operations", "origin-bystander") else 404


async def _hire_an_auditor(api: Api) -> None:
    auditor = Person("an.auditor", "durham", "An Auditor", "an.auditor")
    held = [DatedMembership("an.auditor", Role.AUDITOR, None, date(2024, 1, 1))]
    async with api.store.write() as tx:
        await save_person(tx, auditor, held)


async def _ask(api: Api, person: str, action: str, transfer: Transfer) -> httpx.Response:
    path, somebody = f"/v1/transfers/{transfer.id}", api.as_(person)
    if action in READS:
        return await somebody.get(path if action == "read" else f"{path}/{action}")
    body = _body(action, transfer)
    if action == "edit":
        return await somebody.patch(path, body, version=transfer.version)
    return await somebody.post(f"{path}/{action}", body, version=transfer.version)


def _body(action: str, transfer: Transfer) -> dict[str, Any] | None:
    comment = {"comment": "Because"}
    record = {
        "child_id": transfer.children[0].child_id,
        "record_id": "REC-1",
        "created_at": "2026-11-20T09:30:00Z",
        "dated": "2026-05-04",
    }
    bodies: dict[str, dict[str, Any]] = {
        "edit": {"comments": "Other words"},
        "submit-to-meeting": {"series": "weekly", "starts_at": "2027-11-26T14:00:00Z"},
        "return": comment,
        "redirect": comment
        | {"recipient": "ff-chester" if transfer.pathway is UP else "op-chester"},
        "decline": comment | {"reason": "threshold_not_met"},
        "start": {"records": [record]},
        "allocate": {"worker": "somebody"},
        "complete": comment,
        "cancel": comment | {"reason": "entered_in_error"},
    }
    return bodies.get(action)
