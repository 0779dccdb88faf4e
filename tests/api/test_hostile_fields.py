"""Every field of every operation, from the OpenAPI document: what cannot be is named, all of it."""

import json
from typing import Any

import httpx
import pytest
from api.contract import operations
from api.doors import CANARIES, HEADERS
from api.hostile import BAD, CASES, path_of, shapes, walked
from service import Api

SHAPES = shapes()
EACH = [(name, leaf) for name, shape in SHAPES.items() for leaf in shape.leaves]
LIMITED = {
    "string": {"maxLength", "enum", "const", "format", "pattern"},
    "array": {"maxItems"},
    "integer": {"maximum", "exclusiveMaximum"},
    "number": {"maximum", "exclusiveMaximum"},
}


async def _send(api: Api, name: str, content: bytes) -> httpx.Response:
    method = operations()[name]["method"]
    return await api.as_("op.worker").send(method, path_of(name), content=content, headers=HEADERS)


def _told(answer: httpx.Response) -> tuple[int, set[str]]:
    return answer.status_code, {x["where"] for x in answer.json().get("breaches", ())}


def _shown(pointer: str) -> str:
    """As far as a pointer is shown: what the client called something is not repeated."""
    for keyed in ("/fields", "/statements"):
        whole, named, _ = pointer.partition(f"{keyed}/")
        if named:
            return f"/body{whole}{keyed}"
    return f"/body{pointer}"


def test_the_document_s_requests_are_many_enough_to_mean_something() -> None:
    assert len(SHAPES) >= 36
    assert len(EACH) >= 140
    assert {leaf.kind for _, leaf in EACH} == {*BAD} - {"any"}


@pytest.mark.parametrize(("kind", "case"), CASES)
async def test_every_field_that_cannot_be_so_is_named_at_once(
    storeless: Api, kind: str, case: str
) -> None:
    kinds = [*BAD] if kind == "any" else [kind]
    wrong: dict[str, Any] = {}

    for name, shape in SHAPES.items():
        bad = [leaf for leaf in shape.leaves if leaf.kind in kinds]
        if bad:
            answer = await _send(storeless, name, shape.with_(BAD[kind][case], *kinds))
            status, where = _told(answer)
            missing = {_shown(leaf.pointer) for leaf in bad} - where
            repeated = [x for x in CANARIES if x.lower() in answer.text.lower()]
            if status != 422 or missing or repeated:
                wrong[name] = (status, missing, repeated)

    assert wrong == {}


@pytest.mark.long
@pytest.mark.parametrize(("kind", "case"), CASES)
async def test_each_field_that_cannot_be_so_is_named_whatever_the_others_are(
    storeless: Api, kind: str, case: str
) -> None:
    wrong = []

    for name, leaf in EACH:
        if kind in ("any", leaf.kind):
            content = SHAPES[name].with_(BAD[kind][case], leaf.kind, only=leaf.pointer)
            status, where = _told(await _send(storeless, name, content))
            if status != 422 or _shown(leaf.pointer) not in where:
                wrong.append((name, leaf.pointer, status))

    assert wrong == []


async def test_a_list_or_map_that_holds_too_many_is_named(storeless: Api) -> None:
    crowds = [(name, *many) for name, shape in SHAPES.items() for many in shape.many]
    wrong = []

    for name, pointer, most in crowds:
        content = json.dumps(SHAPES[name].crowded(pointer, most)).encode()
        status, where = _told(await _send(storeless, name, content))
        if status != 422 or f"/body{pointer}" not in where:
            wrong.append((name, pointer, most, status))

    assert len(crowds) >= 20
    assert wrong == []


async def test_an_unknown_field_is_refused_of_every_operation(storeless: Api) -> None:
    wrong = {}

    for name, shape in SHAPES.items():
        body = {**shape.body, "Zebedee": "Quetzalcoatl"}
        answer = await _send(storeless, name, json.dumps(body).encode())
        status, where = _told(answer)
        if status != 422 or "/body" not in where or "Zebedee" in answer.text:
            wrong[name] = (status, where)

    assert wrong == {}


@pytest.mark.parametrize("name", operations())
def test_every_text_list_number_and_map_that_comes_in_has_a_limit(name: str) -> None:
    operation = operations()[name]
    taken = [x["schema"] for x in operation.get("parameters", ()) if x["in"] != "header"]
    if "requestBody" in operation:
        taken.append(operation["requestBody"]["content"]["application/json"]["schema"])

    endless = [
        (at, schema)
        for root in taken
        for at, schema in walked(root)
        if not LIMITED.get(schema.get("type", ""), schema.keys()) & schema.keys() and schema
    ]
    maps = [
        at
        for root in taken
        for at, schema in walked(root)
        if isinstance(schema.get("additionalProperties"), dict) and "maxProperties" not in schema
    ]

    assert (endless, maps) == ([], [])
