"""How kinds of rule say themselves: the words that a protocol has for its codes."""

from collections.abc import Iterable, Mapping, Sequence
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
    "child_not_taken": "a child is not taken",
    "child_allocated": "a child is allocated to a worker",
    "allocated": "every child is allocated to a worker",
    "origin_closed": "the origin has closed its own record",
    "worker_changed": "the work is handed over to another worker",
    "lead_changed": "another lead professional is named",
    "team_succeeded": "another team takes over from a closed one",
    "completed": "the transfer is completed",
    "cancelled": "the transfer is cancelled",
    "disagreement_raised": "a disagreement is raised",
    "disagreement_escalated": "a disagreement is escalated",
    "disagreement_resolved": "a disagreement is resolved",
    "consent_withdrawn": "a consent of the family is withdrawn",
    "withdrawal_decided": "a manager has decided what a withdrawn consent means",
    "meeting_called_off": "the meeting that it waits for is called off",
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
        return self.any_milestone([named])

    def any_milestone(self, names: Iterable[Named]) -> str:
        """That one of them has happened; the outcomes of one milestone are said together."""
        outcomes: dict[str, list[str | None]] = {}
        for named in names:
            outcomes.setdefault(named.name, []).append(named.outcome)
        return either(self._happened(name, which) for name, which in outcomes.items())

    def _happened(self, name: str, outcomes: Sequence[str | None]) -> str:
        happened = BY_DECISION.get(name) or (
            f"{quoted(self.milestones.get(name, name))} is recorded"
        )
        as_these = either(
            quoted(self.milestones.get(f"{name}:{outcome}", outcome))
            for outcome in outcomes
            if outcome is not None
        )
        return f"{happened} as {as_these}" if as_these and None not in outcomes else happened

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
