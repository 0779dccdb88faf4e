"""Whether a protocol's handover could hold up the transfer, which it must never do (DF 19)."""

from collections.abc import Iterator

from app.domain.breach import Severity
from app.domain.handover import GIVES_TIME
from app.domain.protocol import Gate
from app.protocols.faults import Fault
from app.protocols.file_shape import PathwayShape
from app.protocols.needs_shape import NeedsShape


def faults_of_handover(half: PathwayShape) -> Iterator[Fault]:
    """Parts that lead nowhere or give no time, and whatever waits for one of them.

    What waits: the passing of custody, and a `must` rule of any gate before `complete`.
    """
    parts = _parts(half)
    for part, name in parts.items():
        kind = half.milestones.get(name)
        if kind is None:
            yield Fault(("handover", part), f"no milestone {name}")
        elif part in GIVES_TIME and not kind.gives_time:
            yield Fault(("handover", part), f"{name} gives no time")
    waiting = _waiting(half, set(parts.values()))
    if half.custody_passes_on in waiting:
        yield Fault(("custody_passes_on",), "a handover never delays the transfer")
    for at, rule in enumerate(half.rules):
        gates = set(rule.gates) - {Gate.COMPLETE}
        if gates and rule.severity is Severity.MUST and _waits_for(rule.needs, waiting):
            yield Fault(("rules", at, "needs"), "a handover never delays the transfer")


def _parts(half: PathwayShape) -> dict[str, str]:
    if half.handover is None:
        return {}
    return {part: name for part, name in half.handover if name is not None}


def _waiting(half: PathwayShape, waiting: set[str]) -> set[str]:
    """The milestones that cannot come without one of these."""
    while more := {
        name
        for name, kind in half.milestones.items()
        if name not in waiting
        and (
            (kind.after and all(x.name in waiting for x in kind.after))
            or (kind.needs and _waits_for(kind.needs, waiting))
        )
    }:
        waiting |= more
    return waiting


def _waits_for(needs: NeedsShape, waiting: set[str]) -> bool:
    """Whether it is met by these milestones alone."""
    names = [name.name for name in (needs.milestone, *(needs.any_milestone or ())) if name]
    if needs.milestone_with_recipient:
        names.append(needs.milestone_with_recipient)
    if needs.settled:
        names.append(needs.settled.resolved.name)
    return bool(names) and all(name in waiting for name in names)
