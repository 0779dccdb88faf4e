"""The words that a protocol has for its own codes."""

from app.domain.protocol import PathwayRules
from app.domain.rules.wording import Wording


def wording_of(half: PathwayRules) -> Wording:
    """The words that this half of a protocol has for its codes."""
    kinds = half.milestones.items()
    outcomes = {
        f"{name}:{code}": words for name, kind in kinds for code, words in kind.outcomes.items()
    }
    return Wording(
        milestones={name: kind.says for name, kind in kinds} | outcomes,
        statements=half.statements,
        factors=half.factors,
        consents=half.consents,
    )
