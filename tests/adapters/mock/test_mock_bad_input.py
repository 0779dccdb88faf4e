import asyncio
from typing import Any

import httpx
import pytest

JSON = {"content-type": "application/json", "Idempotency-Key": "1"}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"nope", 400),
        (b'{"title": "\xff"}', 400),
        (b"[" * 100_000, 400),
        (b'{"title": "\\ud800"}', 422),
        (b'{"\\ud800": 1}', 422),
        (b'{"title": NaN}', 422),
        (b'{"title": 1e400}', 422),
        (b'{"title": ' + b"9" * 5000 + b"}", 400),
        (b'{"comments": "a\\u0000b"}', 422),
        (b"null", 422),
        (b"[]", 422),
    ],
)
async def test_no_body_makes_the_gateway_fail(
    mock: httpx.AsyncClient, body: bytes, status: int
) -> None:
    answer = await mock.post("/duty-tasks", content=body, headers=JSON)

    assert answer.status_code == status


async def test_a_refused_field_is_named_but_its_value_is_not_repeated(
    mock: httpx.AsyncClient, task: dict[str, Any]
) -> None:
    child = task["children"][0] | {"nhs_number": "Jordan, of 1 Example Street"}

    answer = await mock.post("/duty-tasks", json=task | {"children": [child]}, headers=JSON)

    assert answer.json()["errors"][0]["where"] == "body.children.0.nhs_number"
    assert "Jordan" not in answer.text


async def test_strange_addresses_and_methods_are_problems_too(mock: httpx.AsyncClient) -> None:
    strange = [
        await mock.get("/nothing"),
        await mock.delete("/duty-tasks"),
        await mock.get("/duty-tasks/%ff%00"),
        await mock.get(f"/duty-tasks/{'x' * 101}"),
    ]

    assert [answer.status_code for answer in strange] == [404, 405, 422, 422]
    for answer in strange:
        assert answer.headers["content-type"] == "application/problem+json"


async def test_a_malformed_host_or_header_is_no_reason_to_fail(serve_lcs: Any) -> None:
    client: httpx.AsyncClient = serve_lcs(None)
    for head in (
        b"Host: [::",
        b"Host: x\r\nAuthorization: Bearer \xff",
        b"Host: x\r\nIf-Match: \xe9",
    ):
        reader, writer = await asyncio.open_connection(client.base_url.host, client.base_url.port)
        writer.write(b"GET /duty-tasks/x HTTP/1.1\r\n" + head + b"\r\nConnection: close\r\n\r\n")
        answer = await reader.read()
        writer.close()
        await writer.wait_closed()
        assert answer.split(b" ", 2)[1] == b"401"


async def test_the_clock_takes_only_times_that_a_record_could_have(
    mock: httpx.AsyncClient,
) -> None:
    for now in ("2026-11-20T12:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z", "x"):
        assert (await mock.put("/admin/clock", json={"now": now})).status_code == 422

    frozen = await mock.put("/admin/clock", json={"now": "2026-06-10T00:30:00+01:00"})
    running = await mock.put("/admin/clock", json={"now": None})

    assert frozen.json() == {"now": "2026-06-09T23:30:00Z", "frozen": True}
    assert running.json()["frozen"] is False


async def test_a_reset_mock_has_forgotten_everything_but_the_token(
    mock: httpx.AsyncClient, task: dict[str, Any], start: Any
) -> None:
    await mock.put("/admin/clock", json={"now": "2026-06-10T00:30:00+01:00"})
    await start(mock, task)
    await mock.post("/admin/faults", json={"fault": "server_error"})

    await mock.post("/admin/reset")

    assert (await mock.get("/admin/log")).json() == {"items": []}
    assert (await mock.get("/admin/callbacks")).json() == {"items": []}
    assert (await mock.get(f"/duty-tasks/{task['reference']}")).status_code == 404
    delivered = await mock.post("/duty-tasks", json=task, headers={"Idempotency-Key": "else"})
    assert delivered.status_code == 201
    assert not delivered.json()["received_at"].startswith("2026-06")
