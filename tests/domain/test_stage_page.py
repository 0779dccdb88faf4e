"""The page of stages is the table of transitions, drawn."""

from pathlib import Path

import pytest

from app.domain.diagram import mermaid, stage_page, table
from app.domain.pathway import TRANSITIONS, Action, Stage, transition

PAGE = Path(__file__).parents[2] / "docs" / "stages.md"


def test_the_committed_page_is_the_one_that_the_code_draws() -> None:
    assert PAGE.read_text(encoding="utf-8") == stage_page()


def test_the_diagram_has_an_arrow_for_every_way_and_an_end() -> None:
    drawn = mermaid().splitlines()

    arrows = [line for line in drawn if "-->" in line]
    assert len(arrows) == sum(len(row.sources) or 1 for row in TRANSITIONS) + 2
    assert "    [*] --> draft: open" in arrows
    assert "    awaiting_authorisation --> dispatched: authorise" in arrows
    assert "    draft --> dispatched: finalise (ungated)" in arrows
    assert [line.strip() for line in arrows[-2:]] == ["completed --> [*]", "cancelled --> [*]"]


def test_every_row_of_the_table_cites_its_clause() -> None:
    rows = table().splitlines()[2:]

    assert len(rows) == len(TRANSITIONS)
    assert all(row.split("|")[-2].strip().startswith(("DL ", "DF ")) for row in rows)


def test_no_action_leads_from_a_stage_in_two_ways() -> None:
    for gated in (True, False):
        for stage in (None, *Stage):
            for action in Action:
                rows = [
                    row
                    for row in TRANSITIONS
                    if row.action is action
                    and (stage in row.sources if stage else not row.sources)
                    and row.gated in (None, gated)
                ]
                assert len(rows) <= 1
                assert transition(action, stage, gated=gated) == (rows[0] if rows else None)


def test_every_stage_is_reached_and_only_the_ends_are_not_left() -> None:
    reached = {row.target for row in TRANSITIONS}
    left = {source for row in TRANSITIONS for source in row.sources}

    assert reached == set(Stage)
    assert set(Stage) - left == {Stage.COMPLETED, Stage.CANCELLED}


@pytest.mark.parametrize("gated", [True, False])
def test_one_protocol_s_diagram_has_its_own_ways_and_says_of_none_whose_it_is(
    gated: bool,  # noqa: FBT001 - as drawn
) -> None:
    arrows = {line.strip() for line in mermaid(gated=gated).splitlines() if "-->" in line}

    assert "[*] --> draft: open" in arrows
    assert "draft --> cancelled: cancel" in arrows
    assert ("draft --> awaiting_authorisation: finalise" in arrows) is gated
    assert ("draft --> dispatched: finalise" in arrows) is not gated
    assert {arrow.rsplit(": ")[-1] for arrow in arrows if ": " in arrow} <= {*Action}
