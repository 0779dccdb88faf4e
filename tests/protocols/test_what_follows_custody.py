"""What a protocol says of the time after custody has passed: read strictly, shown on its page."""

import pytest
from builders import TODAY

from app.cli.protocol.page import protocol_page
from app.domain.milestone_names import named
from app.domain.pathway import Pathway
from app.domain.protocol import CouncilProtocol
from app.protocols.reader import ProtocolError, parse_protocol
from app.protocols.shelf import SHIPPED, load_protocols

TEXT = (SHIPPED / "rochdale.toml").read_text(encoding="utf-8")
NAMED = 'outcomes_statement = "outcomes_wanted"\n'
REMAINS = '[step_up.origin_remains]\nuntil = "allocated"\nsays = "Stays"\nsource = "RO 6"\n\n'
STATEMENTS = "[step_up.statements]\n"


def written(*changes: tuple[str, str]) -> CouncilProtocol:
    """Rochdale's file with these changes, each at its first place."""
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return parse_protocol(text, "mine.toml")


def remaining(old: str, new: str) -> tuple[str, str]:
    """A table of who remains, with a change, in front of the statements."""
    return STATEMENTS, REMAINS.replace(old, new) + STATEMENTS


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ((NAMED, 'outcomes_statement = "wishes"\n'), "no statement wishes"),
        ((STATEMENTS, f"{STATEMENTS}x = 1\n"), "step_up.statements.x: is not text in quotes"),
        (
            ("custody_passes_on", f"{NAMED}custody_passes_on"),
            "step_up.outcomes_statement: only a step down names it",
        ),
        (remaining('"allocated"', '"moved"'), "step_up.origin_remains.until: no milestone moved"),
        (
            remaining('"allocated"', '"meeting_decided:perhaps"'),
            "step_up.origin_remains.until: no outcome meeting_decided:perhaps",
        ),
        (remaining("until", "till"), "step_up.origin_remains.until: missing"),
        (remaining("RO 6", "RO 99"), "step_up.origin_remains.source: no clause RO 99"),
        (remaining('source = "RO 6"\n', ""), "step_up.origin_remains.source: missing"),
    ],
)
def test_a_name_that_leads_nowhere_is_a_fault(change: tuple[str, str], fault: str) -> None:
    with pytest.raises(ProtocolError, match=fault):
        written(change)


def test_the_page_says_who_remains_and_which_statement_is_shown_again() -> None:
    page = protocol_page(written(remaining("", "")))

    assert "- Stays. Until every child is allocated to a worker. (RO 6; `origin_remains`)\n" in page
    shown = "- Shown again when the child comes back within 12 months: The outcomes that the plan "
    assert page.count(shown) == 1


def test_ce_t06_l12_early_help_s_lead_remains_on_both_routes_until_the_intervention() -> None:
    east = load_protocols(None).in_force("cheshire_east", TODAY)
    assert east is not None

    halves = {name: half.origin_remains for name, half in east.pathways.items()}

    up = halves[Pathway.STEP_UP]
    assert up is not None
    assert (up.until, up.source) == (named("intervention_decided"), "CE T6, L12")
    assert halves[Pathway.STEP_DOWN] is None
