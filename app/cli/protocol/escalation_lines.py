"""How disagreements are settled, as lines of a page."""

from app.cli.protocol.milestone_lines import SIDES
from app.cli.protocol.phrases import cites, noted, people, sentence
from app.domain.escalation import Escalation, Level, Outcome, Then

THEN = {
    Then.GOES_AHEAD: "The meeting's decision is overruled, or a declined task is sent again.",
    Then.TAKEN_BACK: "The origin has it back.",
    Then.STAYS: "Nothing moves.",
}


def escalation_lines(escalation: Escalation | None) -> list[str]:
    """The ladder, its levels in order, the kinds and the outcomes; none where there is none."""
    if escalation is None:
        return []
    said = [f"- {sentence(escalation.says)}", "The lead stays where it is until it is resolved."]
    if escalation.agreed_by:
        said.append(f"Once all agree it is resolved by {people(escalation.agreed_by)}.")
    said += [*noted(escalation.note), cites(escalation.source, "escalation")]
    return [
        " ".join(said),
        *(_level(number, level) for number, level in enumerate(escalation.levels, start=1)),
        *(f"- Kind: {sentence(says)} (`{kind}`)" for kind, says in escalation.kinds.items()),
        *(_outcome(code, outcome) for code, outcome in escalation.outcomes.items()),
    ]


def _level(number: int, level: Level) -> str:
    said = [
        f"- Level {number}: {sentence(level.says)}",
        f"Resolved there by {people(level.decides)} of {SIDES[level.by]}.",
    ]
    return " ".join([*said, *noted(level.note), cites(level.source, level.code)])


def _outcome(code: str, outcome: Outcome) -> str:
    return f"- Outcome: {sentence(outcome.says)} {THEN[outcome.then]} (`{code}`)"
