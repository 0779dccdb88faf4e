"""Names in a protocol file that lead nowhere."""

from collections.abc import Collection, Iterable, Iterator

from app.domain.milestone_names import MADE_BY_DECISIONS, VOIDED, Named
from app.domain.rules.form import FieldGiven
from app.protocols.clock_shape import ClockShape
from app.protocols.file_shape import PathwayShape, RuleShape
from app.protocols.needs_shape import NeedsShape


def faults_of_names(half: PathwayShape, meetings: Collection[str]) -> Iterator[str]:
    """Milestones, outcomes, routes, meetings, codes and clocks that nothing declares."""
    ends = [Named(name) for name in (half.custody_passes_on, *half.completes_on)]
    yield from _milestones("", ends, half)
    for name, kind in half.milestones.items():
        yield from _milestones(f"milestones.{name}: ", kind.after or (), half)
        if kind.needs is not None:
            yield from _needs(f"milestones.{name}", kind.needs, half)
        if VOIDED in kind.outcomes:
            yield f"milestones.{name}: the outcome {VOIDED} is made by an edit"
        if name in MADE_BY_DECISIONS:
            yield f"milestones.{name}: it is reached by a decision and not recorded"
    for name, route in half.routes.items():
        yield from _unknown(f"routes.{name}: no meeting", route.meetings, meetings)
    for rule in half.rules:
        yield from _conditional(rule, half)
        yield from _needs(rule.code, rule.needs, half)
    for clock in half.clocks:
        yield from _conditional(clock, half)
        yield from _milestones(f"{clock.code}: ", [*(clock.starts or ()), *clock.stops], half)
        agreed = half.milestones.get(clock.or_agreed or "")
        if clock.or_agreed and not (
            agreed and agreed.gives_time and agreed.names_receiving_manager
        ):
            yield f"{clock.code}: {clock.or_agreed} is no milestone of a time agreed by both"
    yield from _unknown("reviews: no clock", half.reviews, [clock.code for clock in half.clocks])


def _conditional(item: RuleShape | ClockShape, half: PathwayShape) -> Iterator[str]:
    yield from _unknown(f"{item.code}: no route", item.routes, half.routes)
    for needs in (item.when, item.unless):
        if needs is not None:
            yield from _needs(item.code, needs, half)


def _needs(code: str, needs: NeedsShape, half: PathwayShape) -> Iterator[str]:
    names = [needs.milestone, *(needs.any_milestone or ())]
    if needs.milestone_with_recipient:
        names.append(Named(needs.milestone_with_recipient))
    if needs.settled:
        names += [needs.settled.raised, needs.settled.resolved]
    yield from _milestones(f"{code}: ", [name for name in names if name is not None], half)
    scopes = [needs.consent, needs.informed_consent, needs.explicit_consent]
    if needs.form_with_consent:
        scopes.append(needs.form_with_consent.scope)
    for what, given, known in (
        ("field", needs.field, FieldGiven.choices),
        ("statement", needs.statement, half.statements),
        ("factor", needs.factor, half.factors),
        *(("consent", scope, half.consents) for scope in scopes),
    ):
        yield from _unknown(f"{code}: no {what}", [given] if given else [], known)


def _milestones(where: str, names: Iterable[Named], half: PathwayShape) -> Iterator[str]:
    for name in names:
        kind = half.milestones.get(name.name)
        if kind is None and name.name not in MADE_BY_DECISIONS:
            yield f"{where}no milestone {name.name}"
        elif name.outcome and (kind is None or name.outcome not in kind.outcomes):
            yield f"{where}no outcome {name}"


def _unknown(what: str, given: Iterable[str], known: Collection[str]) -> Iterator[str]:
    yield from (f"{what} {name}" for name in given if name not in known)
