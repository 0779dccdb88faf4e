import ast
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from adapters import contract
from adapters.mock_gateway.case_system import CaseSystem

ROOT = Path(contract.__file__).parent


@pytest.fixture
async def document(mock: httpx.AsyncClient) -> dict[str, Any]:
    served: dict[str, Any] = (await mock.get("/openapi.json")).json()
    return served


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method, path, told)
        for path, methods in document["paths"].items()
        for method, told in methods.items()
    ]


def test_the_committed_contracts_are_those_of_the_mocks() -> None:
    for path, text in contract.contracts().items():
        assert path.read_text(encoding="utf-8") == text, "run python -m adapters.contract"


def test_every_operation_is_named_described_and_shown_by_example(
    document: dict[str, Any],
) -> None:
    for _, path, told in operations(document):
        assert re.fullmatch(r"[a-zA-Z]+", told["operationId"]), path
        assert told["summary"], path
        assert told["description"], path
        shown = [answer["content"] for code, answer in told["responses"].items() if code < "300"]
        assert shown, path
        assert all(content["application/json"]["examples"] for content in shown), (
            path
        )  # content["application/json"] for content in shown), path
        if "application/json" in told.get("requestBody", {}).get("content", {}):
            assert told["requestBody"]["content"]["application/json"]["examples"], path


def test_every_example_keeps_to_its_own_schema(document: dict[str, Any]) -> None:
    for _, path, told in operations(document):
        contents = [answer["content"] for answer in told["responses"].values()]
        contents.append(told.get("requestBody", {}).get("content", {}))
        for content in [kind for kinds in contents for kind in kinds.values()]:
            schema = content["schema"] | {"components": document["components"]}
            for example in content.get("examples", {}).values():
                name = example.get("$ref", "").rpartition("/")[2]
                value = (document["components"]["examples"][name] if name else example)["value"]
                assert not list(Draft202012Validator(schema).iter_errors(value)), (path, name)


async def test_every_operation_gives_the_refusals_that_any_may_give(
    mock: httpx.AsyncClient, document: dict[str, Any]
) -> None:
    for method, template, told in operations(document):
        path = re.sub(r"{\w+}", "unknown-1", template)
        form = "x-www-form-urlencoded" in str(told.get("requestBody"))
        sent = {"data": {"grant_type": "password"}} if form else {"json": {}}
        operation = told["operationId"]

        async def ask(fault: str | None = None, **more: Any) -> httpx.Response:
            if fault:
                order = {"fault": fault, "operation": operation}  # noqa: B023  awaited at once
                assert (await mock.post("/admin/faults", json=order)).status_code == 201
            return await mock.request(method.upper(), path, **(sent | more))  # noqa: B023

        assert (await ask("too_many_requests")).headers["Retry-After"] == "1"
        assert (await ask("server_error")).status_code == 503
        assert (await ask("unauthorised")).status_code == 401
        assert (await ask(json=None, data=None, content=b" " * 2_000_001)).status_code == 413
        if operation != "issueToken":
            assert (await ask(headers={"Authorization": "Bearer made-up"})).status_code == 401


def test_every_callback_is_documented_with_its_own_schema(
    document: dict[str, Any], system: CaseSystem
) -> None:
    tasks = {f"duty_task.{word}" for word in ("received", "picked_up", "released", "declined")}
    records = {f"{system.record}.{word}" for word in ("created", "updated", "allocated", "closed")}

    assert set(document["webhooks"]) == tasks | records
    for kind, told in document["webhooks"].items():
        schema = told["post"]["requestBody"]["content"]["application/json"]["schema"]
        body = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        assert body["properties"]["type"]["const"] == kind
        assert body["required"] == ["type", "occurred_at", "data"]


def test_controls_and_pages_are_no_part_of_the_contract(document: dict[str, Any]) -> None:
    assert not [
        path for path in document["paths"] if path.startswith(("/admin", "/pages", "/trays"))
    ]


def test_the_mocks_know_neither_our_app_nor_each_other_nor_their_clients() -> None:
    ours = (
        r"app(\..*)?",
        r"adapters\.(http|records|duty_tasks)",
        r"adapters\.\w+\.(tray|messages)",
    )
    client = re.compile(f"({'|'.join(ours)})$")
    for folder in ("mock_gateway", "lcs", "ehm"):
        stranger = {"lcs": "adapters.ehm", "ehm": "adapters.lcs"}.get(folder, "adapters.lcs")
        for path in (ROOT / folder).glob("*.py"):
            if path.stem in ("tray", "messages"):
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = [getattr(node, "module", None) or ""]
                names += [name.name for name in getattr(node, "names", []) if hasattr(name, "name")]
                assert not [name for name in names if client.match(name)], path
                assert not [name for name in names if name.startswith(stranger)], path
