"""Restricted records over HTTP: for whom a transfer does not exist, and who is told of whom."""

from typing import Any
from uuid import uuid4

import httpx
import pytest
from api.seeding import DOWN, seed, seed_meeting
from service import Api

from app.api import examples
from app.api.meeting_examples import ACTION_ID, MEETING_ID
from app.domain.pathway import Stage
from app.domain.transfer import Transfer

one_store = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
long = pytest.mark.long
MEETING = f"/v1/meetings/{MEETING_ID}"


async def deny(
    api: Api, transfer: Transfer, *people: str, by: str = "op.manager", version: int | None = None
) -> httpx.Response:
    """Keep people from the transfer for a conflict of interest."""
    body = {
        "kind": "conflict_of_interest",
        "people": list(people),
        "reason": "knows_the_family",
        "note": "Zebedee Quetzalcoatl is a neighbour",
    }
    at = transfer.version if version is None else version
    return await api.as_(by).post(f"/v1/transfers/{transfer.id}/restrict", body, version=at)


async def name_only(
    api: Api, transfer: Transfer, *people: str, by: str = "op.manager"
) -> httpx.Response:
    """Open the transfer to these people alone."""
    body = {
        "kind": "named_only",
        "people": list(people),
        "reason": "family_of_a_colleague",
        "note": "The parent works for the council",
    }
    path = f"/v1/transfers/{transfer.id}/restrict"
    return await api.as_(by).post(path, body, version=transfer.version)


async def _ids(api: Api, person: str, path: str, **asked: Any) -> set[str]:
    answer = await api.as_(person).get(path, **asked)
    assert answer.status_code == 200, answer.text
    lines = answer.json()["items"]
    return {x.get("transfer") or x.get("id") for x in lines}


@one_store
async def test_h06_for_whoever_is_denied_it_exists_nowhere(api: Api) -> None:
    sent = await seed(api, Stage.DISPATCHED)
    other = await seed(api, Stage.DISPATCHED)
    child = {"child_id": sent.children[0].child_id}
    assert (await deny(api, sent, "op.keyworker", "systems.team")).status_code == 200

    for person in ("op.keyworker", "systems.team"):
        somebody = api.as_(person)
        assert (await somebody.get(f"/v1/transfers/{sent.id}")).status_code == 404
        assert await _ids(api, person, "/v1/transfers") == {other.id}
        assert await _ids(api, person, "/v1/transfers", **child) == set()
        counted = (await somebody.get("/v1/transfers/counts")).json()
        assert str(counted).count("'transfers': 1") >= 1
        assert sent.id not in str((await somebody.get("/v1/clocks")).json())
        assert sent.id not in str((await somebody.get("/v1/alerts")).json())
        assert sent.id not in str((await somebody.get("/v1/deliveries")).json())
        assert sent.id not in str((await somebody.get("/v1/teams/op-bishop/outgoing")).json())
        glass = {"reason": "missing_child", "note": "A call"}
        path = f"/v1/transfers/{sent.id}/break-glass"
        assert (await somebody.post(path, glass)).status_code == 404
    assert (await api.as_("op.worker").get(f"/v1/transfers/{sent.id}")).status_code == 200


@long
@one_store
async def test_h06_a_second_transfer_of_the_child_is_refused_in_the_words_for_anybody(
    api: Api,
) -> None:
    body = next(iter(examples.OPEN.values()))["value"]
    first = await api.as_("op.worker").post("/v1/transfers", body)
    assert first.status_code == 201, first.text
    before = await api.as_("op.keyworker").post("/v1/transfers", body)
    made = first.json()
    path = f"/v1/transfers/{made['id']}/restrict"
    asked = {
        "kind": "conflict_of_interest",
        "people": ["op.keyworker"],
        "reason": "knows_the_family",
        "note": "A neighbour",
    }
    denied = await api.as_("op.manager").post(path, asked, version=made["version"])
    assert denied.status_code == 200, denied.text

    after = await api.as_("op.keyworker").post("/v1/transfers", body)

    assert before.status_code == after.status_code == 409
    assert before.json() == after.json()
    assert made["id"] not in after.text


