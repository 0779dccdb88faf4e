"""Before anyone presses the button: which rules of each coming gate hold, and which do not."""

from dataclasses import dataclass

from app.domain.booking import as_if_booked
from app.domain.breach import Breach
from app.domain.decide import gates_of
from app.domain.decision import Situation
from app.domain.pathway import TRANSITIONS, Stage
from app.domain.protocol import Gate, Rule
from app.domain.transfer import Transfer


@dataclass(frozen=True, slots=True)
class Item:
    """A rule and its answer: `breach` is None where it holds."""

    rule: Rule
    breach: Breach | None


@dataclass(frozen=True, slots=True)
class GateList:
    """The rules of one gate. `open`: no `must` rule of it is broken."""

    gate: Gate
    items: tuple[Item, ...]

    @property
    def open(self) -> bool:
        """Whether nothing that blocks stands in the way."""
        return not any(item.breach is not None and item.breach.blocks for item in self.items)


def checklist(transfer: Transfer, situation: Situation) -> tuple[GateList, ...]:
    """Every gate that the transfer may still come to, in the order of the process.

    Gates that no rule of the route asks anything at are left out.
    """
    rules = situation.rules(transfer)
    found = []
    for gate in coming_gates(transfer.stage, gated=rules.gated):
        facts = situation.facts(_at(gate, transfer, situation))
        answers = ((rule, rule.check(facts)) for rule in rules.asked((gate,), facts))
        items = tuple(
            Item(rule, answer if isinstance(answer, Breach) else None) for rule, answer in answers
        )
        if items:
            found.append(GateList(gate, items))
    return tuple(found)


def _at(gate: Gate, transfer: Transfer, situation: Situation) -> Transfer:
    """Some rules count only for what is submitted to a meeting: they are asked as it is done."""
    if gate is Gate.SUBMIT_TO_MEETING:
        return as_if_booked(transfer, situation.now)
    return transfer


def coming_gates(stage: Stage, *, gated: bool) -> tuple[Gate, ...]:
    """The gates that lie on some way on from that stage."""
    reached = {stage}
    while True:
        rows = [r for r in TRANSITIONS if set(r.sources) & reached and r.gated in (None, gated)]
        further = {row.target for row in rows} - reached
        if not further:
            gates = {gate for row in rows for gate in gates_of(row)}
            return tuple(gate for gate in Gate if gate in gates)
        reached |= further
