"""On which line of a TOML text a key stands: the parser keeps none."""

import re
from collections.abc import Sequence

TABLE = re.compile(r"\s*\[(?!\[)\s*(.+?)\s*\]\s*(?:#.*)?$")
ENTRY = re.compile(r"\s*\[\[\s*(.+?)\s*\]\]\s*(?:#.*)?$")
KEY = re.compile(r"""\s*("[^"]*"|'[^']*'|[A-Za-z0-9_-]+)\s*=""")
PART = re.compile(r"""\s*("[^"]*"|'[^']*'|[^.]+?)\s*(?:\.|$)""")

Place = tuple[str | int, ...]


def line_of(text: str, path: Sequence[str | int]) -> str:
    """The line of the key, or else of the table that it should stand in, as "12:"; "" for none."""
    best, found = 0, 0
    for place, number in _places(text):
        shared = len(place)
        if shared > best and tuple(path[:shared]) == place:
            best, found = shared, number
    return f"{found}:" if found else ""


def _places(text: str) -> list[tuple[Place, int]]:
    places: list[tuple[Place, int]] = []
    counted: dict[Place, int] = {}
    table: Place = ()
    for number, line in enumerate(text.splitlines(), 1):
        if entry := ENTRY.match(line):
            name = _parts(entry[1])
            counted[name] = counted.get(name, -1) + 1
            table = (*name, counted[name])
            places.append((table, number))
        elif header := TABLE.match(line):
            table = _parts(header[1])
            places.append((table, number))
        elif key := KEY.match(line):
            places.append(((*table, _bare(key[1])), number))
    return places


def _parts(name: str) -> Place:
    return tuple(_bare(part) for part in PART.findall(name))


def _bare(part: str) -> str:
    return part.strip("\"'")
