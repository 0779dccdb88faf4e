"""The words that a protocol has for its own codes."""

from app.domain.milestone_names import (
    DISAGREEMENT_ESCALATED,
    DISAGREEMENT_RAISED,
    DISAGREEMENT_RESOLVED,
)
from app.domain.protocol import PathwayRules
from app.domain.rules.wording import Wording


def wording_of(half: PathwayRules) -> Wording:
    """The words that this half of a protocol has for its codes."""
    kinds = half.milestones.items()
    outcomes = {
        f"{name}:{code}": words for name, kind in kinds for code, words in kind.outcomes.items()
    }
    escalation = half.escalation
    if escalation is not None:
        ends = escalation.outcomes.items()
        outcomes |= {f"{DISAGREEMENT_RAISED}:{x}": says for x, says in escalation.kinds.items()}
        outcomes |= {f"{DISAGREEMENT_ESCALATED}:{x.code}": x.says for x in escalation.levels}
        outcomes |= {f"{DISAGREEMENT_RESOLVED}:{code}": end.says for code, end in ends}
    return Wording(
        milestones={name: kind.says for name, kind in kinds} | outcomes,
        statements=half.statements,
        factors=half.factors,
        consents=half.consents,
    )
