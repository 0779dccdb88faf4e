"""Names in a protocol file that lead nowhere."""

from collections.abc import Collection, Iterable, Iterator

from app.domain.milestone_kind import Side
from app.domain.milestone_names import (
    DISAGREEMENT_ESCALATED,
    DISAGREEMENT_RAISED,
    DISAGREEMENT_RESOLVED,
    MADE_BY_DECISIONS,
    MEETING_DECIDED,
    OF_DISAGREEMENTS,
    ORIGIN_CLOSED,
    VOIDED,
    Named,
)
from app.domain.rules.form import FieldGiven
from app.protocols.clock_shape import ClockShape
from app.protocols.faults import Fault, Path
from app.protocols.file_shape import PathwayShape, RuleShape
from app.protocols.needs_shape import NeedsShape


def faults_of_names(half: PathwayShape, meetings: Collection[str]) -> Iterator[Fault]:
    """Milestones, outcomes, routes, meetings, codes and clocks that nothing declares.

    The paths begin inside the pathway.
    """
    yield from _milestones([Named(half.custody_passes_on)], half, ("custody_passes_on",))
    yield from _milestones(map(Named, half.completes_on), half, ("completes_on",))
    if half.origin_remains is not None:
        yield from _milestones([half.origin_remains.until], half, ("origin_remains", "until"))
    if half.outcomes_statement is not None:
        named = [half.outcomes_statement]
        yield from _unknown("statement", named, half.statements, ("outcomes_statement",))
    yield from _closing(half)
    for name, kind in half.milestones.items():
        path = ("milestones", name)
        yield from _milestones(kind.after or (), half, (*path, "after"))
        if kind.needs is not None:
            yield from _needs(kind.needs, half, (*path, "needs"))
        if VOIDED in kind.outcomes:
            yield Fault((*path, "outcomes"), f"the outcome {VOIDED} is made by an edit")
        if name in MADE_BY_DECISIONS:
            yield Fault(path, "it is reached by a decision and not recorded")
    for name, route in half.routes.items():
        yield from _unknown("meeting", route.meetings, meetings, ("routes", name, "meetings"))
    for at, rule in enumerate(half.rules):
        yield from _conditional(rule, half, ("rules", at))
        yield from _needs(rule.needs, half, ("rules", at, "needs"))
    for at, clock in enumerate(half.clocks):
        yield from _conditional(clock, half, ("clocks", at))
        yield from _clock(clock, half, ("clocks", at))
    yield from _reviews(half)


def _reviews(half: PathwayShape) -> Iterator[Fault]:
    codes = [clock.code for clock in half.clocks]
    yield from _unknown("clock", half.reviews, codes, ("reviews",))
    for clock in half.clocks:
        if clock.code in half.reviews and clock.stops[0].name not in half.milestones:
            yield Fault(("reviews",), f"nobody records what meets {clock.code}")


def _closing(half: PathwayShape) -> Iterator[Fault]:
    closing, path = half.closing, ("closing",)
    if closing is None:
        if ORIGIN_CLOSED in half.completes_on:
            yield Fault(("completes_on",), f"{ORIGIN_CLOSED} never comes without a closing")
        return
    yield from _milestones(closing.after or (), half, (*path, "after"))
    for name in closing.steps:
        step = half.milestones.get(name)
        if step is None:
            yield Fault((*path, "steps"), f"no milestone {name}")
        elif step.by is not Side.ORIGIN or not step.after:
            words = f"{name} is no step of the origin's after the task is sent"
            yield Fault((*path, "steps"), words)


def _clock(clock: ClockShape, half: PathwayShape, path: Path) -> Iterator[Fault]:
    yield from _milestones(clock.starts or (), half, (*path, "from"))
    yield from _milestones(clock.stops, half, (*path, "to"))
    if clock.or_agreed is None:
        return
    agreed = half.milestones.get(clock.or_agreed)
    if not (agreed and agreed.gives_time and agreed.names_receiving_manager):
        words = f"{clock.or_agreed} is no milestone of a time agreed by both"
        yield Fault((*path, "or_agreed"), words)


def _conditional(item: RuleShape | ClockShape, half: PathwayShape, path: Path) -> Iterator[Fault]:
    yield from _unknown("route", item.routes, half.routes, (*path, "routes"))
    for key, needs in (("when", item.when), ("unless", item.unless)):
        if needs is not None:
            yield from _needs(needs, half, (*path, key))


def _needs(needs: NeedsShape, half: PathwayShape, path: Path) -> Iterator[Fault]:
    names = [needs.milestone, *(needs.any_milestone or ())]
    if needs.milestone_with_recipient:
        names.append(Named(needs.milestone_with_recipient))
    if needs.meeting_decided:
        names.append(Named(MEETING_DECIDED, needs.meeting_decided))
    if needs.settled:
        names += [needs.settled.raised, needs.settled.resolved]
    yield from _milestones([name for name in names if name is not None], half, path)
    scopes = [needs.consent, needs.informed_consent, needs.explicit_consent]
    if needs.form_with_consent:
        scopes.append(needs.form_with_consent.scope)
    for what, given, known in (
        ("field", needs.field, FieldGiven.choices),
        ("statement", needs.statement, half.statements),
        ("factor", needs.factor, half.factors),
        *(("consent", scope, half.consents) for scope in scopes),
    ):
        yield from _unknown(what, [given] if given else [], known, path)


def _milestones(names: Iterable[Named], half: PathwayShape, path: Path) -> Iterator[Fault]:
    for name in names:
        outcomes = _outcomes(name.name, half)
        if outcomes is None:
            yield Fault(path, f"no milestone {name.name}")
        elif name.outcome and name.outcome not in outcomes:
            yield Fault(path, f"no outcome {name}")


def _outcomes(name: str, half: PathwayShape) -> Collection[str] | None:
    """The outcomes that a milestone may have; None where it is never reached."""
    escalation, kind = half.escalation, half.milestones.get(name)
    if kind is not None:
        return kind.outcomes
    if name not in OF_DISAGREEMENTS:
        return () if name in MADE_BY_DECISIONS else None
    if escalation is None:
        return None
    return {
        DISAGREEMENT_RAISED: tuple(escalation.kinds),
        DISAGREEMENT_ESCALATED: tuple(level.code for level in escalation.levels),
        DISAGREEMENT_RESOLVED: tuple(escalation.outcomes),
    }[name]


def _unknown(what: str, given: Iterable[str], known: Collection[str], at: Path) -> Iterator[Fault]:
    yield from (Fault(at, f"no {what} {name}") for name in given if name not in known)