@long
@one_store
async def test_h06_a_kept_answer_is_not_given_again_to_whoever_is_denied_since(api: Api) -> None:
    draft = await seed(api, Stage.DRAFT)
    key, colleague = str(uuid4()), api.as_("op.keyworker")
    path, body = (
        f"/v1/transfers/{draft.id}/team-around-the-family",
        {
            "name": "Kim Example",
            "agency": "A school",
            "purpose": "Attendance",
        },
    )
    first = await colleague.post(path, body, version=draft.version, key=key)
    again = await colleague.post(path, body, version=draft.version, key=key)
    assert (first.status_code, again.status_code) == (200, 200)

    assert (await deny(api, draft, "op.keyworker", version=draft.version + 1)).status_code == 200

    last = await colleague.post(path, body, version=draft.version, key=key)
    assert last.status_code == 404
    assert draft.id not in last.text


@long
@one_store
async def test_h06_who_opened_a_transfer_and_is_denied_it_later_is_not_told_of_it_again(
    api: Api,
) -> None:
    body = next(iter(examples.OPEN.values()))["value"]
    key, author = str(uuid4()), api.as_("op.worker")
    opened = await author.post("/v1/transfers", body, key=key)
    asked = {"to": "op.keyworker", "team": "op-bishop"}
    moved = await api.as_("op.manager").post("/v1/people/op.worker/reassign", asked)
    assert (opened.status_code, moved.status_code) == (201, 200)
    made = (await api.as_("op.manager").get(f"/v1/transfers/{opened.json()['id']}")).json()
    denial = {
        "kind": "conflict_of_interest",
        "people": ["op.worker"],
        "reason": "knows_the_family",
        "note": "A neighbour",
    }
    path = f"/v1/transfers/{made['id']}/restrict"
    denied = await api.as_("op.manager").post(path, denial, version=made["version"])
    assert denied.status_code == 200, denied.text

    again = await author.post("/v1/transfers", body, key=key)

    assert again.status_code == 404


@long
@one_store
async def test_h06_a_chair_who_is_denied_a_case_sits_without_it(api: Api) -> None:
    case = await seed_meeting(api)
    chair, coordinator = api.as_("meeting.chair"), api.as_("meeting.coordinator")
    assert (await deny(api, case, "meeting.chair")).status_code == 200

    seen = (await chair.get(MEETING)).json()
    agenda = (await chair.get(f"{MEETING}/agenda")).json()
    file = await chair.get(f"{MEETING}/agenda.ics")
    ruling = {"outcome": "agreed", "rationale": "x", "at": api.clock.now.isoformat()}
    decided = await chair.post(f"{MEETING}/cases/{case.id}/decision", ruling, version=1)
    finished = await chair.post(f"{MEETING}/cases/{case.id}/actions/{ACTION_ID}/done", version=1)

    assert (seen["cases"], seen["other_cases"]) == ([], 1)
    assert [item["transfer"] for item in agenda["items"]] == [None]
    assert case.id not in f"{seen}{agenda}{file.text}"
    assert {decided.status_code, finished.status_code} <= {404}
    assert len((await coordinator.get(MEETING)).json()["cases"]) == 1


@long
@one_store
async def test_h06_a_denied_chair_circulates_the_agenda_and_leaves_that_case_to_a_colleague(
    api: Api,
) -> None:
    case = await seed_meeting(api, decided=False)
    assert (await deny(api, case, "meeting.chair")).status_code == 200

    sent = await api.as_("meeting.chair").post(f"{MEETING}/circulate-agenda", version=1)

    assert sent.status_code == 200, sent.text
    assert case.id not in sent.text
    told = (await api.as_("op.worker").get(f"/v1/transfers/{case.id}")).json()
    assert "agenda_circulated" not in {x["name"] for x in told["milestones"]}


