"""What is due: the clocks of teams in lists, and of a transfer, in the words of its protocol."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from api.seeding import seed
from service import Api, Person

from app.domain.pathway import Stage
from app.domain.transfer import Transfer

one_store = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SENT = datetime(2026, 11, 23, 10, tzinfo=UTC)
"""A Monday. A transfer that is sent now has two clocks of its origin and one of its receiver."""
PICK_UP, ARRANGED, VISITED = "HZ-3-pick-up", "DF-16-arranged-unbooked", "DF-17-visited-unbooked"
BACK = {"reason": "family_back", "comment": "Sooner."}


async def _sent(api: Api, now: datetime = SENT) -> Transfer:
    api.clock.now = now
    return await seed(api, Stage.DISPATCHED)


async def _found(person: Person, **query: Any) -> list[str]:
    answer = await person.get("/v1/clocks", **query)
    assert answer.status_code == 200, answer.text
    return [item["code"] for item in answer.json()["items"]]


@one_store
async def test_a_clock_in_the_list_is_the_clock_of_the_transfer(api: Api) -> None:
    sent = await _sent(api)
    manager, path = api.as_("ff.manager"), f"/v1/transfers/{sent.id}"
    paused = await manager.post(
        f"{path}/clocks/{PICK_UP}/pause", {"reason": "away", "comment": "x"}, version=sent.version
    )
    api.clock.move(hours=9, minutes=7)
    resumed = await manager.post(
        f"{path}/clocks/{PICK_UP}/resume", BACK, version=paused.json()["version"]
    )

    listed = (await api.as_("systems.team").get("/v1/clocks")).json()["items"]
    read = (await manager.get(f"{path}/clocks")).json()
    shown = (await manager.get(path)).json()

    of_list = {"transfer": sent.id, "pathway": "step_up", "stage": "dispatched"}
    going = [clock for clock in read["clocks"] if clock["started_at"] is not None]
    assert resumed.json()["clocks"] == shown["clocks"] == read["clocks"]
    assert read["version"] == sent.version + 2
    assert sorted(listed, key=lambda item: item["code"]) == sorted(
        (clock | of_list for clock in going), key=lambda item: item["code"]
    )
    assert {clock["code"] for clock in going} == {PICK_UP, ARRANGED, VISITED}


@one_store
async def test_a_clock_says_its_words_its_clause_and_how_it_stands(api: Api) -> None:
    sent = await _sent(api)
    api.clock.move(hours=49)

    [found] = (await api.as_("op.worker").get("/v1/clocks", state="late")).json()["items"]

    assert found == {
        "code": ARRANGED,
        "says": "Handover visit arranged",
        "source": "DF 16",
        "severity": "must",
        "state": "late",
        "team": "op-bishop",
        "from": ["dispatched"],
        "to": ["handover_visit_arranged"],
        "timescale": "48 hours",
        "started_at": "2026-11-23T10:00:00+00:00",
        "due_at": "2026-11-25T10:00:00+00:00",
        "met_at": None,
        "stopped_at": None,
        "paused_at": None,
        "left_seconds": None,
        "late_by_seconds": 3600,
        "transfer": sent.id,
        "pathway": "step_up",
        "stage": "dispatched",
    }


@one_store
async def test_a_clock_is_running_then_nearly_late_then_late(api: Api) -> None:
    await _sent(api)
    hours: dict[float, str] = {0: "running", 35.9: "running", 36: "nearly_late", 48: "nearly_late"}
    hours[48.1] = "late"
    found = {}

    for after in hours:
        api.clock.now = SENT + timedelta(hours=after)
        found[after] = {
            state
            for state in ("running", "nearly_late", "late", "paused", "unknown")
            if ARRANGED in await _found(api.as_("op.worker"), state=state)
        }

    assert found == {after: {state} for after, state in hours.items()}


SEEN = {
    "op.worker": {ARRANGED, VISITED},
    "ff.manager": {PICK_UP},
    "operations.manager": {PICK_UP, ARRANGED, VISITED},
    "systems.team": {PICK_UP, ARRANGED, VISITED},
    "ff.chester.manager": set(),
}


@one_store
async def test_h06_the_clocks_are_those_of_ones_own_teams(api: Api) -> None:
    await _sent(api)

    found = {person: set(await _found(api.as_(person))) for person in SEEN}

    assert found == SEEN


@one_store
async def test_h06_another_teams_clocks_are_shown_of_transfers_that_one_may_see(api: Api) -> None:
    await _sent(api)

    found = {
        (person, team): set(await _found(api.as_(person), team=team))
        for person in ("op.worker", "ff.chester.manager", "systems.team")
        for team in ("ff-bishop", "no-such-team")
    }

    nothing: set[str] = set()
    assert found == {
        ("op.worker", "ff-bishop"): {PICK_UP},
        ("ff.chester.manager", "ff-bishop"): nothing,
        ("systems.team", "ff-bishop"): {PICK_UP},
        ("op.worker", "no-such-team"): nothing,
        ("ff.chester.manager", "no-such-team"): nothing,
        ("systems.team", "no-such-team"): nothing,
    }


@pytest.mark.parametrize("person", ["operations.manager", "systems.team"])
async def test_pages_of_clocks_do_not_slip_when_transfers_are_sent_meanwhile(
    api: Api, person: str
) -> None:
    for _ in range(3):
        await _sent(api)
    reader = api.as_(person)
    all_at_once = (await reader.get("/v1/clocks")).json()["items"]
    pages: list[Any] = []
    cursor: dict[str, str] = {}

    while True:
        page = (await reader.get("/v1/clocks", limit=2, **cursor)).json()
        pages += page["items"]
        await _sent(api, SENT - timedelta(days=1))
        api.clock.now = SENT
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}

    assert len(all_at_once) == 9
    assert [item for item in pages if item["started_at"] >= "2026-11-23"] == all_at_once
    assert [item["due_at"] for item in all_at_once] == sorted(x["due_at"] for x in all_at_once)


MAY_PAUSE = {
    "op.worker": 403,
    "op.manager": 200,
    "ff.manager": 200,
    "ff.socialworker": 403,
    "ff.coordinator": 403,
    "operations.manager": 200,
    "systems.team": 403,
    "lcs.service": 403,
    "ff.chester.manager": 404,
}


@one_store
async def test_h06_a_manager_of_either_team_pauses_a_clock(api: Api) -> None:
    body = {"reason": "family_away", "comment": "Away until Friday"}
    found = {}

    for person in MAY_PAUSE:
        sent = await _sent(api)
        answer = await api.as_(person).post(
            f"/v1/transfers/{sent.id}/clocks/{PICK_UP}/pause", body, version=sent.version
        )
        found[person] = answer.status_code

    assert found == MAY_PAUSE


async def test_a_pause_gives_back_what_it_took_and_stands_in_the_history(api: Api) -> None:
    sent = await _sent(api)
    manager, path = api.as_("op.manager"), f"/v1/transfers/{sent.id}"
    body = {"reason": "family_away", "comment": "Away until Friday"}
    paused = await manager.post(f"{path}/clocks/{ARRANGED}/pause", body, version=sent.version)
    twice = await manager.post(f"{path}/clocks/{ARRANGED}/pause", body, version=sent.version + 1)
    while_paused = await _found(manager, state="paused")
    api.clock.move(hours=30)
    manager = api.as_("op.manager")

    resumed = await manager.post(f"{path}/clocks/{ARRANGED}/resume", BACK, version=sent.version + 1)

    clock = next(clock for clock in resumed.json()["clocks"] if clock["code"] == ARRANGED)
    history = (await manager.get(f"{path}/history")).json()
    assert while_paused == [ARRANGED]
    assert [breach["source"] for breach in twice.json()["breaches"]] == ["DF 16"]
    assert (clock["due_at"], clock["left_seconds"]) == ("2026-11-26T16:00:00+00:00", 48 * 3600)
    assert paused.json()["pauses"][0] | body == paused.json()["pauses"][0]
    ended = {"ended_by": "op.manager", "ended_reason": "family_back", "ended_comment": "Sooner."}
    assert resumed.json()["pauses"][0] | ended == resumed.json()["pauses"][0]
    assert [event["codes"] for event in history[-2:]] == [
        [ARRANGED, "family_away"],
        [ARRANGED, "family_back"],
    ]


@one_store
@pytest.mark.parametrize(
    ("action", "code", "status"),
    [
        ("pause", "DF-16-arranged", 422),
        ("resume", ARRANGED, 422),
        ("pause", "no-such-clock", 404),
        ("resume", "no-such-clock", 404),
    ],
)
async def test_a_clock_that_does_not_run_is_not_paused_nor_one_that_does_resumed(
    api: Api, action: str, code: str, status: int
) -> None:
    sent = await _sent(api)
    answer = await api.as_("op.manager").post(
        f"/v1/transfers/{sent.id}/clocks/{code}/{action}", BACK, version=sent.version
    )

    assert answer.status_code == status


@one_store
async def test_a_misspelt_filter_of_clocks_is_refused(api: Api) -> None:
    answer = await api.as_("op.manager").get("/v1/clocks", tame="op-bishop")

    assert answer.status_code == 422
    assert [breach["where"] for breach in answer.json()["breaches"]] == ["/query"]
