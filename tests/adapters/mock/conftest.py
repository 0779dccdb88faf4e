"""Mocks to test: called directly, with every answer held against the contract, or on a socket."""

import json
import socket
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from jsonschema import Draft202012Validator

from adapters.ehm import mock_server as ehm_server
from adapters.ehm.system import EHM
from adapters.lcs import mock_server as lcs_server
from adapters.lcs.system import LCS
from adapters.mock_gateway import examples
from adapters.mock_gateway.case_system import CaseSystem
from adapters.mock_gateway.operations import Operations
from adapters.mock_gateway.settings import MockSettings

SECRET = "whsec_bW9jay1zZWNyZXQtZm9yLXRlc3Rz"
CLIENT = ("transfers", "made-up")
Start = Callable[[httpx.AsyncClient, dict[str, Any]], Awaitable[dict[str, Any]]]
Serve = Callable[[str | None], httpx.AsyncClient]


def settings(callback_url: str | None = None) -> MockSettings:
    return MockSettings(
        callback_url=callback_url,
        callback_secret=SECRET,
        client_id=CLIENT[0],
        client_secret=CLIENT[1],
    )


def app_of(system: CaseSystem, callback_url: str | None = None) -> FastAPI:
    create_app = lcs_server.create_app if system is LCS else ehm_server.create_app
    return create_app(settings(callback_url))


def contract_check(contract: dict[str, Any]) -> Callable[[httpx.Response], Awaitable[None]]:
    operations = Operations(contract)
    documented = {
        told["operationId"]: told["responses"]
        for methods in contract["paths"].values()
        for told in methods.values()
    }

    async def check(response: httpx.Response) -> None:
        asked = operations.find(response.request.method, response.request.url.path)
        if asked is None:
            return
        await response.aread()
        content = documented[asked.operation][str(response.status_code)]["content"]
        media_type = response.headers["content-type"]
        schema = content[media_type]["schema"] | {"components": contract["components"]}
        Draft202012Validator(schema).validate(response.json())

    return check


@cache
def shared_app(system_name: str) -> FastAPI:
    return app_of(LCS if system_name == "LCS" else EHM)


async def direct(system: CaseSystem) -> AsyncIterator[httpx.AsyncClient]:
    app = shared_app(system.name)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://mock",
        event_hooks={"response": [contract_check(app.openapi())]},
    ) as client:
        assert (await client.post("/admin/reset")).status_code == 204
        await authorise(client)
        yield client


async def authorise(client: httpx.AsyncClient) -> None:
    form = {"grant_type": "client_credentials"}
    token = (await client.post("/oauth/token", data=form, auth=CLIENT)).json()
    client.headers["Authorization"] = f"Bearer {token['access_token']}"


@pytest.fixture
async def lcs() -> AsyncIterator[httpx.AsyncClient]:
    async for client in direct(LCS):
        yield client


@pytest.fixture
async def ehm() -> AsyncIterator[httpx.AsyncClient]:
    async for client in direct(EHM):
        yield client


@pytest.fixture(params=[LCS, EHM], ids=["lcs", "ehm"])
def system(request: pytest.FixtureRequest) -> CaseSystem:
    chosen: CaseSystem = request.param
    return chosen


@pytest.fixture
async def mock(system: CaseSystem) -> AsyncIterator[httpx.AsyncClient]:
    async for client in direct(system):
        yield client


@pytest.fixture
def task(system: CaseSystem) -> dict[str, Any]:
    return examples.new_task(system)


@pytest.fixture
def step_up() -> dict[str, Any]:
    return examples.new_task(LCS)


@pytest.fixture
def step_down() -> dict[str, Any]:
    return examples.new_task(EHM)


@pytest.fixture
def start() -> Start:
    """Deliver a task, pick it up and start it; answer with the started task."""

    async def start_task(client: httpx.AsyncClient, task: dict[str, Any]) -> dict[str, Any]:
        address, worker = f"/duty-tasks/{task['reference']}", {"worker": "tm-1"}
        link = LCS.start.path if task["pathway"] == "step_up" else EHM.start.path
        key = {"Idempotency-Key": f"deliver-{task['reference']}"}
        await client.post("/duty-tasks", json=task, headers=key)
        await client.post(f"{address}/pick-up", json=worker)
        started: dict[str, Any] = (await client.post(f"{address}/{link}", json=worker)).json()
        return started

    return start_task


@pytest.fixture
async def serve_lcs() -> AsyncIterator[Serve]:
    """Serve a mock LCS with uvicorn on a free port of the loopback."""
    servers: list[tuple[uvicorn.Server, threading.Thread]] = []
    clients: list[httpx.AsyncClient] = []

    def serve(callback_url: str | None) -> httpx.AsyncClient:
        listener = socket.create_server(("127.0.0.1", 0))
        config = uvicorn.Config(app_of(LCS, callback_url), log_level="warning", ws="none")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        while not server.started:
            time.sleep(0.005)
        servers.append((server, thread))
        port = listener.getsockname()[1]
        clients.append(httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False))
        return clients[-1]

    yield serve
    for client in clients:
        await client.aclose()
    for server, thread in servers:
        server.should_exit = True
        thread.join()


class Listener(ThreadingHTTPServer):
    """Takes callbacks, and answers with the statuses it was told to, then 204."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Taking)
        self.statuses: list[int] = []
        self.taken: list[tuple[dict[str, str], bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/callbacks/lcs"

    def heard(self, number: int, within: float = 5.0) -> list[dict[str, Any]]:
        end = time.monotonic() + within
        while len(self.taken) < number and time.monotonic() < end:
            time.sleep(0.01)
        return [json.loads(body) for _, body in self.taken]


class Taking(BaseHTTPRequestHandler):
    server: Listener

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        status = self.server.statuses.pop(0) if self.server.statuses else 204
        self.server.taken.append(({k.lower(): v for k, v in self.headers.items()}, body))
        self.send_response(status)
        if status in (301, 302, 307):
            self.send_header("location", self.server.url)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def listener() -> Iterator[Listener]:
    with Listener() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()
