"""The short form of `make chaos`, for every run of the tests: a few kills on each store."""

from pathlib import Path

from chaos.counts import report
from chaos.plan import Plan
from chaos.processes import a_place
from chaos.storm import storm

SHORT = Plan(
    kills=5, seconds=3, webs=2, relays=1, people=3, between=(0.03, 0.12), down=0, lease=1.1
)


def test_h04_h05_a_few_kills_lose_nothing_and_double_nothing(
    stocked_url: str, issuer_key: Path, tmp_path: Path
) -> None:
    with a_place(stocked_url, issuer_key, tmp_path) as place, storm(place, SHORT) as raging:
        raging.rage()
        raging.fall_quiet()
        evidence = raging.evidence()

    counts = report("A short storm", raging, evidence)
    assert raging.killed.total() == SHORT.kills
    assert counts["transfers acknowledged"] > 0
    assert counts["delivered"] > 0
