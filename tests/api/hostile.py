"""Every field of every request, taken from the OpenAPI document, and what can be wrong in it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from api.contract import document, operations
from builders import TRANSFER_ID

Schema = dict[str, Any]
HOLE = "here stands what is bad: "
NOT_THE_SYSTEMS_OWN = ("receiveLcsCallback", "receiveEhmCallback")
BAD: dict[str, dict[str, str]] = {
    "any": {
        "lone surrogate": r'"\ud83d"',
        "NUL": r'"Zebedee\u0000"',
        "2 to the 63": "9223372036854775808",
        "less than 64 bits": "-9223372036854775809",
        "NaN": "NaN",
        "Infinity": "Infinity",
        "1e400": "1e400",
        "an object": '{"Zebedee":"Quetzalcoatl"}',
    },
    "text": {
        "over-length": f'"{"Zebedee" * 3000}"',
        "blank": '" "',
        "a number": "7",
        "true": "true",
        "escape": r'"Zebedee\u001b[2J"',
        "a list": '["Zebedee"]',
    },
    "answer": {"over-length": f'"{"Zebedee" * 3000}"', "a number": "7", "a list": '["Zebedee"]'},
    "date": {
        "the epoch": "0",
        "a day of seconds": "86400",
        "the epoch as text": '"0"',
        "29 February 2025": '"2025-02-29"',
        "the year 0001": '"0001-01-01"',
        "the year 9999": '"9999-12-31"',
        "a time": '"2026-11-20T10:00:00Z"',
    },
    "date-time": {
        "the epoch": "0",
        "a day of seconds": "86400",
        "29 February 2025": '"2025-02-29T00:00:00Z"',
        "the year 0001": '"0001-01-01T00:00:00Z"',
        "the year 9999": '"9999-12-31T23:59:59-12:00"',
        "without an offset": '"2026-11-20T10:00:00"',
        "a day": '"2026-11-20"',
    },
    "integer": {
        "negative": "-1",
        "a fraction": "1.5",
        "text": '"1"',
        "true": "true",
        "a list": "[1]",
    },
    "boolean": {"text": '"true"', "one": "1", "a list": "[true]"},
}
CASES = [(kind, name) for kind, cases in BAD.items() for name in cases]


@dataclass(frozen=True)
class Leaf:
    """A field of a request that holds one value: its pointer and its kind."""

    pointer: str
    kind: str


@dataclass(frozen=True)
class Shape:
    """A body with every field that there is, and a hole for each value."""

    body: Any
    leaves: tuple[Leaf, ...]
    many: tuple[tuple[str, int], ...]
    """Its lists and maps by pointer, with the most that each may hold."""

    def with_(self, raw: str, *kinds: str, only: str | None = None) -> bytes:
        """These bytes of JSON in every hole of those kinds, or in the one; text in the others."""
        written = json.dumps(self.body)
        for leaf in self.leaves:
            bad = leaf.kind in kinds and only in (None, leaf.pointer)
            written = written.replace(json.dumps(HOLE + leaf.pointer), raw if bad else '"x"', 1)
        return written.encode()

    def crowded(self, pointer: str, most: int) -> Any:
        """The body with one more in that list or map than it may hold."""
        body = json.loads(json.dumps(self.body))
        *way, last = pointer.removeprefix("/").split("/")
        place = body
        for step in way:
            place = place[int(step)] if isinstance(place, list) else place[step]
        (one,) = place[last].values() if isinstance(place[last], dict) else place[last]
        listed = isinstance(place[last], list)
        place[last] = [one] * (most + 1) if listed else {f"z{n}": one for n in range(most + 1)}
        return body


@cache
def shapes() -> dict[str, Shape]:
    """The body of every operation that takes one, but for the callbacks'."""
    found = {}
    for name, operation in operations().items():
        if "requestBody" in operation and name not in NOT_THE_SYSTEMS_OWN:
            schema = operation["requestBody"]["content"]["application/json"]["schema"]
            leaves: list[Leaf] = []
            body = _filled(schema, "", leaves)
            found[name] = Shape(body, tuple(leaves), tuple(_many(schema, "")))
    return found


def path_of(name: str) -> str:
    """The operation's path, with an id of the right form in each place."""
    path: str = operations()[name]["path"]
    for parameter in operations()[name].get("parameters", ()):
        if parameter["in"] == "path":
            whole = parameter["schema"].get("type") == "integer"
            uuid = parameter["schema"].get("pattern", "").startswith("^[0-9a-f]{8}")
            value = "1" if whole else TRANSFER_ID if uuid else "durham"
            path = path.replace(f"{{{parameter['name']}}}", value)
    return path


def _filled(schema: Schema, pointer: str, leaves: list[Leaf]) -> Any:
    schema = resolved(schema)
    match schema.get("type"):
        case "object" if "properties" in schema:
            return {
                name: _filled(of, f"{pointer}/{name}", leaves)
                for name, of in schema["properties"].items()
            }
        case "object":
            return {"zebedee": _filled(_of_values(schema), f"{pointer}/zebedee", leaves)}
        case "array":
            return [_filled(schema["items"], f"{pointer}/0", leaves)]
    if "const" in schema:
        return schema["const"]
    leaves.append(Leaf(pointer, _kind(schema)))
    return HOLE + pointer


def _many(schema: Schema, pointer: str) -> Iterator[tuple[str, int]]:
    schema = resolved(schema)
    if schema.get("type") == "array":
        yield pointer, schema["maxItems"]
        yield from _many(schema["items"], f"{pointer}/0")
    elif "properties" in schema:
        for name, of in schema["properties"].items():
            yield from _many(of, f"{pointer}/{name}")
    elif schema.get("type") == "object":
        yield pointer, schema["maxProperties"]
        yield from _many(_of_values(schema), f"{pointer}/zebedee")


def _of_values(schema: Schema) -> Schema:
    """What the values of a map are, whose keys the client chooses."""
    named: dict[str, Schema] = schema.get("patternProperties", {})
    found: Schema = schema.get("additionalProperties") or next(iter(named.values()), {})
    return found


def _kind(schema: Schema) -> str:
    kind: str = schema.get("type", "string")
    if kind != "string":
        return kind
    if schema.get("format") in BAD:
        return str(schema["format"])
    closed = {"minLength", "pattern", "enum", "format"} & schema.keys()
    return "text" if closed else "answer"


def resolved(schema: Schema) -> Schema:
    """The schema itself, or of choices the first not null; beside properties they only narrow."""
    while True:
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            schema = document()["components"]["schemas"][name]
        elif "properties" in schema:
            return schema
        elif choices := schema.get("anyOf") or schema.get("oneOf"):
            schema = next(x for x in choices if x.get("type") != "null")
        else:
            return schema


def walked(schema: Schema, at: str = "", seen: frozenset[str] = frozenset()) -> Iterator[Any]:
    """Every part of a schema, with where it is."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        if name not in seen:
            yield from walked(document()["components"]["schemas"][name], at, seen | {name})
        return
    yield at, schema
    for choice in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        yield from walked(choice, at, seen)
    for name, of in schema.get("properties", {}).items():
        yield from walked(of, f"{at}/{name}", seen)
    for below in ("items", "additionalProperties"):
        if isinstance(schema.get(below), dict):
            yield from walked(schema[below], f"{at}/*", seen)
