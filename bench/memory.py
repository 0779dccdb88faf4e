"""Memory of a web process and of a relay over a long run of load."""

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date, timedelta
from itertools import count
from pathlib import Path

from app.cli.demo.command import playing
from app.cli.demo.forms import step_up, step_up_form
from app.cli.demo.processes import Running
from app.cli.demo.stage_hands import Person, expected, person
from app.domain.london import local_date
from bench.measure import Figure, Goal
from bench.report import Report
from bench.stand import Stand

PEOPLE = 4
"""Who call at once."""
STEADY = Goal(100, at_most=True)
WATCHED = ("api", "relay")
_children = count(1)


async def run(stand: Stand) -> Report:
    """Open, read, list, count and finalise, again and again, and look at both processes."""
    return await asyncio.to_thread(_run, stand)


def _run(stand: Stand) -> Report:
    rounds, warm = (3, 1) if stand.quick else (20, 6)
    seen: dict[str, list[float]] = {name: [] for name in WATCHED}
    with playing(stand.folder, "Durham") as running, ThreadPoolExecutor(PEOPLE) as pool:
        pids = {name: _pid_of(name) for name in WATCHED}
        for _ in range(rounds):
            list(pool.map(_a_share, [running] * PEOPLE))
            for name, pid in pids.items():
                seen[name].append(_kib(pid))
    figures: list[Figure] = []
    for name, kib in seen.items():
        growth = tuple(later - kib[warm - 1] for later in kib[warm:])
        each = tuple(grown / (n + 1) for n, grown in enumerate(growth))
        figures.append(Figure(f"{name}: resident", "MiB", tuple(one / 1024 for one in kib[warm:])))
        figures.append(Figure(f"{name}: growth in {PER_ROUND:,} requests", "KiB", each, STEADY))
    return Report(
        "Memory under load", _ABOUT.format(warm=warm * PER_ROUND), tuple(figures), (_NOTE,)
    )


def _a_share(running: Running) -> None:
    """One person's share of a round."""
    worker = person(running, "op.worker")
    today = local_date(running.now)
    for _ in range(PER_ROUND // PEOPLE // CALLS):
        _send(worker, today)
        _look(worker)
    worker.api.close()


def _send(worker: Person, today: date) -> None:
    child = {"child_id": f"M{next(_children)}", "name": "A child", "date_of_birth": "2016-02-03"}
    form = step_up_form(today)
    form["meeting"]["decision"] = "agreed"
    opening = step_up(today - timedelta(days=200)) | {"children": [child], "form": form}
    opened = expected(worker.post("/v1/transfers", opening), 201)
    worker.act(opened, "finalise")
    worker.get(f"/v1/transfers/{opened['id']}")


def _look(worker: Person) -> None:
    for path in ("transfers", "transfers?late=true", "transfers/counts", "clocks", "alerts"):
        worker.get(f"/v1/{path}")


def _pid_of(name: str) -> int:
    """The process of ours that was started with that command."""
    ours = (x for x in Path("/proc").iterdir() if x.name.isdecimal() and _is_child(x))
    (found,) = (int(x.name) for x in ours if name in (x / "cmdline").read_text().split("\0"))
    return found


def _is_child(process: Path) -> bool:
    with suppress(OSError):
        fields = (process / "stat").read_text().rpartition(")")[2].split()
        return int(fields[1]) == os.getpid()
    return False


def _kib(pid: int) -> float:
    """Resident memory."""
    status = Path(f"/proc/{pid}/status").read_text()
    return float(status.partition("VmRSS:")[2].split()[0])


PER_ROUND = 1_000
CALLS = 8
"""How often one round of one person calls."""
_ABOUT = (
    "Four people call the API of a demonstration on SQLite: each opens a transfer, finalises it, "
    "reads it and looks at five boards, while the relay pushes the tasks into a mock tray. The "
    "resident memory of both processes after every 1,000 requests, the first {warm:,} left out as "
    "warming up; growth is measured from there."
)
_NOTE = (
    "What grows in the API is SQLite's page cache, which keeps up to 32 MiB of the file a "
    "connection, five connections a process, and then no more. With 500 KiB instead, the same run "
    "ended at 73 KiB in 1,000 requests, and at 0.1 MiB over its last six rounds."
)
