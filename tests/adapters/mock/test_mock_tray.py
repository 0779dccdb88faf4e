import asyncio
from typing import Any

import httpx

from adapters.mock_gateway.case_system import CaseSystem

KEY = {"Idempotency-Key": "deliver-1"}
ONE, TWO = {"worker": "tm-1"}, {"worker": "tm-2"}


async def test_in_a_race_one_worker_picks_up(mock: httpx.AsyncClient, task: dict[str, Any]) -> None:
    await mock.post("/duty-tasks", json=task, headers=KEY)
    address = f"/duty-tasks/{task['reference']}/pick-up"

    answers = await asyncio.gather(
        *(mock.post(address, json={"worker": f"tm-{number}"}) for number in range(20))
    )

    winners = [answer.json()["held_by"] for answer in answers if answer.status_code == 200]
    losers = [answer.json() for answer in answers if answer.status_code == 409]
    assert len(winners) == 1
    assert len(losers) == 19
    assert {problem["code"] for problem in losers} == {"held_by_another"}
    assert {problem["held_by"] for problem in losers} == set(winners)
    assert (await mock.post(address, json={"worker": winners[0]})).status_code == 200


async def test_a_released_task_can_be_picked_up_by_another(
    mock: httpx.AsyncClient, task: dict[str, Any]
) -> None:
    address = f"/duty-tasks/{task['reference']}"
    await mock.post("/duty-tasks", json=task, headers=KEY)
    unheld = await mock.post(f"{address}/release", json=ONE)
    await mock.post(f"{address}/pick-up", json=ONE)

    other = await mock.post(f"{address}/release", json=TWO)
    released = await mock.post(f"{address}/release", json=ONE)
    taken = await mock.post(f"{address}/pick-up", json=TWO)

    assert (unheld.status_code, unheld.json()["code"]) == (409, "not_picked_up")
    assert (other.status_code, other.json()["held_by"]) == (409, "tm-1")
    assert (released.json()["state"], released.json()["held_by"]) == ("waiting", None)
    assert taken.json()["held_by"] == "tm-2"


async def test_a_declined_task_leaves_the_tray(
    mock: httpx.AsyncClient, task: dict[str, Any]
) -> None:
    address = f"/duty-tasks/{task['reference']}"
    await mock.post("/duty-tasks", json=task, headers=KEY)
    await mock.post(f"{address}/pick-up", json=ONE)

    other = await mock.post(f"{address}/decline", json=TWO | {"reason": "Not ours"})
    declined = await mock.post(f"{address}/decline", json=ONE | {"reason": "Not ours"})
    again = await mock.post(f"{address}/decline", json=ONE | {"reason": "Not ours"})
    picked_up = await mock.post(f"{address}/pick-up", json=ONE)

    assert (other.status_code, other.json()["code"]) == (409, "held_by_another")
    assert declined.json()["state"] == "declined"
    assert again.json() == declined.json()
    assert picked_up.json()["code"] == "not_in_tray"


async def test_starting_needs_the_holder_and_makes_one_record_per_child_once(
    mock: httpx.AsyncClient, task: dict[str, Any], system: CaseSystem
) -> None:
    sibling = task["children"][0] | {"child_id": "C100235", "name": "Alex Example"}
    task |= {"children": [*task["children"], sibling]}
    address = f"/duty-tasks/{task['reference']}"
    await mock.post("/duty-tasks", json=task, headers=KEY)

    early = await mock.post(f"{address}/{system.start.path}", json=ONE)
    await mock.post(f"{address}/pick-up", json=ONE)
    other = await mock.post(f"{address}/{system.start.path}", json=TWO)
    started = await mock.post(f"{address}/{system.start.path}", json=ONE)
    again = await mock.post(f"{address}/{system.start.path}", json=ONE)
    withdrawn = await mock.post(f"{address}/withdraw", json={"reason": "Too late"})
    released = await mock.post(f"{address}/release", json=ONE)

    assert (early.status_code, early.json()["code"]) == (409, "not_picked_up")
    assert (other.status_code, other.json()["code"]) == (409, "held_by_another")
    assert [record["child_id"] for record in started.json()["records"]] == ["C100234", "C100235"]
    assert len({record["record_id"] for record in started.json()["records"]}) == 2
    assert again.json() == started.json()
    assert withdrawn.json()["code"] == released.json()["code"] == "already_started"


async def test_a_repeated_key_replays_the_first_answer(
    mock: httpx.AsyncClient, task: dict[str, Any]
) -> None:
    address, key = f"/duty-tasks/{task['reference']}", {"Idempotency-Key": "pick-up-1"}
    await mock.post("/duty-tasks", json=task, headers=KEY)
    first = await mock.post(f"{address}/pick-up", json=ONE, headers=key)
    await mock.post(f"{address}/release", json=ONE)

    replayed = await mock.post(f"{address}/pick-up", json=ONE, headers=key)
    reused = await mock.post(f"{address}/pick-up", json=TWO, headers=key)

    assert (replayed.status_code, replayed.json()) == (200, first.json())
    assert (reused.status_code, reused.json()["code"]) == (409, "key_reused")
    assert (await mock.get(address)).json()["state"] == "waiting"


async def test_nothing_can_be_done_to_an_unknown_task(
    mock: httpx.AsyncClient, system: CaseSystem
) -> None:
    assert (await mock.get("/duty-tasks/none")).json()["code"] == "unknown_reference"
    assert (await mock.get("/duty-tasks/none/forms")).json()["code"] == "unknown_reference"
    for step in ("pick-up", "release", system.start.path):
        answer = await mock.post(f"/duty-tasks/none/{step}", json=ONE)
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_reference")
    unknown_tray = await mock.get("/duty-tasks", params={"tray": "none"})
    assert (unknown_tray.status_code, unknown_tray.json()["code"]) == (422, "unknown_tray")


async def test_a_token_is_given_to_the_client_and_to_no_one_else(mock: httpx.AsyncClient) -> None:
    grant = {"grant_type": "client_credentials"}

    wrong = await mock.post("/oauth/token", data=grant, auth=("transfers", "wrong"))
    nobody = await mock.post("/oauth/token", data=grant)
    password = {"grant_type": "password"}
    other = await mock.post("/oauth/token", data=password, auth=("transfers", "made-up"))

    assert wrong.status_code == nobody.status_code == 401
    assert wrong.headers["WWW-Authenticate"] == "Basic"
    assert (other.status_code, other.json()["code"]) == (400, "unsupported_grant_type")
    for authorization in ("", "Bearer ", "Bearer wrong", "Basic wrong"):
        answer = await mock.get("/duty-tasks/x", headers={"Authorization": authorization})
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthorised")
        assert answer.headers["WWW-Authenticate"] == "Bearer"
