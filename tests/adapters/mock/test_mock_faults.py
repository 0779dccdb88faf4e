import asyncio
from typing import Any

import httpx
import pytest

KEY = {"Idempotency-Key": "deliver-1"}


async def script(client: httpx.AsyncClient, fault: str, **more: Any) -> None:
    assert (await client.post("/admin/faults", json={"fault": fault} | more)).status_code == 201


@pytest.fixture
async def live(serve_lcs: Any) -> httpx.AsyncClient:
    client: httpx.AsyncClient = serve_lcs(None)
    form = {"grant_type": "client_credentials"}
    token = (await client.post("/oauth/token", data=form, auth=("transfers", "made-up"))).json()
    client.headers["Authorization"] = f"Bearer {token['access_token']}"
    return client


async def raw_answer(client: httpx.AsyncClient, body: bytes) -> bytes | None:
    """Speak HTTP by hand: the bytes that came back, or None after a reset."""
    reader, writer = await asyncio.open_connection(client.base_url.host, client.base_url.port)
    head = (
        f"POST /duty-tasks HTTP/1.1\r\nHost: mock\r\nContent-Type: application/json\r\n"
        f"Authorization: {client.headers['Authorization']}\r\nIdempotency-Key: deliver-1\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    writer.write(head.encode() + body)
    try:
        return await asyncio.wait_for(reader.read(), 5)
    except ConnectionResetError:
        return None
    finally:
        writer.close()


async def test_h05_a_reset_after_processing_delivers_the_task_and_answers_not_one_byte(
    live: httpx.AsyncClient, step_up: dict[str, Any]
) -> None:
    await script(live, "reset_after_processing", operation="deliverDutyTask")
    body = httpx.Request("POST", live.base_url, json=step_up).content

    answer = await raw_answer(live, body)

    assert answer is None
    assert (await live.get(f"/duty-tasks/{step_up['reference']}")).json()["state"] == "waiting"
    assert (await live.post("/duty-tasks", json=step_up, headers=KEY)).status_code == 200
    entries = (await live.get("/admin/log")).json()["items"]
    dropped = next(entry for entry in entries if entry["fault"])
    assert dropped["reference"] == step_up["reference"]
    assert dropped["idempotency_key"] == "deliver-1"
    assert (dropped["processed"], dropped["status"], dropped["answered"]) == (True, 201, False)


async def test_a_reset_before_processing_delivers_nothing(
    live: httpx.AsyncClient, step_up: dict[str, Any]
) -> None:
    await script(live, "reset_before_processing", operation="deliverDutyTask", times=2)

    for _ in range(2):
        with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
            await live.post("/duty-tasks", json=step_up, headers=KEY)

    assert (await live.get(f"/duty-tasks/{step_up['reference']}")).status_code == 404
    assert (await live.post("/duty-tasks", json=step_up, headers=KEY)).status_code == 201
    entries = (await live.get("/admin/log")).json()["items"]
    dropped = [entry for entry in entries if entry["fault"]]
    assert [entry["reference"] for entry in dropped] == [step_up["reference"]] * 2
    assert [entry["processed"] for entry in dropped] == [False, False]


async def test_a_delayed_answer_comes_late_and_after_a_client_gave_up_it_still_took_effect(
    live: httpx.AsyncClient, step_up: dict[str, Any]
) -> None:
    await script(live, "delay", operation="deliverDutyTask", seconds=0.3)
    with pytest.raises(httpx.ReadTimeout):
        await live.post("/duty-tasks", json=step_up, headers=KEY, timeout=0.1)

    await asyncio.sleep(0.4)

    assert (await live.get(f"/duty-tasks/{step_up['reference']}")).json()["state"] == "waiting"
    entries = (await live.get("/admin/log")).json()["items"]
    late = next(entry for entry in entries if entry["fault"] == "delay")
    assert (late["status"], late["answered"]) == (201, False)


async def test_faults_wear_off_one_request_at_a_time(mock: httpx.AsyncClient) -> None:
    await script(mock, "server_error", operation="readDutyTask", times=2, status=503)
    await script(mock, "too_many_requests", retry_after=120)

    statuses = [(await mock.get("/duty-tasks/x")).status_code for _ in range(4)]

    assert statuses == [503, 503, 429, 404]
    assert (await mock.get("/admin/faults")).json() == {"items": []}


async def test_a_fault_on_any_operation_spares_the_token(mock: httpx.AsyncClient) -> None:
    await script(mock, "server_error")
    form = {"grant_type": "client_credentials"}

    token = await mock.post("/oauth/token", data=form, auth=("transfers", "made-up"))

    assert token.status_code == 200
    assert (await mock.get("/duty-tasks/x")).status_code == 503


async def test_a_server_error_may_be_any_of_its_kind(live: httpx.AsyncClient) -> None:
    for status in (500, 502, 504):
        await script(live, "server_error", status=status)
        answer = await live.get("/duty-tasks/x")
        assert (answer.status_code, answer.json()["status"]) == (status, status)


async def test_garbage_is_a_200_that_says_nothing_of_the_contract(
    live: httpx.AsyncClient, step_up: dict[str, Any]
) -> None:
    await script(live, "garbage")
    await script(live, "garbage", body="<html>")

    first = await live.post("/duty-tasks", json=step_up, headers=KEY)
    second = await live.post("/duty-tasks", json=step_up, headers=KEY)

    assert (first.status_code, first.json()) == (200, {"result": "OK"})
    assert (second.status_code, second.text) == (200, "<html>")
    assert (await live.get(f"/duty-tasks/{step_up['reference']}")).status_code == 404


async def test_h08_an_amendment_may_be_ignored_refused_or_undone_later(
    lcs: httpx.AsyncClient, step_up: dict[str, Any], start: Any
) -> None:
    await lcs.put("/admin/clock", json={"now": "2026-11-20T12:00:00Z"})
    started = await start(lcs, step_up)
    referral = f"/referrals/{started['records'][0]['record_id']}"

    async def amend() -> httpx.Response:
        change = {"date_of_referral": "2026-11-20"}
        return await lcs.patch(referral, json=change, headers={"If-Match": "*"})

    await script(lcs, "ignore_amendment", operation="saveReferral")
    ignored = await amend()
    await script(lcs, "refuse_amendment", operation="saveReferral")
    refused = await amend()
    await script(lcs, "recopy_date", operation="saveReferral", seconds=0.05)
    amended = await amend()
    before = len((await lcs.get("/admin/callbacks")).json()["items"])
    for _ in range(200):
        if (await lcs.get(referral)).json()["version"] > 3:
            break
        await asyncio.sleep(0.01)

    assert (ignored.status_code, ignored.json()["date_of_referral"]) == (200, "2026-03-02")
    assert (refused.status_code, refused.json()["code"]) == (422, "amendment_refused")
    assert amended.json()["date_of_referral"] == "2026-11-20"
    assert (await lcs.get(referral)).json()["date_of_referral"] == "2026-03-02"
    recopied = (await lcs.get("/admin/callbacks")).json()["items"][before:]
    assert [callback["type"] for callback in recopied] == ["referral.updated"]
    assert recopied[0]["body"]["data"]["dated"] == "2026-03-02"


async def test_h13_a_read_may_show_another_child(
    lcs: httpx.AsyncClient, step_up: dict[str, Any], start: Any
) -> None:
    started = await start(lcs, step_up)
    referral = f"/referrals/{started['records'][0]['record_id']}"
    await script(lcs, "swap_child", operation="readReferral")

    swapped = (await lcs.get(referral)).json()
    right = (await lcs.get(referral)).json()

    assert right["child"]["child_id"] == "C100234"
    assert not set(swapped["child"].values()) & set(right["child"].values())


@pytest.mark.parametrize(
    "fault",
    [
        {"fault": "unheard_of"},
        {"fault": "delay", "operation": "unheardOf"},
        {"fault": "delay", "times": 0},
        {"fault": "delay", "seconds": -1},
        {"fault": "server_error", "status": 200},
        {"fault": "delay", "unheard_of": 1},
    ],
)
async def test_a_fault_that_nobody_knows_is_refused(
    mock: httpx.AsyncClient, fault: dict[str, Any]
) -> None:
    assert (await mock.post("/admin/faults", json=fault)).status_code == 422


async def test_faults_can_be_called_off(mock: httpx.AsyncClient) -> None:
    await script(mock, "server_error", times=9)

    assert (await mock.delete("/admin/faults")).status_code == 204
    assert (await mock.get("/duty-tasks/x")).status_code == 404
