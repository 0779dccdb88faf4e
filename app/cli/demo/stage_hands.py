"""The people of the demonstration: what each of them can do over HTTP, with our API or a mock."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from app import dev_issuer
from app.cli.demo.processes import Running

PATIENCE = 20.0
Json = Any
Say = Callable[[str], None]


class StepFailed(Exception):
    """A step of the demonstration did not hold; the text says which and what came instead."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a token at our API."""

    name: str
    api: httpx.Client

    def get(self, path: str) -> Json:
        """Read something."""
        return expected(self.api.get(path), 200)

    def post(self, path: str, body: Json = None, headers: Json = None) -> httpx.Response:
        """POST with a new Idempotency-Key."""
        key = {"Idempotency-Key": str(uuid4())}
        return self.api.post(path, json=body, headers=key | (headers or {}))

    def post_on(self, path: str, seen: Json, body: Json = None) -> httpx.Response:
        """POST against what was seen, whatever the answer."""
        return self.post(path, body, _seen(seen))

    def edit(self, transfer: Json, change: Json) -> httpx.Response:
        """Change fields of the form."""
        path = f"/v1/transfers/{transfer['id']}"
        return self.api.patch(path, json=change, headers=_seen(transfer))

    def try_to(self, transfer: Json, action: str, body: Json = None) -> httpx.Response:
        """Take an action, whatever the answer."""
        return self.post_on(f"/v1/transfers/{transfer['id']}/{action}", transfer, body)

    def act(self, transfer: Json, action: str, body: Json = None) -> Json:
        """Take an action that must succeed; the transfer afterwards."""
        return expected(self.try_to(transfer, action, body), 200)


@dataclass(frozen=True, slots=True)
class MockSystem:
    """A person at the screen of a mock case system, and its gateway behind."""

    gateway: httpx.Client

    def tray(self, code: str) -> list[Json]:
        """What waits or is being worked on in a tray."""
        found = expected(self.gateway.get("/duty-tasks", params={"tray": code}), 200)
        return list(found["items"])

    def press(self, path: str, body: Json = None) -> Json:
        """Do what a link on the page does."""
        return expected(self.gateway.post(path, json=body), 200)

    def read(self, path: str) -> Json:
        """Read a record."""
        return expected(self.gateway.get(path), 200)

    def slow_down(self, operation: str, *, seconds: float) -> None:
        """Have the mock take its time once."""
        fault = {"fault": "delay", "operation": operation, "times": 1, "seconds": seconds}
        expected(self.gateway.post("/admin/faults", json=fault), 201)


def person(running: Running, name: str) -> Person:
    """Somebody of the sample directory, signed in."""
    key = Path(running.environment["TRANSFERS_DEV_ISSUER_KEY"])
    bearer = {"Authorization": f"Bearer {dev_issuer.token(key, name, running.now)}"}
    return Person(name, httpx.Client(base_url=running.api, headers=bearer, timeout=10))


def mock_system(url: str, secret: str) -> MockSystem:
    """A mock case system, with a token at its gateway."""
    client = httpx.Client(base_url=url, timeout=10)
    grant = {"grant_type": "client_credentials"}
    token = expected(client.post("/oauth/token", data=grant, auth=("transfers", secret)), 200)
    client.headers["Authorization"] = f"Bearer {token['access_token']}"
    return MockSystem(client)


def expected(response: httpx.Response, status: int) -> Json:
    """The body of an answer that has the status.

    Raises:
        StepFailed: it has another.
    """
    if response.status_code != status:
        raise StepFailed(
            f"{response.request.method} {response.request.url.path} answered "
            f"{response.status_code} instead of {status}: {response.text[:500]}"
        )
    return response.json()


def refused(response: httpx.Response, status: int, say: Say) -> None:
    """Print a refusal as it came.

    Raises:
        StepFailed: it was not refused, or with another status.
    """
    problem = expected(response, status)
    say(f"   {status} {problem['title']}")
    for breach in problem.get("breaches", ()):
        only_warns = " (this one only warns)" if breach["severity"] == "should" else ""
        say(f"     {breach['code']}: {breach['says']} [{breach['source']}]{only_warns}")


def task_in_tray(system: MockSystem, tray: str, reference: str) -> Json:
    """The task of that reference once it lies in the tray."""
    return eventually(
        "the task in the tray",
        lambda: next((t for t in system.tray(tray) if t["reference"] == reference), None),
        lambda task: task is not None,
    )


def eventually(what: str, look: Callable[[], Json], holds: Callable[[Json], bool]) -> Json:
    """Look until it holds; what was seen then.

    Raises:
        StepFailed: it did not hold in PATIENCE seconds.
    """
    deadline = time.monotonic() + PATIENCE
    while not holds(seen := look()):
        if time.monotonic() > deadline:
            raise StepFailed(f"{what} did not happen in {PATIENCE:.0f} s")
        time.sleep(0.1)
    return seen


def require(what: str, holds: bool) -> None:  # noqa: FBT001 - reads as a sentence
    """Pass, or raise.

    Raises:
        StepFailed: it does not hold.
    """
    if not holds:
        raise StepFailed(f"this did not hold: {what}")


def _seen(transfer: Json) -> dict[str, str]:
    return {"If-Match": f'"{transfer["version"]}"'}
