"""What stands around every answer: headers, request ids, logs, counts, health, and the page."""

import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import httpx
import pytest
import structlog
from api.contract import tells_a_browser_enough
from api.doors import CANARIES, DOORS
from api.seeding import seed, seed_delivery
from builders import TRANSFER_ID
from service import Api, in_process, settings_for

from app import logs
from app.api import boards
from app.domain.pathway import Stage

one_store = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ADDRESS = re.compile(r"(?:https?:)?//[A-Za-z0-9.-]+")


class Surprising(Exception):
    """Zebedee Quetzalcoatl was not expected."""


@pytest.fixture
def logs_as_before() -> Iterator[None]:
    """Logging is set up within a test, where its output is the test's, and undone here."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def broken(api: Api, monkeypatch: pytest.MonkeyPatch) -> Api:
    """The API with a fault in it."""

    async def surprise(*_: object) -> None:
        raise Surprising(*CANARIES)

    monkeypatch.setattr(boards, "find_transfers", surprise)
    api.client.event_hooks = {}
    return api


@one_store
@pytest.mark.usefixtures("logs_as_before")
async def test_an_unexpected_error_answers_500_with_every_header_and_says_nothing(
    broken: Api, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    logs.configure("INFO")

    answer = await broken.as_("op.worker").get("/v1/transfers")

    logged = capsys.readouterr().err
    error, request = [json.loads(line) for line in logged.splitlines()]
    assert (answer.status_code, answer.json()["type"]) == (500, "/problems/unexpected")
    tells_a_browser_enough(answer.headers)
    assert error["request_id"] == request["request_id"] == answer.headers["X-Request-Id"]
    assert error["error"] == "Surprising"
    assert error["at"].startswith("app.api.boards:")
    assert request["status"] == 500
    for place in (answer.text, logged, caplog.text):
        assert not [canary for canary in CANARIES if canary in place]


@one_store
async def test_after_an_unexpected_error_the_service_goes_on(broken: Api) -> None:
    worker = broken.as_("op.worker")

    failed = await worker.get("/v1/transfers")
    other = await worker.get("/v1/me")

    assert (failed.status_code, other.status_code) == (500, 200)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/nothing", 404),
        ("GET", "/v1/transfers/", 404),
        ("GET", "/", 404),
        ("GET", "/v1/../v1/me/", 404),
        ("GET", "/docs/assets/nothing", 404),
        ("GET", "/docs/assets/../../../../pyproject.toml", 404),
        ("GET", "/docs/assets/%2e%2e/%2e%2e/__init__.py", 404),
        ("POST", "/V1/transfers", 404),
        ("TRACE", "/v1/transfers", 405),
        ("GET", "/v1/me", 401),
        ("GET", "/health/live", 200),
        ("GET", "/docs", 200),
        ("GET", "/openapi.json", 200),
    ],
)
async def test_every_answer_has_its_headers(
    storeless: Api, method: str, path: str, status: int
) -> None:
    answer = await storeless.client.request(method, path)

    assert answer.status_code == status
    tells_a_browser_enough(answer.headers)
    assert UUID(answer.headers["X-Request-Id"])


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/v1/transfers", "GET, HEAD, POST"),
        ("/v1/transfers/counts", "GET, HEAD"),
        (f"/v1/transfers/{TRANSFER_ID}", "GET, HEAD, PATCH"),
        (f"/v1/transfers/{TRANSFER_ID}/history", "GET, HEAD"),
        (f"/v1/transfers/{TRANSFER_ID}/finalise", "POST"),
        ("/v1/deliveries/1/replay", "POST"),
        ("/v1/callbacks/lcs", "POST"),
        ("/v1/me", "GET, HEAD"),
        ("/health/ready", "GET, HEAD"),
        ("/openapi.json", "GET, HEAD"),
        ("/docs", "GET, HEAD"),
        ("/docs/assets/swagger-ui.css", "GET, HEAD"),
    ],
)
async def test_a_method_that_a_path_does_not_take_answers_405_with_all_that_it_takes(
    storeless: Api, path: str, allowed: str
) -> None:
    others = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} - set(allowed.split(", "))

    answers = [await storeless.client.request(method, path) for method in sorted(others)]

    assert {(x.status_code, x.headers["Allow"]) for x in answers} == {(405, allowed)}


@pytest.mark.parametrize("given", ["a", "3f0f6b1e-6a52-4b7c-9a3e-0d6c2f3f8b11", "z" * 64])
async def test_a_request_id_is_taken_on(storeless: Api, given: str) -> None:
    answer = await storeless.client.get("/health/live", headers={"X-Request-Id": given})

    assert answer.headers["X-Request-Id"] == given


@pytest.mark.parametrize("given", ["", "z" * 65, "a b", "a\tb", "Zebedee!", "\u00e9", "{}", "1.2"])
async def test_a_request_id_that_is_none_is_replaced(storeless: Api, given: str) -> None:
    headers = [(b"X-Request-Id", given.encode())]

    answer = await storeless.client.get("/health/live", headers=headers)

    assert UUID(answer.headers["X-Request-Id"])


@one_store
@pytest.mark.usefixtures("logs_as_before")
async def test_logs_are_lines_of_json_with_the_request_id_and_nothing_personal(
    api: Api, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure("INFO")
    worker, body = api.as_("op.worker"), DOORS["open"].body
    opened = (await worker.post("/v1/transfers", body)).json()
    path = f"/v1/transfers/{opened['id']}"

    answers = [
        await worker.get(path),
        await worker.get("/v1/transfers", child_id="DURCANARY7"),
        await worker.patch(path, {"comments": "Zebedee was hit"}, version=1),
        await worker.post("/v1/transfers", body),
        await worker.post(f"{path}/finalise", version=2),
        await worker.get("/Zebedee/Quetzalcoatl"),
    ]

    logged = capsys.readouterr()
    lines = [json.loads(line) for line in logged.err.splitlines()][1:]
    assert logged.out == ""
    assert [line["request_id"] for line in lines] == [x.headers["X-Request-Id"] for x in answers]
    assert [line["status"] for line in lines] == [200, 200, 200, 409, 200, 404]
    assert {"method", "route", "status", "ms", "level", "timestamp"} < set(lines[0])
    assert lines[0]["route"] == "/v1/transfers/{transfer_id}"
    assert not [x for x in (*CANARIES, "op.worker", opened["id"]) if x in logged.err]


@pytest.mark.usefixtures("logs_as_before")
def test_what_libraries_log_is_a_line_of_json_as_well(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.configure("INFO")

    logging.getLogger("a.library").error("%s went wrong", "something")

    (line,) = capsys.readouterr().err.splitlines()
    assert json.loads(line)["event"] == "something went wrong"


async def test_a_live_process_is_live_whatever_its_database_does(away: Api) -> None:
    live = await away.client.get("/health/live")
    ready = await away.client.get("/health/ready")
    metrics = await away.client.get("/metrics")

    assert (live.status_code, live.json()) == (200, {"status": "live"})
    assert (ready.status_code, ready.json()["type"]) == (503, "/problems/unavailable")
    assert metrics.status_code == 503


async def test_a_process_is_ready_while_its_database_serves(api: Api) -> None:
    answer = await api.client.get("/health/ready")

    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})


async def test_a_process_that_is_about_to_end_lives_but_is_ready_no_more(api: Api) -> None:
    api.app.state.leaving = True

    ready = await api.client.get("/health/ready")
    live = await api.client.get("/health/live")

    assert (ready.status_code, ready.json()["type"]) == (503, "/problems/unavailable")
    assert live.status_code == 200


async def test_metrics_count_requests_by_route_and_deliveries_by_state(api: Api) -> None:
    transfer = await seed(api, Stage.DISPATCHED)
    await seed_delivery(api, transfer)
    await api.as_("op.worker").get(f"/v1/transfers/{transfer.id}")
    await api.as_("op.worker").get(f"/v1/transfers/{transfer.id}")
    await api.client.get("/v1/me")

    counted = (await api.client.get("/metrics")).text

    route = 'method="GET",route="/v1/transfers/{transfer_id}"'
    assert f'transfers_requests_total{{{route},status="200"}} 2.0' in counted
    assert 'transfers_requests_total{method="GET",route="/v1/me",status="401"} 1.0' in counted
    assert f"transfers_request_seconds_count{{{route}}} 2.0" in counted
    assert 'transfers_deliveries{destination="lcs",state="parked"} 1.0' in counted
    assert 'transfers_deliveries{destination="ehm",state="parked"} 0.0' in counted
    assert transfer.id not in counted


async def test_paths_that_are_not_there_do_not_become_metrics(api: Api) -> None:
    for number in range(5):
        await api.client.get(f"/made/up/{number}")

    counted = (await api.client.get("/metrics")).text

    assert 'route="unknown",status="404"} 5.0' in counted
    assert "made" not in counted


async def test_the_page_and_all_that_it_asks_for_come_from_us(storeless: Api) -> None:
    page = await storeless.client.get("/docs")
    asked = re.findall(r'(?:src|href)="([^"]*)"', page.text)

    answers = {path: await storeless.client.get(f"/{path}") for path in asked}

    assert len(asked) == 4
    assert {path: x.status_code for path, x in answers.items()} == dict.fromkeys(asked, 200)
    assert not ADDRESS.search(page.text)
    assert not ADDRESS.search(answers["docs/start.js"].text)
    assert 'url: "openapi.json"' in answers["docs/start.js"].text
    assert not re.search(r"url\((?!['\"]?data:)", answers["docs/assets/swagger-ui.css"].text)


async def test_the_page_runs_no_script_of_its_own_and_none_from_elsewhere(storeless: Api) -> None:
    page = await storeless.client.get("/docs")

    policy = _policy(page)
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert not re.search(r"<script(?![^>]*\bsrc=)|\bon\w+=|javascript:", page.text)


def _policy(answer: httpx.Response) -> dict[str, str]:
    parts = answer.headers["Content-Security-Policy"].split("; ")
    return {name: value for name, _, value in (part.partition(" ") for part in parts)}


@pytest.fixture
def away(issuer_key: Path) -> Api:
    """The API on a PostgreSQL that is not there."""
    return in_process(settings_for("postgresql://nobody@127.0.0.1:1/nothing", issuer_key))
