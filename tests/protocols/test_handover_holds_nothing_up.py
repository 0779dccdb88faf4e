"""No protocol may let a transfer wait for its handover."""

from pathlib import Path

import pytest

import app.protocols
from app.domain.breach import Severity
from app.domain.handover import GIVES_TIME
from app.domain.protocol import Gate
from app.domain.rules.milestone import AnyMilestone
from app.protocols.reader import ProtocolError, parse_protocol

PACKS = sorted(Path(app.protocols.__file__).parent.glob("*.toml"))
DURHAM = next(pack for pack in PACKS if pack.stem == "durham").read_text(encoding="utf-8")
BEFORE_COMPLETE = [gate for gate in Gate if gate is not Gate.COMPLETE]
WORDS = "a handover never delays the transfer"


def ruled(gate: str, needs: str, severity: str = "must", more: str = "") -> str:
    """Durham with one more rule."""
    return f"""{DURHAM}
[[step_up.rules]]
code = "X-1"
gates = ["{gate}"]
severity = "{severity}"
needs = {needs}
says = "Do it"
source = "DF 19"
{more}
"""


def refusal(text: str) -> str:
    with pytest.raises(ProtocolError) as refused:
        parse_protocol(text, "x.toml")
    return str(refused.value)


@pytest.mark.parametrize("gate", BEFORE_COMPLETE)
@pytest.mark.parametrize(
    "needs",
    [
        '{ milestone = "handover_visited" }',
        '{ any_milestone = ["handover_visited", "handover_taf_held"] }',
        '{ milestone_with_recipient = "next_taf_passed_over" }',
        '{ settled = { raised = "declined", resolved = "handover_visited" } }',
    ],
)
def test_df_19_a_must_rule_before_completion_may_not_need_the_handover(
    gate: Gate, needs: str
) -> None:
    assert WORDS in refusal(ruled(gate, needs))


@pytest.mark.parametrize(
    ("gate", "needs", "severity"),
    [
        ("complete", '{ milestone = "handover_visited" }', "must"),
        ("allocate", '{ milestone = "handover_visited" }', "should"),
        ("allocate", '{ any_milestone = ["handover_visited", "signed_off"] }', "must"),
        ("allocate", '{ milestone = "signed_off" }', "must"),
    ],
)
def test_what_waits_for_no_handover_before_completion_is_sound(
    gate: str, needs: str, severity: str
) -> None:
    assert parse_protocol(ruled(gate, needs, severity), "x.toml").code == "durham"


def test_nor_may_it_need_what_only_comes_after_the_handover() -> None:
    later = """
[step_up.milestones.thanked]
says = "Both were thanked"
by = "either"
source = "DF 19"
after = ["handover_visited", "handover_taf_held"]
"""

    assert WORDS in refusal(ruled("allocate", '{ milestone = "thanked" }', more=later))


def test_nor_does_custody_wait_for_it() -> None:
    passes_on = "custody_passes_on"
    text = DURHAM.replace(f'{passes_on} = "allocated"', f'{passes_on} = "handover_visited"')

    assert WORDS in refusal(text)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('visited = "handover_visited"', 'visited = "nothing"', "no milestone nothing"),
        (
            'next_taf = "next_taf_passed_over"',
            'next_taf = "handover_visited"',
            "handover_visited gives no time",
        ),
        (
            'visited = "handover_visited"',
            'seen = "handover_visited"',
            "unknown key",
        ),
    ],
)
def test_a_part_is_a_milestone_that_fits(old: str, new: str, words: str) -> None:
    assert words in refusal(DURHAM.replace(old, new, 1))


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.stem)
def test_no_council_s_gate_before_completion_waits_for_its_handover(pack: Path) -> None:
    for half in parse_protocol(pack.read_text(encoding="utf-8"), pack.name).pathways.values():
        parts = set(half.handover.values())
        asked = [
            {name.name for name in rule.needs.milestones}
            for rule in half.rules
            if rule.severity is Severity.MUST
            and set(rule.gates) & set(BEFORE_COMPLETE)
            and isinstance(rule.needs, AnyMilestone)
        ]
        assert not any(names <= parts for names in asked)
        assert half.custody_passes_on not in parts
        for part in GIVES_TIME:
            assert part not in half.handover or half.milestones[half.handover[part]].gives_time
