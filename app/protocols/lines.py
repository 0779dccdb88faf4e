"""On which line of a TOML text a key stands: the parser keeps none."""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from operator import eq

TABLE = re.compile(r"\s*\[(?!\[)\s*(.+?)\s*\]\s*(?:#.*)?$")
ENTRY = re.compile(r"\s*\[\[\s*(.+?)\s*\]\]\s*(?:#.*)?$")
PART = r"""(?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+)"""
KEY = re.compile(rf"\s*({PART}(?:\s*\.\s*{PART})*)\s*=")
LONG_TEXT = re.compile(r'"""|' + "'''")

Place = tuple[str | int, ...]


def line_of(text: str, path: Sequence[str | int]) -> int:
    """The line of the key, or else of the nearest table around it, from 1; 0 for none.

    A table without a header of its own is found by the first key or table inside it.
    """
    best, found = (0, False), 0
    for place, number in _places(text):
        shared = sum(1 for _ in takewhile(bool, map(eq, place, path)))
        near = shared, shared == len(place)
        if shared and near > best:
            best, found = near, number
    return found


def _places(text: str) -> Iterator[tuple[Place, int]]:
    counted: dict[Place, int] = {}
    table: Place = ()
    for number, line in _statements(text):
        if entry := ENTRY.match(line):
            name = _entered(_parts(entry[1]), counted)
            counted[name] = counted.get(name, -1) + 1
            table = (*name, counted[name])
            yield table, number
        elif header := TABLE.match(line):
            table = _entered(_parts(header[1]), counted)
            yield table, number
        elif key := KEY.match(line):
            place = (*table, *_parts(key[1]))
            yield place, number


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """The lines that may hold a key or a header: not those inside a text of several lines."""
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        if not inside:
            yield number, line
        inside ^= len(LONG_TEXT.findall(line)) % 2 == 1


def _entered(name: Place, counted: dict[Place, int]) -> Place:
    """Inside lists of tables a header means the latest entry: step_up.rules is step_up.rules.3."""
    found: Place = ()
    for part in name[:-1]:
        found = (*found, part)
        if found in counted:
            found = (*found, counted[found])
    return (*found, name[-1])


def _parts(name: str) -> Place:
    return tuple(part.strip("\"'") for part in re.findall(PART, name))
