import asyncio
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator
from standardwebhooks import Webhook

pytestmark = pytest.mark.long
SECRET = "whsec_bW9jay1zZWNyZXQtZm9yLXRlc3Rz"


@pytest.fixture
async def live(serve_lcs: Any, listener: Any) -> httpx.AsyncClient:
    client: httpx.AsyncClient = serve_lcs(listener.url)
    form = {"grant_type": "client_credentials"}
    token = (await client.post("/oauth/token", data=form, auth=("transfers", "made-up"))).json()
    client.headers["Authorization"] = f"Bearer {token['access_token']}"
    return client


async def log(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await client.get("/admin/callbacks")).json()["items"]
    return items


async def settled(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    for _ in range(500):
        if all(one["state"] != "pending" for one in await log(client)):
            break
        await asyncio.sleep(0.01)
    return await log(client)


async def test_every_change_is_told_in_order_signed_and_as_the_contract_says(
    live: httpx.AsyncClient, listener: Any, step_up: dict[str, Any], start: Any
) -> None:
    started = await start(live, step_up)
    record_id = started["records"][0]["record_id"]
    referral, today = f"/referrals/{record_id}", "2026-11-20"
    await live.put("/admin/clock", json={"now": f"{today}T12:00:00Z"})
    change = {"date_of_referral": today}
    await live.patch(referral, json=change, headers={"If-Match": '"1"'})
    await live.post(f"{referral}/finalise")
    await live.post(f"{referral}/allocate", json={"worker": "sw-104"})
    await live.post(f"{referral}/close", json={"reason": "RC9", "closed_on": today})

    bodies = listener.heard(6)

    reference = step_up["reference"]
    about = {"reference": reference, "record_id": record_id}
    assert [(body["type"], body["data"]) for body in bodies] == [
        ("duty_task.received", {"reference": reference}),
        ("duty_task.picked_up", {"reference": reference, "worker": "tm-1"}),
        (
            "referral.created",
            {
                "reference": reference,
                "worker": "tm-1",
                "records": started["records"],
                "not_taken": [],
            },
        ),
        ("referral.updated", about | {"dated": today}),
        ("referral.allocated", about | {"worker": "sw-104"}),
        ("referral.closed", about),
    ]
    contract = (await live.get("/openapi.json")).json()
    for (headers, raw), body in zip(listener.taken, bodies, strict=True):
        Webhook(SECRET).verify(raw, headers)
        told = contract["webhooks"][body["type"]]["post"]["requestBody"]["content"]
        schema = told["application/json"]["schema"] | {"components": contract["components"]}
        Draft202012Validator(schema).validate(body)
    assert len({headers["webhook-id"] for headers, _ in listener.taken}) == 6


async def test_releasing_and_declining_are_told_too(
    live: httpx.AsyncClient, listener: Any, step_up: dict[str, Any]
) -> None:
    address, worker = f"/duty-tasks/{step_up['reference']}", {"worker": "tm-1"}
    await live.post("/duty-tasks", json=step_up, headers={"Idempotency-Key": "1"})
    await live.post(f"{address}/pick-up", json=worker)
    await live.post(f"{address}/release", json=worker)
    await live.post(f"{address}/decline", json=worker | {"reason": "Threshold not met"})

    told = listener.heard(4)[2:]

    about = {"reference": step_up["reference"], "worker": "tm-1"}
    assert [(body["type"], body["data"]) for body in told] == [
        ("duty_task.released", about),
        ("duty_task.declined", about | {"reason": "Threshold not met"}),
    ]


async def test_a_callback_that_was_not_taken_is_sent_again_before_the_next_one(
    live: httpx.AsyncClient, listener: Any, step_up: dict[str, Any]
) -> None:
    listener.statuses[:] = [503, 302]
    await live.post("/duty-tasks", json=step_up, headers={"Idempotency-Key": "1"})
    await live.post(f"/duty-tasks/{step_up['reference']}/pick-up", json={"worker": "tm-1"})

    bodies = listener.heard(4)

    received, picked_up = "duty_task.received", "duty_task.picked_up"
    assert [body["type"] for body in bodies] == [received, received, received, picked_up]
    headers = [headers for headers, _ in listener.taken]
    assert len({one["webhook-id"] for one in headers[:3]}) == 1
    assert int(headers[2]["webhook-timestamp"]) >= int(headers[0]["webhook-timestamp"]) + 1
    for one, raw in listener.taken:
        Webhook(SECRET).verify(raw, one)
    first, second = await settled(live)
    assert (first["state"], first["attempts"], first["last_status"]) == ("delivered", 3, 204)
    assert (second["state"], second["attempts"]) == ("delivered", 1)


async def test_a_lost_callback_is_never_sent_but_is_in_the_log(
    live: httpx.AsyncClient, listener: Any, step_up: dict[str, Any]
) -> None:
    lose = {"fault": "lose_callback", "operation": "duty_task.received"}
    await live.post("/admin/faults", json=lose)
    await live.post("/duty-tasks", json=step_up, headers={"Idempotency-Key": "1"})
    await live.post(f"/duty-tasks/{step_up['reference']}/pick-up", json={"worker": "tm-1"})

    bodies = listener.heard(1)

    assert [body["type"] for body in bodies] == ["duty_task.picked_up"]
    assert [(one["state"], one["attempts"]) for one in await settled(live)] == [
        ("lost", 0),
        ("delivered", 1),
    ]


async def test_a_receiver_that_is_not_there_never_disturbs_the_gateway(
    serve_lcs: Any, step_up: dict[str, Any], start: Any
) -> None:
    client: httpx.AsyncClient = serve_lcs("http://127.0.0.1:9/callbacks/lcs")
    form = {"grant_type": "client_credentials"}
    token = (await client.post("/oauth/token", data=form, auth=("transfers", "made-up"))).json()
    client.headers["Authorization"] = f"Bearer {token['access_token']}"

    started = await start(client, step_up)

    assert started["state"] == "started"
    assert {one["state"] for one in await log(client)} == {"pending"}
    assert (await client.post("/admin/reset")).status_code == 204
    assert await log(client) == []


async def test_without_an_address_callbacks_are_only_logged(
    mock: httpx.AsyncClient, task: dict[str, Any]
) -> None:
    await mock.post("/duty-tasks", json=task, headers={"Idempotency-Key": "1"})

    assert [one["state"] for one in await log(mock)] == ["not_configured"]
