"""Lists: filtered, in pages that do not slip, and of one's own teams alone."""

from datetime import date, timedelta
from typing import Any

import pytest
from api.seeding import DOWN, seed, seed_alert, seed_delivery
from builders import child, step_up_form
from service import Api, Person

from app.domain.duty_task import CaseSystem
from app.domain.pathway import Stage
from app.domain.people import Role, Team
from app.domain.transfer import Transfer
from app.store.delivery_rows import DeliveryState
from app.store.directory import (
    Authority,
    DatedMembership,
    save_authority,
    save_person,
    save_team,
)
from app.store.directory import Person as Listed

one_store = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TRANSFERS = "/v1/transfers"


async def _ids(person: Person, path: str = TRANSFERS, **query: Any) -> list[Any]:
    answer = await person.get(path, **query)
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["items"]]


async def _reads(person: Person, transfer: Transfer) -> bool:
    return (await person.get(f"{TRANSFERS}/{transfer.id}")).status_code == 200


async def _pages(person: Person, path: str, name: str, limit: int) -> list[list[Any]]:
    pages: list[list[Any]] = []
    query: dict[str, Any] = {"limit": limit}
    while True:
        body = (await person.get(path, **query)).json()
        pages.append([item["id"] for item in body["items"]])
        if body["next"] is None:
            return pages
        query[name] = body["next"]


async def _five(api: Api) -> list[Transfer]:
    """Five transfers, the oldest first; two of one second."""
    now = api.clock.now
    return [
        await seed(api, Stage.DRAFT, at=now - timedelta(hours=4)),
        await seed(api, Stage.DISPATCHED, at=now - timedelta(hours=3)),
        await seed(api, Stage.DISPATCHED, DOWN, at=now - timedelta(hours=2)),
        await seed(api, Stage.PICKED_UP, at=now - timedelta(hours=1)),
        await seed(api, Stage.CANCELLED, at=now - timedelta(hours=1)),
    ]


async def test_pages_hold_everything_once_and_newest_first(api: Api) -> None:
    made = await _five(api)
    administrator = api.as_("systems.team")

    whole = await _ids(administrator)
    by_limit = {n: await _pages(administrator, TRANSFERS, "cursor", n) for n in (1, 2, 3, 5, 6)}

    assert sorted(whole) == sorted(transfer.id for transfer in made)
    assert whole[2:] == [made[2].id, made[1].id, made[0].id]
    joined = {n: [id_ for page in pages for id_ in page] for n, pages in by_limit.items()}
    assert joined == dict.fromkeys(by_limit, whole)
    assert [len(page) for page in by_limit[2]] == [2, 2, 1]


async def test_a_page_does_not_slip_when_transfers_are_opened_meanwhile(api: Api) -> None:
    made = await _five(api)
    administrator = api.as_("systems.team")
    first = (await administrator.get(TRANSFERS, limit=3)).json()

    await seed(api, Stage.DRAFT)
    second = await _ids(administrator, limit=3, cursor=first["next"])

    assert second == [made[1].id, made[0].id]


FILTERS: list[tuple[dict[str, str], set[int]]] = [
    ({}, {0, 1, 2, 3, 4}),
    ({"pathway": "step_up"}, {0, 1, 3, 4}),
    ({"pathway": "step_down"}, {2}),
    ({"stage": "dispatched"}, {1, 2}),
    ({"stage": "completed"}, set()),
    ({"pathway": "step_up", "stage": "dispatched"}, {1}),
    ({"team": "op-bishop"}, {0, 1, 2, 3, 4}),
    ({"team": "op-chester"}, set()),
    ({"child_id": "NOBODY"}, set()),
]


async def test_a_filter_finds_what_it_says(api: Api) -> None:
    made = await _five(api)
    administrator = api.as_("systems.team")

    found = [set(await _ids(administrator, **query)) for query, _ in FILTERS]

    assert found == [{made[number].id for number in numbers} for _, numbers in FILTERS]


async def test_a_child_is_found_in_all_its_transfers(api: Api) -> None:
    over = await seed(api, Stage.CANCELLED, children=(child("DUR7"),))
    siblings = await seed(api, Stage.DRAFT, DOWN, children=(child("DUR8"), child("DUR7")))
    await seed(api, Stage.DRAFT)

    found = await _ids(api.as_("systems.team"), child_id="DUR7")

    assert set(found) == {over.id, siblings.id}


