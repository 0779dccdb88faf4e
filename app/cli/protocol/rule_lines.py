"""What a protocol asks, gate by gate, as lines of a page."""

from functools import partial

from app.cli.protocol.phrases import (
    by_route,
    cites,
    conditions,
    listed,
    noted,
    sentence,
)
from app.domain.protocol import Gate, PathwayRules, Rule
from app.domain.protocol_words import wording_of

GATES = {
    Gate.OPEN: "To open the transfer",
    Gate.EDIT: "Whenever the form is changed",
    Gate.SUBMIT_TO_MEETING: "To submit it to a meeting",
    Gate.FINALISE: "To finalise the form",
    Gate.AUTHORISE: "To authorise the form",
    Gate.DISPATCH: "Whenever a task is put into a duty tray",
    Gate.START: "To start the new record",
    Gate.ALLOCATE: "To allocate",
    Gate.COMPLETE: "To complete the transfer",
}


def gate_lines(half: PathwayRules) -> list[str]:
    """Every gate that something is asked at; a rule of several gates is said at its first."""
    lines = []
    for gate, heading in GATES.items():
        asked = [rule for rule in half.rules if gate in rule.gates]
        if not asked:
            continue
        here = [rule for rule in asked if _first(rule) is gate]
        lines += [f"#### {heading}", ""]
        if here:
            lines += [*by_route(here, half, partial(_line, half=half)), ""]
        again = [f"`{rule.code}`" for rule in asked if rule not in here]
        if again:
            lines += [f"Asked again: {listed(again, 'and')}.", ""]
    return lines


def _first(rule: Rule) -> Gate:
    return next(gate for gate in GATES if gate in rule.gates)


def _line(rule: Rule, half: PathwayRules) -> str:
    said = [
        f"- **{rule.severity.capitalize()}**: {sentence(rule.says)}",
        *conditions(rule.condition, half),
        f"Checked: {rule.needs.says(wording_of(half))}.",
        *noted(rule.note),
        cites(rule.source, rule.code),
    ]
    return " ".join(said)