@long
@one_store
async def test_h06_of_named_people_alone_a_colleague_sees_nothing_until_it_is_lifted(
    api: Api,
) -> None:
    sent = await seed(api, Stage.DISPATCHED)
    restricted = await name_only(api, sent, "op.keyworker")
    assert restricted.status_code == 200, restricted.text
    path = f"/v1/transfers/{sent.id}"
    people = ("op.worker", "op.keyworker", "op.manager", "ff.manager", "lcs.service")
    others = ("ff.socialworker", "ff.coordinator", "systems.team")

    for person in people:
        assert (await api.as_(person).get(path)).status_code == 200, person
    for person in others:
        assert (await api.as_(person).get(path)).status_code == 404, person
        assert await _ids(api, person, "/v1/transfers") == set(), person

    lifted = await api.as_("ff.manager").post(
        f"{path}/lift-restriction", {"kind": "named_only"}, version=sent.version + 1
    )
    assert lifted.status_code == 200, lifted.text
    for person in others:
        assert (await api.as_(person).get(path)).status_code == 200, person


@long
@one_store
async def test_whom_a_restriction_names_is_told_to_managers_alone(api: Api) -> None:
    sent = await seed(api, Stage.DISPATCHED)
    assert (await deny(api, sent, "op.keyworker")).status_code == 200
    path = f"/v1/transfers/{sent.id}"

    to_manager = await api.as_("ff.manager").get(f"{path}/restrictions")
    to_worker = await api.as_("op.worker").get(f"{path}/restrictions")
    to_denied = await api.as_("op.keyworker").get(f"{path}/restrictions")
    histories = {
        person: (await api.as_(person).get(f"{path}/history")).text
        for person in ("op.worker", "op.manager")
    }

    assert [x["person"] for x in to_manager.json()["items"]] == ["op.keyworker"]
    assert (to_worker.status_code, to_denied.status_code) == (403, 404)
    assert "op.keyworker" not in histories["op.worker"]
    assert "person:op.keyworker" in histories["op.manager"]
    assert "Zebedee" not in "".join(histories.values())


@long
@one_store
async def test_h06_whose_work_it_is_is_denied_once_it_is_reassigned(api: Api) -> None:
    sent = await seed(api, Stage.DISPATCHED)
    refused = await deny(api, sent, "op.worker")
    assert [x["code"] for x in refused.json()["breaches"]] == ["restriction-reassign"]

    asked = {"to": "op.keyworker", "team": "op-bishop"}
    await api.as_("op.manager").post("/v1/people/op.worker/reassign", asked)
    taken = await deny(api, sent, "op.worker", version=sent.version + 1)

    assert taken.status_code == 200, taken.text
    assert (await api.as_("op.worker").get(f"/v1/transfers/{sent.id}")).status_code == 404


@long
@one_store
async def test_h06_the_last_manager_of_the_origin_team_stays(api: Api) -> None:
    sent = await seed(api, Stage.DISPATCHED)

    refused = await deny(api, sent, "op.manager", by="ff.manager")
    unknown = await deny(api, sent, "nobody.known", "lcs.service", by="ff.manager")

    assert [x["code"] for x in refused.json()["breaches"]] == ["restriction-last-manager"]
    assert {x["code"] for x in unknown.json()["breaches"]} == {
        "restriction-person",
        "restriction-system",
    }
    assert "nobody.known" not in unknown.text


@long
@one_store
async def test_h06_work_is_not_reassigned_to_whoever_is_denied_it_nor_by_them(api: Api) -> None:
    mine = await seed(api, Stage.DISPATCHED, DOWN)
    path = "/v1/people/ff.socialworker/reassign"
    assert (await deny(api, mine, "ff.deputy", by="ff.manager")).status_code == 200

    to_denied = await api.as_("ff.manager").post(path, {"to": "ff.deputy", "team": "ff-bishop"})
    by_denied = await api.as_("ff.deputy").post(path, {"to": "ff.manager", "team": "ff-bishop"})

    assert [x["code"] for x in to_denied.json()["breaches"]] == ["reassign-to"]
    assert by_denied.status_code == 200, by_denied.text
    assert mine.id not in by_denied.text
    there = (await api.as_("ff.manager").get(f"/v1/transfers/{mine.id}")).json()
    assert there["worker"] == "ff.socialworker"