SEEN: dict[str, set[int]] = {
    "op.worker": {0, 1, 2, 3, 4},
    "ff.socialworker": {1, 2, 3},
    "ff.coordinator": {1, 2, 3},
    "operations.manager": {0, 1, 2, 3, 4},
    "systems.team": {0, 1, 2, 3, 4},
    "lcs.service": {0, 1, 2, 3, 4},
    "ehm.service": {0, 1, 2, 3, 4},
    "op.chester.manager": set(),
}


async def test_h14_a_list_shows_what_reading_would_show(api: Api) -> None:
    made = await _five(api)
    expected = {person: {made[n].id for n in numbers} for person, numbers in SEEN.items()}

    listed = {person: set(await _ids(api.as_(person))) for person in SEEN}
    read = {person: {x.id for x in made if await _reads(api.as_(person), x)} for person in SEEN}

    assert listed == expected
    assert read == expected


async def test_h14_a_draft_that_came_back_is_out_of_the_receivers_sight(api: Api) -> None:
    declined = await seed(api, Stage.DECLINED)
    receiver = api.as_("ff.manager")
    seen = await _ids(receiver)

    returned = await api.as_("op.manager").post(
        f"{TRANSFERS}/{declined.id}/return", {"comment": "Think again"}, version=declined.version
    )

    assert seen == [declined.id]
    assert returned.json()["stage"] == "draft"
    assert await _ids(receiver) == []
    assert (await receiver.get(f"{TRANSFERS}/{declined.id}")).status_code == 404


async def test_h14_another_council_sees_nothing_whatever_role_it_gives(api: Api) -> None:
    await _found_another_council(api)
    made = [await seed(api, Stage.DISPATCHED), await seed(api, Stage.DRAFT)]
    delivery = await seed_delivery(api, made[0])
    await seed_alert(api, "op-bishop")
    stranger = api.as_("rochdale.administrator")

    lists = [await _ids(stranger, path) for path in (TRANSFERS, "/v1/deliveries", "/v1/alerts")]
    refused = [
        await stranger.get(f"{TRANSFERS}/{made[0].id}"),
        await stranger.get(f"{TRANSFERS}/{made[0].id}/history"),
        await stranger.get("/v1/teams/op-bishop/members"),
        await stranger.post(f"/v1/deliveries/{delivery}/replay", {"reason": "because"}),
    ]
    teams = (await stranger.get("/v1/teams")).json()

    assert lists == [[], [], []]
    assert {answer.status_code for answer in refused} == {404}
    assert [team["id"] for team in teams] == ["rochdale-one"]


async def test_deliveries_are_those_of_ones_own_transfers(api: Api) -> None:
    ours = await seed(api, Stage.DISPATCHED)
    others = await seed(api, Stage.DISPATCHED, form=step_up_form(recipient="ff-chester"))
    first, second = await seed_delivery(api, ours), await seed_delivery(api, others)
    path = "/v1/deliveries"

    found = {
        person: await _ids(api.as_(person), path)
        for person in ("op.worker", "ff.manager", "ff.chester.manager", "systems.team")
    }

    assert found == {
        "op.worker": [first, second],
        "ff.manager": [first],
        "ff.chester.manager": [second],
        "systems.team": [first, second],
    }
    assert await _pages(api.as_("systems.team"), path, "after", 1) == [[first], [second], []]


@one_store
async def test_deliveries_are_found_by_their_state(api: Api) -> None:
    made = {
        state: [await seed_delivery(api, await seed(api, Stage.DISPATCHED), state)]
        for state in DeliveryState
    }
    worker = api.as_("op.worker")

    found = {
        state: await _ids(worker, "/v1/deliveries", state=state.value) for state in DeliveryState
    }

    assert found == made


async def test_alerts_are_those_of_ones_own_teams(api: Api) -> None:
    for team in ("op-bishop", "ff-bishop", "ff-chester"):
        await seed_alert(api, team)
    path = "/v1/alerts"

    found = {
        person: len(await _ids(api.as_(person), path))
        for person in ("op.worker", "ff.manager", "operations.manager", "systems.team")
    }

    assert found == {"op.worker": 1, "ff.manager": 1, "operations.manager": 2, "systems.team": 3}
    pages = await _pages(api.as_("systems.team"), path, "after", 2)
    assert [len(page) for page in pages] == [2, 1]


