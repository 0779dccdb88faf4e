"""`make chaos`: the disk of an SQLite file fills up again and again, and has room again."""

import random
import resource
from dataclasses import dataclass, field
from itertools import count as counting
from pathlib import Path

import pytest
from chaos.counts import report
from chaos.cut_wal import log_of
from chaos.plan import Plan
from chaos.processes import a_place
from chaos.storm import Storm, storm

pytestmark = pytest.mark.chaos
TIMES = 60
FULL, ROOM = "disk, full", "disk, with room again"
NO_LIMIT = resource.RLIM_INFINITY
PLAN = Plan(kills=2 * TIMES, seconds=240, webs=2, relays=1, between=(0.1, 0.5), lease=1.5)


@dataclass(slots=True)
class FullDisk:
    """No file of the service may grow beyond a size that it reaches in the middle of a commit."""

    raging: Storm
    log: Path
    chance: random.Random = field(default_factory=lambda: random.Random(1))  # noqa: S311
    turns: counting = field(default_factory=lambda: counting(1))  # type: ignore[type-arg]

    def __call__(self) -> str:
        """Fill the disk up; the next time make room again."""
        full = next(self.turns) % 2 == 1
        size = self.log.stat().st_size if self.log.exists() else 0
        most = self.chance.randint(size // 2, size + 60_000) if full else NO_LIMIT
        for process in self.raging.serving():
            resource.prlimit(process, resource.RLIMIT_FSIZE, (most, NO_LIMIT))
        return FULL if full else ROOM


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_h04_a_full_disk_loses_nothing_and_the_service_goes_on_when_there_is_room(
    stocked_url: str, issuer_key: Path, tmp_path: Path
) -> None:
    log = log_of(Path(stocked_url.removeprefix("sqlite:///")))

    with a_place(stocked_url, issuer_key, tmp_path) as place, storm(place, PLAN) as raging:
        raging.rage(FullDisk(raging, log))
        raging.fall_quiet()
        evidence = raging.evidence()

    counts = report("Full disk on sqlite", raging, evidence)
    assert raging.killed[FULL] == raging.killed[ROOM] == TIMES
    assert counts["of them after a retry"] > 0
