"""What the benches say of what they measured."""

import asyncio
from pathlib import Path

import pytest

from bench import report as kept_reports
from bench.measure import Figure, Goal, ratios, side_by_side
from bench.report import Report, keep, lines

HALF = Figure("ours / theirs", "x", (0.4, 0.6, 0.5), Goal(0.6))


def test_contenders_take_turns_at_going_first() -> None:
    went: list[str] = []

    async def one() -> float:
        went.append("one")
        return 1.0

    async def other() -> float:
        went.append("other")
        return 2.0

    samples = asyncio.run(side_by_side({"one": one, "other": other}, rounds=2))

    assert went == ["one", "other", "other", "one"]
    assert samples == {"one": (1.0, 1.0), "other": (2.0, 2.0)}


def test_a_ratio_is_taken_round_by_round() -> None:
    assert ratios((2.0, 9.0), (4.0, 3.0)) == (0.5, 3.0)


@pytest.mark.parametrize(
    ("goal", "median", "met"),
    [
        (Goal(0.6), 0.6, True),
        (Goal(0.6), 0.59, False),
        (Goal(10, at_most=True), 10, True),
        (Goal(10, at_most=True), 10.1, False),
    ],
)
def test_a_goal_holds_to_its_limit(goal: Goal, median: float, met: bool) -> None:  # noqa: FBT001
    assert goal.met_by(median) is met


def test_a_figure_that_falls_short_says_so() -> None:
    *_, row = lines(Report("Finalise", "How.", (HALF,)))

    assert row == "| ours / theirs | 0.5 x | 0.4 to 0.6 | ≥ 0.6 | **falls short** |"


def test_results_hold_every_report_that_was_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_reports, "FOLDER", tmp_path)
    monkeypatch.setattr(kept_reports, "RESULTS", tmp_path / "RESULTS.md")

    keep("finalise", Report("Finalise", "How.", (HALF,), ("Why.",)))
    keep("memory", Report("Memory", "How long.", ()))

    page = kept_reports.RESULTS.read_text()
    assert page.index("## Finalise") < page.index("Why.") < page.index("## Memory")
    assert "cores" in page
