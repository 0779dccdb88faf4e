"""What is different between two protocols, line by line, by the codes and names of what changed."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

from app.domain.clock_kind import ClockKind
from app.domain.condition import ALWAYS
from app.domain.pathway import Pathway
from app.domain.protocol import CouncilProtocol, PathwayRules, Rule
from app.domain.rules.wording import Wording

CODES = Wording()
"""Rules say themselves by code, so that a change of words elsewhere is no change of theirs."""
GROUPED = ("sources", "clauses", "meetings", "pathways")
CODED = ("statements", "factors", "consents", "decline_reasons")
GROUPED_BY_HALF = ("routes", "milestones", "rules", "clocks", *CODED)


def changes(old: CouncilProtocol, new: CouncilProtocol) -> list[str]:
    """Lines under a heading a group; none where both say the same."""
    lines = _group("protocol", _plain(old, GROUPED), _plain(new, GROUPED))
    for name in ("sources", "clauses", "meetings"):
        lines += _group(name, getattr(old, name), getattr(new, name))
    for pathway in Pathway:
        before, after = old.pathways.get(pathway), new.pathways.get(pathway)
        if before is None or after is None:
            lines += _group("pathways", _form(pathway, before), _form(pathway, after))
        else:
            lines += _half(pathway, before, after)
    return lines


def _form(pathway: Pathway, half: PathwayRules | None) -> dict[str, object]:
    return {} if half is None else {pathway: half.form}


def _half(pathway: Pathway, old: PathwayRules, new: PathwayRules) -> list[str]:
    lines = _group(pathway, _plain(old, GROUPED_BY_HALF), _plain(new, GROUPED_BY_HALF))
    for name in GROUPED_BY_HALF:
        before, after = _by_code(getattr(old, name)), _by_code(getattr(new, name))
        lines += _group(f"{pathway} {name}", before, after)
    return lines


def _group(name: str, old: Mapping[str, object], new: Mapping[str, object]) -> list[str]:
    lines = [f"- {key}: {_value(old[key])}" for key in old if key not in new]
    lines += [f"+ {key}: {_value(new[key])}" for key in new if key not in old]
    both = [key for key in old if key in new]
    for key in both:
        lines += [f"~ {key}{change}" for change in _between(old[key], new[key])]
    if both != [key for key in new if key in old]:
        lines.append("~ in another order")
    return [f"{name}:", *(f"  {line}" for line in lines)] if lines else []


def _between(old: object, new: object) -> Iterator[str]:
    """Each part that differs, its old value and its new one."""
    if old == new:
        return
    parts, others = _parts(old), _parts(new)
    if parts is None or others is None:
        yield f": {_value(old)} -> {_value(new)}"
        return
    for part in dict.fromkeys([*parts, *others]):
        for change in _between(parts.get(part), others.get(part)):
            yield f".{part}{change}"


def _parts(value: object) -> Mapping[str, object] | None:
    """What is compared part by part: tables, and values that do not say themselves."""
    if isinstance(value, Mapping):
        return value
    return _plain(value, ()) if is_dataclass(value) and _said(value) is None else None


def _plain(value: object, without: tuple[str, ...]) -> dict[str, object]:
    names = [field.name for field in fields(value)]  # type: ignore[arg-type] # any dataclass
    return {name: getattr(value, name) for name in names if name not in without}


def _by_code(items: Mapping[str, object] | tuple[Rule | ClockKind, ...]) -> Mapping[str, object]:
    return items if isinstance(items, Mapping) else {item.code: item for item in items}


def _value(value: object) -> str:
    """A value on one line."""
    if value is None or value in ((), {}):
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(map(_value, value))
    parts = _parts(value)
    if parts is None:
        return _said(value) or str(value)
    given = {part: x for part, x in parts.items() if x not in (None, False, (), {}, ALWAYS)}
    return f"{{{'; '.join(f'{part}: {_value(x)}' for part, x in given.items())}}}"


def _said(value: object) -> str | None:
    """How a kind of rule, or what has a text of its own, says itself."""
    says = getattr(value, "says", None)
    if callable(says):
        return str(says(CODES))
    return str(value) if type(value).__str__ is not object.__str__ else None
