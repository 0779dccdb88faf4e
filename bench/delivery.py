"""Delivery: tasks a second from an outbox into a tray, against Procrastinate and DBOS."""

import subprocess
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import httpx

from bench import outbox_rows
from bench.dispatching import dispatcher, forget, until_seen
from bench.measure import Contender, Figure, Goal, ratios, side_by_side
from bench.report import Report
from bench.stand import Stand
from bench.tray_stub import tray_stub

MANY = 2000
ROUNDS = 3


@dataclass(slots=True)
class _Run:
    """A contender's rounds: each a database, its tasks, its process; and what they cost."""

    name: str
    prepare: Callable[[int], Awaitable[str]]
    stub: httpx.Client
    many: int
    cpu: list[float] = field(default_factory=list)

    async def __call__(self) -> float:
        """Tasks a second, from the first that the tray saw to the last."""
        url = await self.prepare(self.many)
        forget(self.stub)
        with dispatcher(self.name, url, self.stub) as process:
            process.go()
            seen = await until_seen(self.stub, self.many)
            self.cpu.append(process.stop() / self.many * 1000)
        return float((self.many - 1) / (seen["last"] - seen["first"]))


async def run(stand: Stand) -> Report:
    """Rounds of each in turn, each on a database of its own."""
    rounds, many = (1, 200) if stand.quick else (ROUNDS, MANY)

    async def on_ours(store: str, tasks: int) -> str:
        url = stand.database(store)
        await outbox_rows.ours(url, tasks)
        return url

    async def on_procrastinate(tasks: int) -> str:
        url = stand.postgres.create_database()
        await outbox_rows.procrastinate(url, tasks)
        return url

    async def on_dbos(tasks: int) -> str:
        url = stand.postgres.create_database()
        command = [sys.executable, "-m", "bench.outbox_rows", url, str(tasks)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: ASYNC221
        return url

    with tray_stub() as stub:
        runs = {
            "ours": _Run("ours", lambda n: on_ours("postgresql", n), stub, many),
            "ours on SQLite": _Run("ours", lambda n: on_ours("sqlite", n), stub, many),
            "Procrastinate": _Run("procrastinate", on_procrastinate, stub, many),
            "DBOS": _Run("dbos", on_dbos, stub, many // 4),
        }
        contenders: dict[str, Contender] = dict(runs)
        a_second = await side_by_side(contenders, rounds)
    ours, sqlite = a_second["ours"], a_second["ours on SQLite"]
    theirs = {name: a_second[name] for name in ("Procrastinate", "DBOS")}
    cpu = {name: tuple(run.cpu) for name, run in runs.items()}
    return Report(
        "Delivery into a tray",
        f"{rounds} rounds of {many:,} tasks ({many // 4:,} for DBOS), written before the clock "
        "starts, each to another transfer; from the first that the stub saw to the last. One "
        "process each, 64 pushes at once, the same stub in a process of its own, the same client "
        "(the relay's own), fsync on. Ours is the relay as it is run, with order, fencing and "
        "circuit, and records each receipt with its transfer: milestone, version, audit, clocks. "
        "Procrastinate and DBOS record that a job is done.",
        (
            Figure("ours / Procrastinate", "x", ratios(ours, theirs["Procrastinate"]), Goal(3)),
            Figure("ours / DBOS", "x", ratios(ours, theirs["DBOS"]), Goal(10)),
            *(Figure(name, "tasks/s", found) for name, found in a_second.items()),
            Figure(
                "processor time a task, Procrastinate's / ours", "x",
                ratios(cpu["Procrastinate"], cpu["ours"]),
            ),
            *(Figure(f"processor time a task, {name}", "ms", cpu[name]) for name in cpu),
            Figure("ours on SQLite / ours on PostgreSQL", "x", ratios(sqlite, ours)),
        ),
        NOTES,
    )  # fmt: skip


NOTES = (
    (
        "What made the difference: one transaction a step, that marks every push which has ended "
        "since the last and claims as many; the transfers of a batch loaded with one statement a "
        "table and recorded with one of each kind, all compiled once; no connection, transaction "
        "or commit for a single task. It took a task from 5.3 ms of the relay's processor time to "
        "0.6 ms, also by httpx's transport without its client. One batch is pushed while the one "
        "before it is marked."
    ),
    (
        "Where it falls short: on two processors the relay, PostgreSQL and the stub share what "
        "there is, and a mark is mostly PostgreSQL's work. Ours also does more for each task: what "
        "the tray said becomes part of the transfer."
    ),
)
