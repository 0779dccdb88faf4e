"""What an answer tells a browser; contract.py holds every answer of every test to it as well."""

from typing import Any

import httpx
import pytest
from api.contract import operations, tells_a_browser_enough
from builders import TRANSFER_ID
from safe_settings import SAFE
from service import Api

from app.main import create_app
from app.settings import Settings

OPERATIONS = operations()
NOT_JSON = {"Content-Type": "text/plain"}
TLS = "max-age=31536000; includeSubDomains"


@pytest.mark.parametrize("name", OPERATIONS)
async def test_every_operation_tells_a_browser_enough_whatever_it_answers(
    storeless: Api, name: str
) -> None:
    method, path = OPERATIONS[name]["method"], OPERATIONS[name]["path"]
    path = path.replace("{transfer_id}", TRANSFER_ID)
    json_kind = {"Content-Type": "application/json"}
    asked: list[dict[str, Any]] = [
        {},
        {"headers": {"Origin": "https://elsewhere.invalid"}},
        {"headers": NOT_JSON, "content": b"x"},
        {"headers": json_kind, "content": b"{"},
        {"headers": json_kind, "content": b"1" * 1_000_001},
    ]

    answers = [await storeless.client.request(method, path, **one) for one in asked]
    answers += [await storeless.client.request("TRACE", path)]
    answers += [await _preflight(storeless, method, path)]

    for answer in answers:
        tells_a_browser_enough(answer.headers)
        assert answer.headers["Content-Security-Policy"].endswith("; sandbox")
    assert [answer.status_code for answer in answers[-2:]] == [405, 405]
    assert all(answer.status_code >= 400 for answer in answers[2:5]) or method == "GET"


async def test_a_page_of_another_site_is_allowed_nothing(storeless: Api) -> None:
    for path in ("/v1/transfers", "/docs", "/openapi.json", "/metrics", "/nowhere"):
        answer = await _preflight(storeless, "POST", path)

        assert not [name for name in answer.headers if name.startswith("access-control-")]


async def test_in_production_browsers_are_told_to_come_over_tls_alone() -> None:
    app = create_app(Settings(_env_file=None, **SAFE))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)

    async with httpx.AsyncClient(transport=transport, base_url="http://transfers") as client:
        answers = [await client.get(path) for path in ("/health/live", "/v1/me", "/docs", "/no")]

    assert [answer.status_code for answer in answers] == [200, 401, 200, 404]
    assert {answer.headers["Strict-Transport-Security"] for answer in answers} == {TLS}


async def test_in_development_nothing_is_said_of_tls(storeless: Api) -> None:
    answer = await storeless.client.get("/health/live")

    assert "Strict-Transport-Security" not in answer.headers


async def test_what_can_be_read_of_the_page_s_files_is_the_page_s_alone(storeless: Api) -> None:
    listing = await storeless.client.get("/docs/assets/")

    assert listing.status_code == 404
    tells_a_browser_enough(listing.headers)


async def _preflight(api: Api, method: str, path: str) -> httpx.Response:
    headers = {
        "Origin": "https://elsewhere.invalid",
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "authorization, content-type",
    }
    return await api.client.request("OPTIONS", path, headers=headers)
