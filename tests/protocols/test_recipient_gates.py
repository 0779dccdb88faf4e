"""A recipient is held to every rule about it, wherever one is chosen, asked about or sent to."""

import pytest
from builders import TODAY

from app.domain.breach import Severity
from app.domain.pathway import Pathway
from app.domain.protocol import Gate
from app.domain.rules import recipient as about_the_recipient
from app.protocols.shelf import load_protocols

EVERYWHERE = (Gate.EDIT, Gate.FINALISE, Gate.DISPATCH)
WITH_A_MEETING = (Gate.EDIT, Gate.SUBMIT_TO_MEETING, Gate.FINALISE, Gate.DISPATCH)


@pytest.mark.parametrize(
    ("council", "pathway", "gates"),
    [
        ("islington", Pathway.STEP_DOWN, WITH_A_MEETING),
        ("rochdale", Pathway.STEP_UP, EVERYWHERE),
        ("rochdale", Pathway.STEP_DOWN, EVERYWHERE),
    ],
)
def test_ll_03_13_the_right_team_is_asked_about_at_every_gate(
    council: str, pathway: Pathway, gates: tuple[Gate, ...]
) -> None:
    protocol = load_protocols(None).in_force(council, TODAY)
    assert protocol is not None

    about = [
        rule
        for rule in protocol.pathways[pathway].rules
        if type(rule.needs).__module__ == about_the_recipient.__name__
        and rule.severity is Severity.MUST
    ]

    assert len(about) == 6
    assert {rule.gates for rule in about} == {gates}
