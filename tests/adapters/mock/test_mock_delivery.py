from typing import Any

import httpx
import pytest

from adapters.mock_gateway.case_system import CaseSystem

KEY = {"Idempotency-Key": "tr-1:tray:deliver:1"}
TEAM_MEMBER = {"name": "A. Nurse", "agency": "0-19 service", "purpose": "Sleep"}
OTHER_KEY = {"Idempotency-Key": "tr-1:tray:deliver:2"}


async def test_a_delivered_task_waits_in_its_tray(
    mock: httpx.AsyncClient, task: dict[str, Any], system: CaseSystem
) -> None:
    answer = await mock.post("/duty-tasks", json=task, headers=KEY)

    assert answer.status_code == 201
    assert answer.json()["state"] == "waiting"
    assert answer.json()["title"] == f"Transfer from Durham {system.sender}"
    listed = await mock.get("/duty-tasks", params={"tray": task["tray"]})
    assert listed.json()["items"] == [answer.json()]
    read = await mock.get(f"/duty-tasks/{task['reference']}")
    assert read.json() == answer.json()
    forms = await mock.get(f"/duty-tasks/{task['reference']}/forms")
    assert forms.json()["items"] == [form | {"restricted": False} for form in task["forms"]]


async def test_h05_the_same_key_and_body_never_make_a_second_task(
    mock: httpx.AsyncClient, task: dict[str, Any]
) -> None:
    first = await mock.post("/duty-tasks", json=task, headers=KEY)
    await mock.post(f"/duty-tasks/{task['reference']}/pick-up", json={"worker": "tm-1"})

    again = await mock.post("/duty-tasks", json=task, headers=KEY)

    assert again.status_code == 200
    assert again.json()["task_id"] == first.json()["task_id"]
    assert again.json()["state"] == "picked_up"
    assert len((await mock.get("/duty-tasks", params={"tray": task["tray"]})).json()["items"]) == 1


async def test_a_used_key_or_reference_is_refused_for_anything_else(
    mock: httpx.AsyncClient, task: dict[str, Any]
) -> None:
    await mock.post("/duty-tasks", json=task, headers=KEY)

    changed = await mock.post("/duty-tasks", json=task | {"comments": "Else"}, headers=KEY)
    repeated = await mock.post("/duty-tasks", json=task, headers=OTHER_KEY)

    assert (changed.status_code, changed.json()["code"]) == (409, "key_reused")
    assert (repeated.status_code, repeated.json()["code"]) == (409, "duplicate")


async def test_a_withdrawn_reference_stays_withdrawn(
    mock: httpx.AsyncClient, task: dict[str, Any]
) -> None:
    address, reason = f"/duty-tasks/{task['reference']}", {"reason": "Wrong tray"}
    await mock.post("/duty-tasks", json=task, headers=KEY)

    first = await mock.post(f"{address}/withdraw", json=reason)
    again = await mock.post(f"{address}/withdraw", json=reason)
    late = await mock.post("/duty-tasks", json=task, headers=OTHER_KEY)
    replayed = await mock.post("/duty-tasks", json=task, headers=KEY)
    picked_up = await mock.post(f"{address}/pick-up", json={"worker": "tm-1"})

    assert first.json()["state"] == again.json()["state"] == "withdrawn"
    assert (late.status_code, late.json()["code"]) == (409, "withdrawn")
    assert (replayed.status_code, replayed.json()["state"]) == (200, "withdrawn")
    assert (picked_up.status_code, picked_up.json()["code"]) == (409, "not_in_tray")


async def test_a_withdrawal_that_overtakes_its_delivery_leaves_a_tombstone(
    mock: httpx.AsyncClient, task: dict[str, Any]
) -> None:
    address = f"/duty-tasks/{task['reference']}"

    for _ in range(2):
        gone = await mock.post(f"{address}/withdraw", json={"reason": "Cancelled"})
        assert gone.json() == {"reference": task["reference"], "state": "withdrawn"}
    late = await mock.post("/duty-tasks", json=task, headers=KEY)

    assert (late.status_code, late.json()["code"]) == (409, "withdrawn")
    assert (await mock.get(address)).json()["code"] == "unknown_reference"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"tray": "FF-NOWHERE"}, "unknown_tray"),
        ({"title": "Transfer from Elsewhere EHM"}, "wrong_title"),
        ({"comments": " \n"}, "invalid"),
        ({"route": None}, "invalid"),
        ({"date_of_transfer": 0}, "invalid"),
        ({"date_of_transfer": "86400"}, "invalid"),
        ({"date_of_transfer": "2025-02-29"}, "invalid"),
        ({"date_of_transfer": "0001-01-01"}, "invalid"),
        ({"date_of_transfer": "9999-12-31"}, "invalid"),
        ({"date_of_transfer": "2026-11-20T00:00:00"}, "invalid"),
        ({"immediate_risk": "yes"}, "invalid"),
        ({"children": []}, "invalid"),
        ({"reference": "a/b"}, "invalid"),
        ({"reference": "a b"}, "invalid"),
        ({"reference": "x" * 101}, "invalid"),
        ({"unheard_of": 1}, "invalid"),
        ({"referral_source": "5G"}, "invalid"),
        ({"referral_source": "11"}, "invalid"),
        ({"primary_need": "N10"}, "invalid"),
        ({"statements": {"Worry": "x"}}, "invalid"),
        ({"statements": {"worry": " "}}, "invalid"),
        ({"statements": {f"worry_{n}": "x" for n in range(51)}}, "invalid"),
        ({"next_lead_professional": "x" * 201}, "invalid"),
        ({"next_lead_professional": "a\nb"}, "invalid"),
        ({"team_around_the_family": [{"name": "A. Nurse", "agency": "0-19"}]}, "invalid"),
        ({"team_around_the_family": [TEAM_MEMBER | {"telephone": "1"}]}, "invalid"),
        ({"team_around_the_family": [TEAM_MEMBER] * 101}, "invalid"),
    ],
)
async def test_a_task_that_breaks_the_contract_is_refused(
    mock: httpx.AsyncClient, task: dict[str, Any], change: dict[str, Any], code: str
) -> None:
    answer = await mock.post("/duty-tasks", json=task | change, headers=KEY)

    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_a_task_for_the_other_system_is_refused(
    lcs: httpx.AsyncClient, step_down: dict[str, Any]
) -> None:
    answer = await lcs.post("/duty-tasks", json=step_down | {"tray": "ASET"}, headers=KEY)

    assert (answer.status_code, answer.json()["code"]) == (422, "wrong_pathway")


async def test_a_child_named_twice_is_refused(
    mock: httpx.AsyncClient, task: dict[str, Any]
) -> None:
    twice = task | {"children": task["children"] * 2}

    answer = await mock.post("/duty-tasks", json=twice, headers=KEY)

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


async def test_delivering_needs_a_key(mock: httpx.AsyncClient, task: dict[str, Any]) -> None:
    missing = await mock.post("/duty-tasks", json=task)
    blank = await mock.post("/duty-tasks", json=task, headers={"Idempotency-Key": "two words"})

    assert missing.status_code == blank.status_code == 422
