"""Whether a protocol can settle its disagreements: its levels, their clocks, and its end."""

from collections.abc import Iterator

from app.domain.breach import Severity
from app.domain.milestone_names import (
    DISAGREEMENT_ESCALATED,
    DISAGREEMENT_RAISED,
    DISAGREEMENT_RESOLVED,
    Named,
)
from app.domain.people import AUTHORITY_WIDE
from app.domain.protocol import Gate
from app.protocols.escalation_shape import EscalationShape
from app.protocols.faults import Fault, Path
from app.protocols.file_shape import PathwayShape

PATH: Path = ("escalation",)


def faults_of_escalation(half: PathwayShape) -> Iterator[Fault]:
    """Levels of one name, deciders of no team, a level without a clock, an end without a rule.

    Nobody would be late with a disagreement that no clock waits for, at the last level as at any
    (hazard 19), and a transfer that is complete while one is open would leave the lead where it is
    for good (hazard 1).
    """
    escalation = half.escalation
    if escalation is None:
        return
    yield from _of_no_team(escalation)
    codes = [level.code for level in escalation.levels]
    for at, code in enumerate(codes):
        if code in codes[:at]:
            yield Fault((*PATH, "levels", at, "code"), f"the code {code} is used twice")
    timed = _timed(half)
    for waits in (
        Named(DISAGREEMENT_RAISED),
        *(Named(DISAGREEMENT_ESCALATED, code) for code in codes),
    ):
        if not {waits, Named(waits.name)} & timed:
            yield Fault(PATH, f"no clock runs from {waits} until it is resolved")
    if not _asked_at_the_end(half):
        yield Fault(PATH, "no rule asks for it to be settled at complete")


def _timed(half: PathwayShape) -> set[Named]:
    """From what a clock runs that alerts on every route until the disagreement is resolved."""
    return {
        named
        for clock in half.clocks
        if clock.severity is Severity.MUST
        and not (clock.routes or clock.when or clock.unless)
        and Named(DISAGREEMENT_RESOLVED) in clock.stops
        for named in clock.starts or ()
    }


def _asked_at_the_end(half: PathwayShape) -> bool:
    """Whether what was raised must be resolved before the end, whatever else."""
    return any(
        settled.raised == Named(DISAGREEMENT_RAISED)
        and settled.resolved == Named(DISAGREEMENT_RESOLVED)
        for rule in half.rules
        if rule.severity is Severity.MUST
        and Gate.COMPLETE in rule.gates
        and not (rule.routes or rule.when or rule.unless)
        and (settled := rule.needs.settled) is not None
    )


def _of_no_team(escalation: EscalationShape) -> Iterator[Fault]:
    places: list[tuple[Path, tuple[str, ...]]] = [((*PATH, "agreed_by"), escalation.agreed_by)]
    places += [
        ((*PATH, "levels", at, "decides"), level.decides)
        for at, level in enumerate(escalation.levels)
    ]
    for path, roles in places:
        nobody = [role for role in roles if role in AUTHORITY_WIDE]
        yield from (Fault(path, f"no {role} belongs to a team") for role in nobody)
