"""Whether a protocol can be enforced: what the shape of its file alone cannot see."""

from collections.abc import Collection, Iterator, Sequence

from app.domain.census_codes import REASON_FOR_CLOSURE, REFERRAL_SOURCE
from app.domain.milestone_kind import Side
from app.domain.people import AUTHORITY_WIDE, OF_A_SERIES_ALONE, Role
from app.domain.protocol import Gate
from app.protocols.dangling import faults_of_names
from app.protocols.faults import Fault, Path
from app.protocols.file_shape import PathwayShape
from app.protocols.handover_soundness import faults_of_handover
from app.protocols.needs_shape import NeedsShape
from app.protocols.settled import faults_of_escalation

MANDATORY = ("date_of_transfer", "comments", "recipient")
MANDATORY_OF_RECIPIENT = ("active", "same_authority")


def faults(half: PathwayShape, meetings: Collection[str]) -> Iterator[Fault]:
    """Names that lead nowhere, codes used twice, and rules that every protocol needs.

    The paths begin inside the pathway.
    """
    yield from faults_of_names(half, meetings)
    yield from _of_no_team(half.authorised_by, ("authorised_by",), OF_A_SERIES_ALONE)
    if half.closing is not None:
        yield from _of_no_team(half.closing.roles, ("closing", "roles"), OF_A_SERIES_ALONE)
    for name, kind in half.milestones.items():
        yield from _of_no_team(kind.roles, ("milestones", name, "roles"))
        if Role.MEMBER in kind.roles:
            yield Fault(("milestones", name, "roles"), "a member of a series records nothing")
        if kind.passes_to_kind and kind.by is not Side.RECEIVING:
            path = ("milestones", name, "passes_to_kind")
            yield Fault(path, "only the receiving side passes a case on")
    yield from faults_of_handover(half)
    yield from _twice(half)
    yield from _census(half)
    yield from _never(half)
    yield from faults_of_escalation(half)
    fields = {needs.field for needs in _always(half, Gate.FINALISE)}
    missing = [f"{name} at finalise" for name in MANDATORY if name not in fields]
    of_recipient = {needs.recipient for needs in _always(half, Gate.DISPATCH)}
    missing += [
        f'recipient = "{x}" at dispatch' for x in MANDATORY_OF_RECIPIENT if x not in of_recipient
    ]
    if not any(needs.recipient_kind for needs in _always(half, Gate.DISPATCH)):
        missing.append("a recipient_kind at dispatch")
    yield from (Fault((), f"no rule asks for {what}") for what in missing)


def _of_no_team(
    roles: Sequence[Role], path: Path, besides: frozenset[Role] = frozenset()
) -> Iterator[Fault]:
    nobody = [role for role in roles if role in AUTHORITY_WIDE | besides]
    yield from (Fault(path, f"no {role} belongs to a team") for role in nobody)


def _twice(half: PathwayShape) -> Iterator[Fault]:
    places: list[tuple[Path, str]] = [
        *((("rules", at), rule.code) for at, rule in enumerate(half.rules)),
        *((("clocks", at), clock.code) for at, clock in enumerate(half.clocks)),
    ]
    used: set[str] = set()
    for path, code in places:
        if code in used:
            yield Fault((*path, "code"), f"the code {code} is used twice")
        used.add(code)


def _never(half: PathwayShape) -> Iterator[Fault]:
    """What can never happen: a clock without its time, a milestone that waits for itself."""
    met = any(route.meetings for route in half.routes.values())
    for at, clock in enumerate(half.clocks):
        if clock.by is not None and not met:
            yield Fault(("clocks", at, "by"), "no route goes to a meeting")
        for both in set(clock.starts or ()) & set(clock.stops):
            yield Fault(("clocks", at, "to"), f"{both} also starts it")
    waiting = dict(half.milestones)
    while begun := [
        name
        for name, kind in waiting.items()
        if not kind.after or any(x.name not in waiting for x in kind.after)
    ]:
        for name in begun:
            del waiting[name]
    for name in waiting:
        yield Fault(("milestones", name, "after"), "waits for itself")


def _census(half: PathwayShape) -> Iterator[Fault]:
    source = half.referral_source
    if source is not None and source not in REFERRAL_SOURCE:
        yield Fault(("referral_source",), f"no {source} in the census")
    for name, route in half.routes.items():
        for origin, reason in route.closure_reasons.items():
            path = ("routes", name, "closure_reasons", origin)
            if reason not in REASON_FOR_CLOSURE:
                yield Fault(path, f"no {reason} in the census")
            if origin not in route.origins:
                yield Fault(path, f"no origin {origin}")


def _always(half: PathwayShape, gate: Gate) -> list[NeedsShape]:
    """What must hold at a gate on every route, whatever else."""
    return [
        rule.needs
        for rule in half.rules
        if rule.severity == "must"
        and gate in rule.gates
        and not (rule.routes or rule.when or rule.unless)
    ]
