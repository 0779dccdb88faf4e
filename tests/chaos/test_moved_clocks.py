"""`make chaos`: clocks jump by minutes and hours, both ways, and pass the nights of a new time."""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from chaos.counts import report
from chaos.evidence import leased_until_after
from chaos.plan import Plan
from chaos.processes import Place, a_place
from chaos.storm import move, storm

pytestmark = pytest.mark.chaos
JUMPS = (-7200, -3600, -300, -60, -5, 0, 0, 5, 60, 300, 3600, 7200)
LATER = 3 * 3600
"""When all that waits for a time that a clock once showed is due."""
KILLS = 120
TAKEN_BACK = 10
"""Seconds: about one on a machine with nothing else to do."""
NIGHTS = {
    "summer time begins": datetime(2027, 3, 28, 0, 59, 55, tzinfo=UTC),
    "summer time ends": datetime(2027, 10, 31, 0, 59, 55, tzinfo=UTC),
}
MOVED = "clock, moved"


@dataclass(slots=True)
class Mover:
    """Moves the clock of the web or of the relays, and lets a process be killed in between."""

    place: Place
    moves: bool = True
    chance: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311

    def __call__(self) -> str | None:
        """Move a clock every other time."""
        self.moves = not self.moves
        if self.moves:
            return None
        move(self.place, self.chance.choice(["web", "relay"]), self.chance.choice(JUMPS))
        return MOVED


def test_h18_clocks_that_jump_by_hours_neither_double_nor_strand_a_delivery(
    stocked_url: str, issuer_key: Path, tmp_path: Path
) -> None:
    plan = Plan(kills=2 * KILLS, seconds=120, between=(0.05, 0.3))

    with a_place(stocked_url, issuer_key, tmp_path) as place, storm(place, plan) as raging:
        raging.rage(Mover(place))
        for who in ("web", "relay", "crowd"):
            move(place, who, LATER)
        raging.fall_quiet()
        evidence = raging.evidence()

    name = "sqlite" if stocked_url.startswith("sqlite") else "postgresql"
    report(f"Clocks that jump on {name}", raging, evidence)
    assert raging.killed[MOVED] == KILLS


def test_h04_what_a_relay_leased_whose_clock_was_an_hour_ahead_is_taken_back_in_seconds(
    stocked_url: str, issuer_key: Path, tmp_path: Path
) -> None:
    plan = Plan(kills=1, seconds=1, relays=1, people=2, weather=5, delay=0.5)

    def still_leased() -> int:
        return leased_until_after(stocked_url, datetime.now(UTC) + timedelta(minutes=30))

    with a_place(stocked_url, issuer_key, tmp_path) as place, storm(place, plan) as raging:
        move(place, "relay", 3600)
        raging.wait(lambda: still_leased() > 0, "nothing was leased")
        move(place, "relay", 0)
        raging.restart("relay")
        seconds = raging.wait(lambda: still_leased() == 0, "the leases were never taken back")

    print(f"\nLeases of an hour, taken back after {seconds:.1f} s")  # noqa: T201
    assert seconds < TAKEN_BACK


@pytest.mark.parametrize("night", NIGHTS)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_h18_the_nights_in_which_the_time_changes_pass_like_others(
    stocked_url: str, issuer_key: Path, tmp_path: Path, night: str
) -> None:
    ahead = int((NIGHTS[night] - datetime.now(UTC)).total_seconds())
    plan = Plan(kills=60, seconds=60, ahead=ahead, between=(0.05, 0.3))

    with a_place(stocked_url, issuer_key, tmp_path) as place, storm(place, plan) as raging:
        raging.rage()
        raging.fall_quiet()
        evidence = raging.evidence()

    counts = report(f"The night in which {night}", raging, evidence)
    assert counts["transfers acknowledged"] > 0
