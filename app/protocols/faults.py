"""A fault of a protocol file: where it is, by the keys that lead there, and in plain words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from app.protocols.lines import line_of

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and the keys that lead to it; a key that is missing may end them."""

    path: Path
    words: str


def told(faults: Iterable[Fault], text: str, content: Mapping[str, Any]) -> list[str]:
    """The faults by their lines: "12: step_up.rules.DL-3-date.severity: missing"."""
    found = sorted(((line_of(text, fault.path), fault) for fault in faults), key=itemgetter(0))
    return [f"{f'{line}:' if line else ''} {_named(fault, content)}" for line, fault in found]


def _named(fault: Fault, content: Mapping[str, Any]) -> str:
    name = spoken(fault.path, content)
    return f"{name}: {fault.words}" if name else fault.words


def spoken(path: Sequence[str | int], content: object) -> str:
    """The keys with dots between; of a list of tables each goes by its code."""
    names = []
    for key in path:
        content = _inside(content, key)
        code = content.get("code") if isinstance(key, int) and isinstance(content, dict) else None
        names.append(str(code or key))
    return ".".join(names)


def _inside(content: object, key: str | int) -> object:
    if isinstance(content, dict):
        return content.get(key)
    if isinstance(content, list) and isinstance(key, int) and key < len(content):
        return content[key]
    return None
