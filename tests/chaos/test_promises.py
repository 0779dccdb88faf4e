"""`make chaos`: case systems that deduplicate nothing, looked up by reference or not at all."""

from pathlib import Path

import pytest
from chaos.counts import report
from chaos.plan import Plan, Promise
from chaos.processes import a_place
from chaos.storm import storm

pytestmark = pytest.mark.chaos
KILLS = 100  # a dead relay's leases are taken back before a call that is late ends


def _counts(title: str, promise: Promise, url: str, key: Path, folder: Path) -> dict[str, int]:
    plan = Plan(kills=KILLS, seconds=90, relays=2, people=4, promise=promise, delay=1.8)
    with a_place(url, key, folder) as place, storm(place, plan) as raging:
        raging.rage()
        raging.fall_quiet()
        evidence = raging.evidence()
    return report(f"{title} on {_name(url)}", raging, evidence)


def _name(url: str) -> str:
    return "sqlite" if url.startswith("sqlite") else "postgresql"


def test_h05_a_tray_that_can_be_looked_up_gets_every_task_once(
    stocked_url: str, issuer_key: Path, tmp_path: Path
) -> None:
    title, promise = "Looked up by reference", Promise.LOOKED_UP

    counts = _counts(title, promise, stocked_url, issuer_key, tmp_path)

    assert counts["calls reset after processing"] > 0
    assert counts["uncertain"] == 0


def test_h05_a_tray_that_promises_nothing_gets_no_task_twice_and_a_person_sees_the_doubt(
    stocked_url: str, issuer_key: Path, tmp_path: Path
) -> None:
    title, promise = "A tray that promises nothing", Promise.NOTHING

    counts = _counts(title, promise, stocked_url, issuer_key, tmp_path)

    assert counts["calls reset after processing"] > 0
    assert counts["uncertain"] > 0
