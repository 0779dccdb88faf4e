"""A fault of a protocol file: where it is, by the keys that lead there, and in plain words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.protocols.lines import line_of

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and the keys that lead to it; a key that is missing may end them."""

    path: Path
    words: str


def told(fault: Fault, text: str, content: Mapping[str, Any]) -> str:
    """The fault as a person looks it up: "12: step_up.rules.DL-3-date.severity: missing"."""
    line = line_of(text, fault.path)
    name = spoken(fault.path, content)
    return f"{f'{line}:' if line else ''} {f'{name}: ' if name else ''}{fault.words}"


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
