"""How kinds of rule say themselves: the words that a protocol has for its codes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.domain.milestone_names import Named

BY_DECISION = {
    "opened": "the transfer is opened",
    "submitted_to_meeting": "the transfer is submitted to a meeting",
    "finalised": "the form is finalised",
    "authorised": "the form is authorised",
    "returned": "the transfer is returned to its author",
    "dispatched": "the task is dispatched",
    "received_in_tray": "the task is in the duty tray",
    "picked_up": "the task is picked up",
    "released": "the task is put back into the tray",
    "redirected": "the task is redirected to another team",
    "declined": "the receiving team declines",
    "started": "the receiving team starts its record",
    "child_allocated": "a child is allocated to a worker",
    "allocated": "every child is allocated to a worker",
    "completed": "the transfer is completed",
    "cancelled": "the transfer is cancelled",
}
"""What no protocol has words for: milestones that decisions reach."""

_CAPITALS = {"ehm": "EHM", "lcs": "LCS"}


@dataclass(frozen=True, slots=True)
class Wording:
    """Words by code; a milestone's go by "name" and its outcomes' by "name:outcome".

    A code without words is quoted as it is.
    """

    milestones: Mapping[str, str] = field(default_factory=dict)
    statements: Mapping[str, str] = field(default_factory=dict)
    factors: Mapping[str, str] = field(default_factory=dict)
    consents: Mapping[str, str] = field(default_factory=dict)

    def milestone(self, named: Named) -> str:
        """That it has happened."""
        if named.name in BY_DECISION:
            return BY_DECISION[named.name]
        happened = f"{quoted(self.milestones.get(named.name, named.name))} is recorded"
        if named.outcome is None:
            return happened
        return f"{happened} as {quoted(self.milestones.get(str(named), named.outcome))}"

    def any_milestone(self, names: Iterable[Named]) -> str:
        """That one of them has happened."""
        return either(self.milestone(name) for name in names)

    def statement(self, code: str) -> str:
        """What is to be stated."""
        return quoted(self.statements.get(code, code))

    def factor(self, code: str) -> str:
        """The circumstance."""
        return quoted(self.factors.get(code, code))

    def consent(self, scope: str) -> str:
        """What is consented to."""
        return quoted(self.consents.get(scope, scope))


def quoted(words: str) -> str:
    """In quotation marks."""
    return f"\N{LEFT DOUBLE QUOTATION MARK}{words}\N{RIGHT DOUBLE QUOTATION MARK}"


def spelt(code: str) -> str:
    """Spell out the code of a form or of a kind of team, which no protocol has words for."""
    return " ".join(_CAPITALS.get(part, part) for part in code.split("_"))


def either(items: Iterable[str]) -> str:
    """One of them."""
    return " or ".join(items)
