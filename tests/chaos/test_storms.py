"""`make chaos`: a thousand processes killed on each store, and every task accounted for."""

import os
from pathlib import Path

import pytest
from chaos.counts import report
from chaos.plan import Plan
from chaos.processes import a_place
from chaos.storm import storm

pytestmark = pytest.mark.chaos
KILLS = int(os.environ.get("CHAOS_KILLS", "1000"))
PLANS = {
    "sqlite": Plan(kills=KILLS, seconds=300, between=(0.03, 0.2), webs=2, relays=2, people=4),
    "postgresql": Plan(kills=KILLS, seconds=300, between=(0.03, 0.2), webs=3, relays=2, people=6),
}


def test_h04_a_thousand_kills_lose_nothing_and_double_nothing(
    stocked_url: str, issuer_key: Path, tmp_path: Path
) -> None:
    name = "sqlite" if stocked_url.startswith("sqlite") else "postgresql"
    plan = PLANS[name]

    with a_place(stocked_url, issuer_key, tmp_path) as place, storm(place, plan) as raging:
        raging.rage()
        raging.fall_quiet()
        evidence = raging.evidence()

    counts = report(f"Kills on {name}", raging, evidence)
    assert raging.killed["web"] + raging.killed["relay"] >= KILLS
    assert counts["calls reset after processing"] > 0
