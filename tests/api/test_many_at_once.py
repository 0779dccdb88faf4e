"""Acts on many transfers at once: a leaver's work, and a team that is renamed or closed."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from api.seeding import DOWN, UP, connected, seed, seed_alert
from builders import child
from service import Api

from app.domain.pathway import Stage
from app.domain.transfer import Transfer
from app.store.directory import Person, save_person

LEAVER, TO = "op.worker", "op.keyworker"
REASSIGN = f"/v1/people/{LEAVER}/reassign"
CLOSE_OP, CLOSE_FF = "/v1/teams/op-bishop/close", "/v1/teams/ff-bishop/close"
TO_CHESTER = {"successor": "ff-chester", "comment": "Two teams become one."}
OP_TO_EAST = {"successor": "op-east", "comment": "Two teams become one."}


def body(**changes: Any) -> dict[str, Any]:
    return {"to": TO, "team": "op-bishop", "comment": "Leaves on Friday.", **changes}


async def read(api: Api, transfer: Transfer, person: str = "op.manager") -> dict[str, Any]:
    found: dict[str, Any] = (await api.as_(person).get(f"/v1/transfers/{transfer.id}")).json()
    return found


async def kinds(api: Api, transfer: Transfer, person: str) -> list[tuple[str, str]]:
    answer = await api.as_(person).get(f"/v1/transfers/{transfer.id}/deliveries")
    return [(x["kind"], x["state"]) for x in answer.json()]


async def actions(api: Api, transfer: Transfer, person: str) -> list[str]:
    answer = await api.as_(person).get(f"/v1/transfers/{transfer.id}/history")
    return [x["action"] for x in answer.json()]


def codes(answer: Any) -> Iterable[str]:
    return [x["code"] for x in answer.json()["breaches"]]


async def test_a_leaver_s_work_is_reassigned_in_one_act_and_its_truth_stays(api: Api) -> None:
    draft = await seed(api, Stage.DRAFT)
    held = await seed(api, Stage.PICKED_UP, DOWN)
    ended = await seed(api, Stage.COMPLETED)
    manager = api.as_("op.manager")

    first = await manager.post(REASSIGN, body(), key="one")
    again = await manager.post(REASSIGN, body(), key="one")
    left = await manager.post(REASSIGN, body())

    assert first.status_code == 200, first.text
    assert first.json() == again.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    told = {x["transfer"]: x["what"] for x in first.json()["items"]}
    assert told == {draft.id: ["worker"], held.id: ["holder"]}
    assert (first.json()["transfers"], first.json()["counts"]) == (2, {"holder": 1, "worker": 1})
    assert left.json()["items"] == [], "nothing is left"
    shown = await read(api, draft)
    assert (shown["worker"], shown["author"]) == (TO, LEAVER)
    assert (await read(api, held))["holder"] == TO
    assert (await read(api, ended))["worker"] == LEAVER
    assert [x for x, _ in await kinds(api, held, "op.manager")] == ["release_task", "pick_up_task"]
    assert await actions(api, draft, "op.manager") == ["worker_changed"]
    mine = [(await api.as_(x).get("/v1/transfers", mine="true")).json() for x in (LEAVER, TO)]
    assert [{x["id"] for x in page["items"]} for page in mine] == [{ended.id}, {draft.id, held.id}]


@pytest.mark.long
@pytest.mark.parametrize(
    ("person", "status"),
    [
        ("op.manager", 200),
        ("op.worker", 403),
        ("systems.team", 403),
        ("ff.manager", 404),
        ("ff.chester.manager", 404),
    ],
)
async def test_who_may_reassign_work(api: Api, person: str, status: int) -> None:
    answer = await api.as_(person).post(REASSIGN, body())

    assert answer.status_code == status


@pytest.mark.long
@pytest.mark.parametrize("to", ["ff.socialworker", "nobody.at.all", "op.worker"])
async def test_nothing_is_reassigned_to_anybody_else(api: Api, to: str) -> None:
    draft = await seed(api, Stage.DRAFT)

    answer = await api.as_("op.manager").post(REASSIGN, body(to=to))
    stranger = await api.as_("op.manager").post("/v1/people/no.one/reassign", body())

    assert (answer.status_code, codes(answer)) == (422, ["reassign-to"])
    assert stranger.status_code == 404
    assert (await read(api, draft))["worker"] == LEAVER


@pytest.mark.long
async def test_a_name_that_two_people_have_reassigns_the_work_of_neither(api: Api) -> None:
    def led(transfer: Transfer) -> Transfer:
        return replace(transfer, worker="op.manager", origin_lead="One Point Worker")

    before = await seed(api, Stage.DRAFT, then=led)
    manager = api.as_("op.manager")
    async with api.store.write() as tx:
        await save_person(tx, Person("op.namesake", "durham", "One Point Worker", "op.n"), [])

    of_two = await manager.post(REASSIGN, body())
    async with api.store.write() as tx:
        await save_person(tx, Person("op.namesake", "durham", "Another Worker", "op.n"), [])
    of_one = await manager.post(REASSIGN, body())

    assert (of_two.status_code, of_two.json()["items"]) == (200, [])
    assert of_one.json()["items"] == [{"transfer": before.id, "what": ["origin_lead"]}]


async def test_a_closed_team_s_transfers_are_the_successor_s_at_once(api: Api) -> None:
    draft, sent, held, allocated = [
        await seed(api, stage)
        for stage in (Stage.DRAFT, Stage.DISPATCHED, Stage.PICKED_UP, Stage.ALLOCATED)
    ]
    await seed_alert(api, "ff-bishop", held)
    admin, chester = api.as_("systems.team"), "ff.chester.manager"
    before = await api.as_(chester).get(f"/v1/transfers/{held.id}")

    closed = await admin.post(CLOSE_FF, TO_CHESTER, key="close")
    again = await admin.post(CLOSE_FF, TO_CHESTER, key="close")
    twice = await admin.post(CLOSE_FF, TO_CHESTER)

    assert closed.status_code == 200, closed.text
    assert again.json() == closed.json()
    assert (twice.status_code, codes(twice)) == (422, ["team-active"])
    assert {x["transfer"]: x["what"] for x in closed.json()["items"]} == {
        draft.id: ["recipient"],
        sent.id: ["redirected"],
        held.id: ["receiving"],
        allocated.id: ["receiving"],
    }
    assert before.status_code == 404
    shown = await read(api, held, chester)
    assert shown["stage"] == "picked_up"
    assert {x["team"] for x in (await read(api, allocated, chester))["milestones"]} >= {
        "ff-chester"
    }
    assert (await read(api, allocated, chester))["custody"]["team"] == "ff-chester"
    assert [x for x, _ in await kinds(api, sent, chester)] == ["withdraw_task", "deliver_task"]
    assert (await actions(api, held, chester)) == ["team_succeeded"]
    alerts = (await api.as_(chester).get("/v1/alerts")).json()["items"]
    assert [x["transfer"] for x in alerts] == [held.id]
    teams = {x["id"]: x["active"] for x in (await admin.get("/v1/teams")).json()}
    assert (teams["ff-bishop"], teams["ff-chester"]) == (False, True)
    clocks = (await api.as_(chester).get("/v1/clocks")).json()["items"]
    assert {x["transfer"] for x in clocks} >= {sent.id}


@pytest.mark.long
async def test_an_origin_team_that_closes_passes_on_what_it_sent(api: Api) -> None:
    sent = await seed(api, Stage.STARTED)

    closed = await api.as_("systems.team").post(CLOSE_OP, OP_TO_EAST)
    custody = await api.as_("ff.manager").get(f"/v1/transfers/{sent.id}/custody")

    assert closed.json()["counts"] == {"origin": 1}
    assert [x["team"] for x in custody.json()["holds"]] == ["op-bishop", "op-east"]


@pytest.mark.long
@pytest.mark.parametrize(
    ("person", "status"),
    [("systems.team", 200), ("op.manager", 403), ("ff.manager", 403), ("op.worker", 403)],
)
@pytest.mark.parametrize("what", ["rename", "close"])
async def test_who_may_rename_and_close_a_team(
    api: Api, what: str, person: str, status: int
) -> None:
    asked = {"rename": {"name": "One Point South"}, "close": OP_TO_EAST}[what]

    answer = await api.as_(person).post(f"/v1/teams/op-bishop/{what}", asked)
    unknown = await api.as_(person).post(f"/v1/teams/no-such/{what}", asked)

    assert (answer.status_code, unknown.status_code) == (status, 404)


@pytest.mark.long
async def test_a_renamed_team_keeps_all_but_its_name(api: Api) -> None:
    admin = api.as_("systems.team")
    before = {x["id"]: x for x in (await admin.get("/v1/teams")).json()}["op-bishop"]

    renamed = await admin.post("/v1/teams/op-bishop/rename", {"name": "One Point South"})

    assert renamed.json() == before | {"name": "One Point South"}
    after = {x["id"]: x for x in (await admin.get("/v1/teams")).json()}["op-bishop"]
    assert after == renamed.json()


@pytest.mark.long
async def test_h02_no_name_makes_a_tray_look_like_another(api: Api) -> None:
    admin = api.as_("systems.team")

    answers = [
        await admin.post(f"/v1/teams/{team}/rename", {"name": name})
        for team, name in (
            ("cwd", "families first  CHESTER-le-Street"),
            ("referral-to-progress", "Families First Shildon"),
        )
    ]

    assert [(x.status_code, codes(x)) for x in answers] == [(422, ["team-name"])] * 2


@pytest.mark.long
@pytest.mark.parametrize("successor", ["op-bishop", "ff-bishop", "no-such", "ff-north"])
async def test_a_team_is_not_closed_without_a_fitting_successor(api: Api, successor: str) -> None:
    held = await seed(api, Stage.PICKED_UP)

    answer = await api.as_("systems.team").post(CLOSE_FF, TO_CHESTER | {"successor": successor})

    assert (answer.status_code, set(codes(answer))) == (422, {"successor"})
    assert (await read(api, held, "ff.manager"))["version"] == held.version


@pytest.mark.long
async def test_h02_what_may_not_move_is_named_and_keeps_everything_where_it_is(api: Api) -> None:
    held, waits = await seed(api, Stage.PICKED_UP), await seed(api, Stage.DISPATCHED)
    admin = api.as_("systems.team")

    answer = await admin.post(CLOSE_FF, TO_CHESTER | {"successor": "referral-to-progress"})

    assert (answer.status_code, codes(answer)) == (422, ["DL-3-referral-to-progress"] * 2)
    told = " ".join(breach["found"] for breach in answer.json()["breaches"])
    assert (held.id in told, waits.id in told) == (True, True)
    assert (await read(api, held))["version"] == held.version
    teams = {x["id"]: x["active"] for x in (await admin.get("/v1/teams")).json()}
    assert teams["ff-bishop"]


@pytest.mark.long
@pytest.mark.parametrize("attempt", range(3))
async def test_h02_a_race_of_closing_a_team_and_finalising_to_it_leaves_no_task_in_its_tray(
    api: Api, attempt: int
) -> None:
    drafts = [await seed(api, Stage.DRAFT, UP) for _ in range(4)]
    other = await seed(api, Stage.DISPATCHED, children=(child(f"OTHER{attempt}"),))
    await connected(api)
    worker, admin = api.as_("op.worker"), api.as_("systems.team")

    closed, *finalised = await asyncio.gather(
        admin.post(CLOSE_FF, TO_CHESTER),
        *(worker.post(f"/v1/transfers/{x.id}/finalise", version=x.version) for x in drafts),
    )
    while closed.status_code == 409:
        closed = await admin.post(CLOSE_FF, TO_CHESTER)

    assert closed.status_code == 200, closed.text
    assert {x.status_code for x in finalised} <= {200, 409, 412, 422}
    for transfer in (*drafts, other):
        shown = await read(api, transfer)
        assert shown["form"]["recipient"] == "ff-chester"
        if shown["stage"] == "dispatched":
            sent = [x for x in shown["milestones"] if x["name"] == "dispatched"]
            assert sent[-1]["team"] == "ff-chester"
