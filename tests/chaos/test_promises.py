"""`make chaos`: case systems that deduplicate nothing, looked up by reference or not at all."""

from pathlib import Path

import pytest
from chaos.counts import report
from chaos.plan import Plan, Promise
from chaos.processes import a_place
from chaos.storm import storm

pytestmark = pytest.mark.chaos
KILLS = 100  # a dead relay's leases are taken back before a call that is late ends


def _plan(promise: Promise) -> Plan:
    return Plan(kills=KILLS, seconds=90, relays=2, people=4, promise=promise, delay=1.8)


def _name(url: str) -> str:
    return "sqlite" if url.startswith("sqlite") else "postgresql"


def test_h05_a_tray_that_can_be_looked_up_gets_every_task_once(
    stocked_url: str, issuer_key: Path, tmp_path: Path
) -> None:
    plan = _plan(Promise.LOOKED_UP)

    with a_place(stocked_url, issuer_key, tmp_path) as place, storm(place, plan) as raging:
        raging.rage()
        raging.fall_quiet()
        evidence = raging.evidence()

    counts = report(f"Looked up by reference on {_name(stocked_url)}", raging, evidence)
    assert counts["calls reset after processing"] > 0
    assert counts["uncertain"] == 0


def test_h05_a_tray_that_promises_nothing_gets_no_task_twice_and_a_person_sees_the_doubt(
    stocked_url: str, issuer_key: Path, tmp_path: Path
) -> None:
    plan = _plan(Promise.NOTHING)

    with a_place(stocked_url, issuer_key, tmp_path) as place, storm(place, plan) as raging:
        raging.rage()
        raging.fall_quiet()
        evidence = raging.evidence()

    counts = report(f"A tray that promises nothing on {_name(stocked_url)}", raging, evidence)
    assert counts["calls reset after processing"] > 0
    assert counts["uncertain"] > 0
