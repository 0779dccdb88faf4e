"""Holds every answer that a test gets to the OpenAPI document."""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import httpx
import orjson
from jsonschema import Draft202012Validator, validators

from app.api.problems import MEDIA_TYPE
from app.cli.document_commands import current_document

SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
NOTHING_RUNS = {
    "default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'",
}  # fmt: skip
"""What every Content-Security-Policy says, a page's as well."""
CORS = "access-control-"


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document of the code under test."""
    read: dict[str, Any] = json.loads(current_document())
    return read


def operations() -> dict[str, dict[str, Any]]:
    """Every operation by its operationId, with its `method` and `path` besides."""
    return {
        operation["operationId"]: {**operation, "method": method.upper(), "path": path}
        for path, item in document()["paths"].items()
        for method, operation in item.items()
    }


def operation_of(method: str, path: str) -> dict[str, Any] | None:
    """The documented operation of a request, or None."""
    for operation in operations_by_pattern():
        if operation[0] == method and operation[1].fullmatch(path):
            return operation[2]
    return None


@cache
def operations_by_pattern() -> list[tuple[str, re.Pattern[str], dict[str, Any]]]:
    """Every operation behind its method and a pattern of its path."""
    return [
        (found["method"], re.compile(re.sub(r"\{\w+\}", "[^/]*", found["path"])), found)
        for found in operations().values()
    ]


def _items(checker: Any, items: Any, found: Any, schema: Any) -> Iterator[Any]:
    """`items`, but what was right once is right again: a case's milestones come with every answer.

    Without this, holding answers to the document takes half of every request.
    """
    if not isinstance(found, list) or "prefixItems" in schema:
        yield from _every_item(checker, items, found, schema)
        return
    new = {(id(items), orjson.dumps(item)): item for item in found}
    for known in new.keys() & _right:
        del new[known]
    errors = list(_every_item(checker, items, list(new.values()), schema))
    yield from errors
    if not errors:
        _right.update(new)


_every_item = Draft202012Validator.VALIDATORS["items"]
_right: set[tuple[int, bytes]] = set()
"""Items by the schema that they were held to: schemas live as long as the document does."""
_Checker: type[Draft202012Validator] = validators.extend(  # type: ignore[no-untyped-call]
    Draft202012Validator, {"items": _items}
)


@cache
def validator(operation_id: str, status: int, media_type: str) -> Draft202012Validator | None:
    """What the body of such an answer is documented to be; None where that is no JSON."""
    answer = operations()[operation_id]["responses"][str(status)]
    schema = answer["content"][media_type]["schema"]
    if "json" not in media_type:
        return None
    checker = Draft202012Validator.FORMAT_CHECKER
    whole = {**schema, "components": document()["components"]}
    return _Checker(whole, format_checker=checker)


def tells_a_browser_enough(headers: httpx.Headers) -> None:
    """Fail where an answer lacks a header of those that each has, or says too much of us."""
    assert re.fullmatch(r"[A-Za-z0-9-]{1,64}", headers["X-Request-Id"])
    assert {name: headers[name] for name in SECURITY} == SECURITY
    policy = headers["Content-Security-Policy"]
    assert set(policy.split("; ")) >= NOTHING_RUNS
    assert "unsafe" not in policy
    assert not {"server", "x-powered-by"} & set(headers)
    assert not [name for name in headers if name.startswith(CORS)]
    kind = headers.get("Content-Type", "")
    assert not kind.startswith("text/") or "charset=utf-8" in kind


async def answers_as_documented(response: httpx.Response) -> None:
    """Fail where an answer has a status, a media type or a body that is not documented."""
    tells_a_browser_enough(response.headers)
    await response.aread()
    request = response.request
    operation = operation_of(request.method, request.url.path)
    if operation is None or response.status_code == 405:
        return
    said = f"{operation['operationId']} answered {response.status_code}: {response.text[:500]}"
    assert str(response.status_code) in operation["responses"], said
    media_type = response.headers["Content-Type"].partition(";")[0]
    assert (media_type == MEDIA_TYPE) == (response.status_code >= 400), said
    schema = validator(operation["operationId"], response.status_code, media_type)
    if schema is not None:
        schema.validate(response.json())