MAY_REPLAY = {
    "op.worker": 403,
    "op.manager": 200,
    "ff.socialworker": 403,
    "ff.manager": 200,
    "ff.coordinator": 403,
    "operations.manager": 200,
    "systems.team": 200,
    "lcs.service": 403,
    "ehm.service": 403,
    "op.chester.manager": 404,
    "ff.chester.manager": 404,
}


@one_store
async def test_h06_a_manager_of_either_team_or_an_administrator_replays(api: Api) -> None:
    found = {}

    for person in MAY_REPLAY:
        delivery = await seed_delivery(api, await seed(api, Stage.DISPATCHED))
        answer = await api.as_(person).post(
            f"/v1/deliveries/{delivery}/replay", {"reason": "tray_mended"}
        )
        found[person] = answer.status_code

    assert found == MAY_REPLAY


async def test_a_replay_keeps_the_key_and_is_in_the_history(api: Api) -> None:
    transfer = await seed(api, Stage.DISPATCHED)
    delivery = await seed_delivery(api, transfer)
    manager = api.as_("op.manager")
    before = (await manager.get("/v1/deliveries")).json()["items"][0]

    after = await manager.post(f"/v1/deliveries/{delivery}/replay", {"reason": "tray_mended"})
    again = await manager.post(f"/v1/deliveries/{delivery}/replay", {"reason": "tray_mended"})
    history = (await manager.get(f"{TRANSFERS}/{transfer.id}/history")).json()

    assert (before["state"], after.json()["state"]) == ("parked", "pending")
    assert after.json()["key"] == before["key"]
    assert (again.status_code, again.json()["type"]) == (409, "/problems/not-stuck")
    assert history[-1]["codes"] == [f"delivery:{delivery}", "reason:tray_mended"]


@one_store
async def test_the_directory_is_read_as_it_is(api: Api) -> None:
    worker = api.as_("op.worker")

    me, councils, teams, members, protocol = [
        (await worker.get(f"/v1/{path}")).json()
        for path in ("me", "authorities", "teams", "teams/op-bishop/members", "protocols/durham")
    ]

    own: list[str] = []
    role = {"role": "practitioner", "team": "op-bishop", "meeting": None, "delegated_by": own}
    assert me == {"id": "op.worker", "authority": "durham", "memberships": [role]}
    assert councils == [{"code": "durham", "name": "Durham County Council", "protocol": "durham"}]
    assert len(teams) == 9
    assert teams[0]["id"] == "aset"
    assert {member["person"] for member in members} == {
        "op.worker",
        "op.manager",
        "op.keyworker",
        "operations.manager",
    }
    assert members[0]["from_date"] == "2024-01-01"
    assert set(protocol["pathways"]) == {"step_up", "step_down"}
    assert all(
        rule["source"] and rule["says"]
        for pathway in protocol["pathways"].values()
        for rule in pathway["rules"]
    )


@one_store
async def test_roles_hold_from_their_first_day_to_their_last(api: Api) -> None:
    today = api.clock.now.date()
    day = timedelta(days=1)
    held = [
        DatedMembership("op.worker", Role.PRACTITIONER, "op-bishop", today, today),
        DatedMembership("op.worker", Role.PRACTITIONER, "op-chester", today + day),
        DatedMembership("op.worker", Role.PRACTITIONER, "op-east", date(2020, 1, 1), today - day),
    ]
    async with api.store.write() as tx:
        await save_person(tx, Listed("op.worker", "durham", "W", "op.worker"), held)

    me = (await api.as_("op.worker").get("/v1/me")).json()

    assert [membership["team"] for membership in me["memberships"]] == ["op-bishop"]


async def _found_another_council(api: Api) -> None:
    team = Team(
        "rochdale-one", "rochdale", "One", "early_help", "S", "L", CaseSystem.EHM, "ROCHDALE-1"
    )
    roles = [(Role.ADMINISTRATOR, None), (Role.AUDITOR, None), (Role.TEAM_MANAGER, "rochdale-one")]
    held = [
        DatedMembership("rochdale.administrator", role, where, date(2024, 1, 1))
        for role, where in roles
    ]
    listed = Listed("rochdale.administrator", "rochdale", "R", "rochdale.administrator")
    async with api.store.write() as tx:
        await save_authority(tx, Authority("rochdale", "Rochdale Borough Council", "durham"))
        await save_team(tx, team)
        await save_person(tx, listed, held)
