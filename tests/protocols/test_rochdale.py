"""Rochdale's file, and the service's own document, against what its protocol promises families."""

import pytest
from api.contract import document
from builders import TODAY

from app.domain.pathway import Pathway
from app.domain.protocol import Gate, PathwayRules
from app.domain.rules import form as about_the_form
from app.protocols.shelf import load_protocols

STORY = about_the_form.__name__


def half(pathway: Pathway) -> PathwayRules:
    found = load_protocols(None).in_force("rochdale", TODAY)
    assert found is not None
    return found.pathways[pathway]


@pytest.mark.parametrize("pathway", Pathway)
def test_ro_01_no_rule_at_start_or_allocate_asks_for_a_field_a_form_or_a_statement(
    pathway: Pathway,
) -> None:
    rules = half(pathway).rules
    asking = {rule.code for rule in rules if type(rule.needs).__module__ == STORY}
    afterwards = {rule.code for rule in rules if {Gate.START, Gate.ALLOCATE} & set(rule.gates)}

    assert "RO-2-level" in asking
    assert afterwards == {"RO-14-roles"}
    assert asking.isdisjoint(afterwards)


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ("HolderBody", {"worker"}),
        ("StartBody", {"records", "not_taken"}),
        ("NotTakenBody", {"child_id", "reason", "comment"}),
        ("NewRecordBody", {"child_id", "record_id", "created_at", "dated"}),
        ("AllocateBody", {"worker"}),
    ],
)
def test_ro_01_the_receiving_side_has_no_field_to_tell_the_story_in_again(
    body: str, fields: set[str]
) -> None:
    schema = document()["components"]["schemas"][body]

    assert set(schema["properties"]) == fields
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize("pathway", Pathway)
def test_ro_27_there_are_eight_kinds_of_disagreement_and_no_ninth(pathway: Pathway) -> None:
    escalation = half(pathway).escalation

    assert escalation is not None
    assert len(escalation.kinds) == 8


def test_ro_02_28_both_pathways_ask_the_same_but_for_what_travels_and_who_is_there_already() -> (
    None
):
    up, down = half(Pathway.STEP_UP), half(Pathway.STEP_DOWN)

    def ours(rules: PathwayRules) -> dict[str, tuple[object, ...]]:
        asked = (rule for rule in rules.rules if rule.code.startswith("RO-"))
        return {r.code: (r.gates, r.severity, r.needs, r.condition, r.source) for r in asked}

    differ = {code for code, _ in ours(up).items() ^ ours(down).items()}
    assert differ == {
        "RO-1-contact-record",
        "RO-1-assessment-or-plan",
        "RO-4-plan",
        "RO-10-members",
        "RO-22-lead",
    }
    assert up.clocks == down.clocks
    assert up.statements == down.statements


def test_ro_12_15_27_both_pathways_record_the_same_by_the_same_people() -> None:
    up, down = half(Pathway.STEP_UP).milestones, half(Pathway.STEP_DOWN).milestones

    kinds = [
        {name: (k.by, k.roles, k.after, k.gives_time, set(k.outcomes)) for name, k in of.items()}
        for of in (up, down)
    ]

    assert kinds[0] == kinds[1]
