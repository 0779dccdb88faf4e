"""Durham's flowchart (DF) asks the same of both pathways, but for what is listed here."""

from dataclasses import replace

import pytest
from builders import durham

from app.domain.clock_kind import ClockKind
from app.domain.condition import Condition
from app.domain.milestone_kind import MilestoneKind, Side
from app.domain.pathway import Pathway
from app.domain.protocol import Gate, Rule

UP, DOWN = (durham().pathways[pathway] for pathway in (Pathway.STEP_UP, Pathway.STEP_DOWN))
WRITTEN_UP = ("minutes_uploaded", "case_noted_in_lcs", "case_noted_in_ehm")
"""By Families First, which receives a step up and is the origin of a step down (DF 13, 22)."""
URGENT_CLOCK = "HZ-3-urgent"
PAPERS = ("DF-4-plan", "DF-5-evidence")


def in_words_alike(kind: MilestoneKind) -> MilestoneKind:
    """Without its words: "step up" here is "step down" there."""
    return replace(kind, says="", source="", note=None)


def counted(clock: ClockKind) -> ClockKind:
    """Without its words, and without the routes: a step down has one."""
    return replace(clock, says="", note=None, condition=on_any_route(clock.condition))


def on_any_route(condition: Condition) -> Condition:
    """The same for every route, where it is asked on the route of the meeting."""
    return replace(condition, routes=()) if condition.routes == ("meeting",) else condition


def test_the_pathways_have_the_same_milestones_but_for_the_contact_at_immediate_risk() -> None:
    ours = [in_words_alike(UP.milestones[name]) for name in DOWN.milestones]

    theirs = [in_words_alike(kind) for kind in DOWN.milestones.values()]
    assert UP.milestones.keys() - DOWN.milestones.keys() == {"receiving_manager_contacted"}
    assert [x for x in ours if x.name not in WRITTEN_UP] == [
        x for x in theirs if x.name not in WRITTEN_UP
    ]


@pytest.mark.parametrize("name", WRITTEN_UP)
def test_families_first_writes_the_case_up_whichever_side_it_is_on(name: str) -> None:
    up, down = UP.milestones[name], DOWN.milestones[name]

    assert (up.by, down.by) == (Side.EITHER, Side.ORIGIN)
    assert set(down.roles) < set(up.roles)
    assert in_words_alike(replace(up, by=down.by, roles=down.roles)) == in_words_alike(down)


@pytest.mark.parametrize("down", DOWN.clocks, ids=lambda clock: clock.code)
def test_a_clock_counts_alike_both_ways(down: ClockKind) -> None:
    (up,) = [clock for clock in UP.clocks if clock.code == down.code]

    if str(down.stops[0]) in WRITTEN_UP:
        assert (up.falls_to, up.tells) == (Side.RECEIVING, (Side.ORIGIN,))
        up = replace(up, falls_to=Side.ORIGIN, tells=(Side.RECEIVING,))
    assert counted(up) == counted(down)


def test_a_step_up_has_one_clock_more_for_the_urgent() -> None:
    ours = [clock.code for clock in UP.clocks if clock.code != URGENT_CLOCK]

    assert sorted(ours) == sorted(clock.code for clock in DOWN.clocks)


def test_the_flowchart_s_rules_are_the_same_both_ways_but_for_the_papers() -> None:
    up, down = (_of_the_flowchart(half.rules) for half in (UP, DOWN))

    assert up.keys() == down.keys()
    for code, rule in down.items():
        condition = rule.condition if Gate.COMPLETE in rule.gates else on_any_route(
            up[code].condition
        )  # fmt: skip
        assert replace(up[code], note=None, condition=condition) == replace(rule, note=None)


def _of_the_flowchart(rules: tuple[Rule, ...]) -> dict[str, Rule]:
    return {r.code: r for r in rules if r.code.startswith("DF-") and r.code not in PAPERS}
