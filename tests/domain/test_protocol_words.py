"""The words that a protocol has for its codes, whichever page or alert asks for them."""

from dataclasses import replace

from builders import durham

from app.domain.pathway import Pathway
from app.domain.protocol_words import wording_of

HALF = durham().pathways[Pathway.STEP_UP]


def test_every_code_of_a_protocol_goes_by_the_words_that_it_declares() -> None:
    half = replace(HALF, statements={"views": "The child's views"}, factors={"1A": "Violence"})

    words = wording_of(half)

    assert words.statements == {"views": "The child's views"}
    assert words.factors == {"1A": "Violence"}
    assert words.consents == HALF.consents
    for name, kind in HALF.milestones.items():
        assert words.milestones[name] == kind.says
        assert {code: words.milestones[f"{name}:{code}"] for code in kind.outcomes} == dict(
            kind.outcomes
        )


def test_an_escalation_s_kinds_levels_and_outcomes_go_by_their_words() -> None:
    escalation = HALF.escalation
    assert escalation is not None
    words = wording_of(HALF).milestones

    assert escalation.kinds and escalation.levels and escalation.outcomes  # noqa: PT018
    for code, says in escalation.kinds.items():
        assert words[f"disagreement_raised:{code}"] == says
    for level in escalation.levels:
        assert words[f"disagreement_escalated:{level.code}"] == level.says
    for code, end in escalation.outcomes.items():
        assert words[f"disagreement_resolved:{code}"] == end.says


def test_a_protocol_without_an_escalation_has_no_words_of_one() -> None:
    words = wording_of(replace(HALF, escalation=None)).milestones

    assert not [code for code in words if code.startswith("disagreement")]
    assert set(HALF.milestones) <= set(words)
