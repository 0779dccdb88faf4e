"""A gateway that only plays answers, each held against the committed contract, as are requests.

Unlike the mock servers it keeps no state: a test says how a task stands, and every operation
answers with the contract's own example of that.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import respx
from jsonschema import Draft202012Validator

Json = Any
OPENAPI = Path(__file__).parents[1] / "openapi"
STALE = '"0"'


def contract(system: str) -> Json:
    return json.loads((OPENAPI / f"{system}-gateway.json").read_text(encoding="utf-8"))


class Contract:
    """The committed contract of one system."""

    def __init__(self, system: str) -> None:
        self.document = contract(system)

    def example(self, name: str, **changes: Any) -> Json:
        value = json.loads(json.dumps(self.document["components"]["examples"][name]["value"]))
        return value | changes

    def hold_to_schema(self, schema: Json, value: Json) -> None:
        whole = schema | {"components": self.document["components"]}
        Draft202012Validator(whole).validate(value)

    def operation(self, method: str, path: str) -> Json:
        """The operation at a path of the contract, its parameters still in braces."""
        return self.document["paths"][path][method.lower()]


class ScriptedGateway:
    """One task of one system, standing as a test says, behind a respx router."""

    def __init__(self, system: str, state: str, key: str = "") -> None:
        self.contract = Contract(system)
        self.start, self.record = {
            "lcs": ("start-new-referral", "referral"),
            "ehm": ("start-early-help-episode", "episode"),
        }[system]
        self.key = key
        self.sent: list[tuple[str, str, Json]] = []
        self.router = respx.Router(assert_all_called=False)
        self._script(state)

    @property
    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self.router.async_handler)

    def _script(self, state: str) -> None:
        task, tasks = "/duty-tasks/{reference}", "/duty-tasks"
        self._route("POST", "/oauth/token", lambda _: (200, "token", {}))
        self._route("POST", tasks, lambda request: self._delivery(state, request))
        self._route("GET", task, lambda _: SHOWN[state])
        for word, answers in TOLD.items():
            self._route("POST", f"{task}/{word}", _always(answers[state]))
        record = f"/{self.record}s/{{{self.record}_id}}"
        self._route("GET", record, self._read)
        if self.record == "referral":
            self._route("PATCH", record, self._saved)

    def _delivery(self, state: str, request: httpx.Request) -> "Played":
        if state == "absent":
            return 201, "task_waiting", {}
        if state == "withdrawn":
            return 409, "withdrawn", {}
        same = request.headers["Idempotency-Key"] == self.key
        return (200, "task_waiting", {}) if same else (409, "duplicate", {})

    def _read(self, request: httpx.Request) -> "Played":
        known = self.contract.example(self.record)[f"{self.record}_id"]
        if request.url.path.rpartition("/")[2] != known:
            return 404, f"unknown_{self.record}", {}
        return 200, self.record, {}

    def _saved(self, request: httpx.Request) -> "Played":
        if request.headers["If-Match"] == STALE:
            return 412, "stale", {}
        return 200, self.record, json.loads(request.content)

    def _route(self, method: str, path: str, play: Callable[[httpx.Request], "Played"]) -> None:
        told = self.contract.operation(method, path)

        def answer(request: httpx.Request, **_: str) -> httpx.Response:
            self._hold_request(told, request)
            status, name, changes = play(request)
            body = self.contract.example(name, **changes)
            content = told["responses"][str(status)]["content"]
            (media_type,) = content
            self.contract.hold_to_schema(content[media_type]["schema"], body)
            headers = {"Content-Type": media_type, "ETag": f'"{body.get("version", 0)}"'}
            return httpx.Response(status, content=json.dumps(body), headers=headers)

        pattern = "^" + "/".join("[^/]+" if "{" in part else part for part in path.split("/")) + "$"
        self.router.route(method=method, path__regex=pattern).mock(side_effect=answer)

    def _hold_request(self, told: Json, request: httpx.Request) -> None:
        body = None
        content = told.get("requestBody", {}).get("content", {})
        if "application/json" in content:
            body = json.loads(request.content)
            self.contract.hold_to_schema(content["application/json"]["schema"], body)
        needed = [p["name"] for p in told.get("parameters", []) if p["in"] == "header"]
        required = [p["name"] for p in told.get("parameters", []) if p.get("required")]
        for name in needed:
            assert name not in required or name in request.headers, name
        if told["operationId"] != "issueToken":
            assert request.headers["Authorization"] == "Bearer opaque-text"
        self.sent.append((request.method, request.url.path, body))


def _always(played: "Played") -> Callable[[httpx.Request], "Played"]:
    return lambda _: played


Played = tuple[int, str, dict[str, Any]]
HELD: dict[str, Any] = {"held_by": "tm-other"}
SHOWN: dict[str, Played] = {
    "absent": (404, "unknown_reference", {}),
    "waiting": (200, "task_waiting", {}),
    "held": (200, "task_picked_up", HELD),
    "started": (200, "task_started", HELD),
    "allocated": (200, "task_started", HELD | {"allocated_to": "worker-7"}),
    "declined": (200, "task_declined", {}),
    "withdrawn": (200, "task_waiting", {"state": "withdrawn"}),
}
NOT_HERE: Played = (409, "not_in_tray", {})
UNKNOWN: Played = (404, "unknown_reference", {})
LIMITED: Played = (200, "task_limited", {})
ANOTHERS: Played = (409, "held_by_another", HELD)
STARTED: Played = (409, "already_started", {})
TOLD: dict[str, dict[str, Played]] = {
    "pick-up": {
        "absent": UNKNOWN, "waiting": (200, "task_picked_up", {}), "held": ANOTHERS,
        "started": NOT_HERE, "allocated": NOT_HERE, "declined": NOT_HERE, "withdrawn": NOT_HERE,
    },
    "release": {
        "absent": UNKNOWN, "waiting": (409, "not_picked_up", {}), "held": (200, "task_waiting", {}),
        "started": STARTED, "allocated": STARTED, "declined": NOT_HERE, "withdrawn": NOT_HERE,
    },
    "decline": {
        "absent": UNKNOWN, "waiting": (200, "task_declined", {}), "held": ANOTHERS,
        "started": STARTED, "allocated": STARTED, "declined": NOT_HERE, "withdrawn": NOT_HERE,
    },
    "withdraw": {
        "absent": (200, "tombstone", {}), "waiting": (200, "task_waiting", {"state": "withdrawn"}),
        "held": (200, "task_waiting", {"state": "withdrawn"}), "started": STARTED,
        "allocated": STARTED, "declined": (200, "task_waiting", {"state": "withdrawn"}),
        "withdrawn": (200, "task_waiting", {"state": "withdrawn"}),
    },
    "limit-sharing": {
        "absent": UNKNOWN, "waiting": LIMITED, "held": LIMITED, "started": LIMITED,
        "allocated": LIMITED, "declined": LIMITED, "withdrawn": LIMITED,
    },
}  # fmt: skip
