"""The checklist: each coming gate's rules with their answers, the same as the decision's."""

from dataclasses import replace

import pytest
from builders import actor, durham, situation, transfer_at

from app.domain import commands as c
from app.domain.breach import Breach, Severity
from app.domain.checklist import GateList, checklist, coming_gates
from app.domain.decide import decide
from app.domain.errors import RulesBroken
from app.domain.form import Form
from app.domain.pathway import Pathway, Stage
from app.domain.protocol import Gate
from app.domain.transfer import Transfer

ALL_OPEN = [gate.value for gate in Gate if gate not in (Gate.OPEN, Gate.AUTHORISE)]


def listed(transfer: Transfer) -> dict[Gate, GateList]:
    """The checklist by gate."""
    return {part.gate: part for part in checklist(transfer, situation())}


def broken(part: GateList) -> list[Breach]:
    return [item.breach for item in part.items if item.breach is not None]


@pytest.mark.parametrize(
    ("stage", "gated", "gates"),
    [
        (Stage.DRAFT, False, ALL_OPEN),
        (Stage.DRAFT, True, [gate.value for gate in Gate if gate is not Gate.OPEN]),
        (
            Stage.AWAITING_AUTHORISATION,
            True,
            [gate.value for gate in Gate if gate is not Gate.OPEN],
        ),
        (Stage.PICKED_UP, False, ALL_OPEN),
        (Stage.STARTED, False, ["allocate", "complete"]),
        (Stage.ALLOCATED, True, ["complete"]),
        (Stage.COMPLETED, True, []),
        (Stage.CANCELLED, False, []),
    ],
)
def test_a_gate_is_coming_while_some_way_leads_to_it(
    stage: Stage, *, gated: bool, gates: list[str]
) -> None:
    assert coming_gates(stage, gated=gated) == tuple(gates)


def test_every_rule_of_a_gate_is_listed_with_whether_it_holds() -> None:
    draft = transfer_at(Stage.DRAFT)
    facts, rules = situation().facts(draft), durham().pathways[Pathway.STEP_UP]

    finalise = listed(draft)[Gate.FINALISE]

    asked = rules.asked((Gate.FINALISE,), facts)
    assert [item.rule for item in finalise.items] == list(asked)
    assert (broken(finalise), finalise.open) == ([], True)


def test_what_is_missing_is_listed_in_the_very_words_of_the_refusal() -> None:
    empty = replace(transfer_at(Stage.DRAFT), form=Form())

    finalise = listed(empty)[Gate.FINALISE]
    with pytest.raises(RulesBroken) as refusal:
        decide(empty, c.Finalise(), actor("op.worker"), situation())

    assert broken(finalise) == list(refusal.value.breaches)
    assert not finalise.open


def test_a_gate_with_warnings_alone_is_open() -> None:
    form = replace(transfer_at(Stage.DRAFT).form, meeting=Form().meeting)

    finalise = listed(transfer_at(Stage.DRAFT, form=form))[Gate.FINALISE]

    assert {breach.severity for breach in broken(finalise)} == {Severity.SHOULD}
    assert finalise.open


def test_the_meeting_s_gate_lists_what_a_submitted_case_is_held_to() -> None:
    submit = listed(transfer_at(Stage.DRAFT))[Gate.SUBMIT_TO_MEETING]

    codes = [breach.code for breach in broken(submit)]
    assert codes == ["DF-1-discussed", "DF-2-agreed", "DF-5-evidence"]
    assert not submit.open


def test_rules_of_another_route_are_not_listed() -> None:
    urgent = listed(transfer_at(Stage.DRAFT, route="immediate_risk"))

    codes = {item.rule.code for part in urgent.values() for item in part.items}
    assert "DL-1-contact" in codes
    assert not any(code.startswith(("DL-4", "DF-1", "DF-9")) for code in codes)
    assert Gate.SUBMIT_TO_MEETING not in urgent


def test_gates_at_which_nothing_is_asked_are_left_out() -> None:
    allocated = listed(transfer_at(Stage.ALLOCATED))

    assert list(allocated) == [Gate.COMPLETE]
    assert listed(transfer_at(Stage.COMPLETED)) == {}
