"""A protocol's values in plain words."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import TypeVar

from app.domain.clock_kind import ClockKind
from app.domain.condition import Condition
from app.domain.protocol import PathwayRules, Rule
from app.domain.protocol_words import wording_of
from app.domain.rules.wording import quoted, spelt

Item = TypeVar("Item", bound=Rule | ClockKind)


def conditions(condition: Condition, half: PathwayRules) -> list[str]:
    """When a rule or a clock counts, as sentences; none where it always does."""
    words = wording_of(half)
    said = []
    if condition.when is not None:
        said.append(f"Only when {condition.when.says(words)}.")
    if condition.unless is not None:
        said.append(f"Not when {condition.unless.says(words)}.")
    return said


def by_route(items: Iterable[Item], half: PathwayRules, line: Callable[[Item], str]) -> list[str]:
    """A line for each: those of every route first, then route by route under its name."""
    grouped: dict[tuple[str, ...], list[str]] = {(): []}
    for item in items:
        grouped.setdefault(item.condition.routes, []).append(line(item))
    lines: list[str] = grouped.pop(())
    for routes, of_these in grouped.items():
        names = listed(quoted(half.routes[name].says) for name in routes)
        lines += ["", f"On the route {names}:", "", *of_these]
    return lines[1:] if lines[:1] == [""] else lines


def listed(items: Iterable[str], last: str = "or") -> str:
    """With commas, and `last` before the last."""
    *most, end = items
    return f"{', '.join(most)} {last} {end}" if most else end


def noted(note: str | None) -> list[str]:
    """The note on how a clause is read, if there is one."""
    return [f"Note: {sentence(note)}"] if note else []


def cites(source: str, name: str) -> str:
    """Where it comes from, and what it is called in the file."""
    return f"({source}; `{name}`)"


def sentence(words: str) -> str:
    """With a full stop."""
    return words if words.endswith((".", "?", "!")) else f"{words}."


def day(value: date) -> str:
    """As people write it: 1 November 2026."""
    return f"{value.day} {value:%B %Y}"


def people(roles: Sequence[str]) -> str:
    """Roles: "a practitioner or a team manager"."""
    return listed(f"{'an' if role[0] in 'aeiou' else 'a'} {spelt(role)}" for role in roles)
