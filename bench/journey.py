"""Both journeys from opening to completion: what they cost, and what each step asks for."""

import asyncio
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from journeys.forms import step_down, step_up
from journeys.world import World, new_world

from app import logs
from app.dev_issuer import make_key
from bench.asked_of_the_store import Counted, counting
from bench.measure import Contender, Figure, side_by_side
from bench.report import Report
from bench.stand import Stand

Json = Any
Step = tuple[str, str, Callable[[], object]]
"""Its name, why it must commit, and the doing of it."""
_TICK = os.sysconf("SC_CLK_TCK")


async def run(stand: Stand) -> Report:
    """Play both on both stores, over HTTP, with the real relay and the mock case systems."""
    return await asyncio.to_thread(_run, stand)  # the world has loops of its own


def _run(stand: Stand) -> Report:
    logs.configure("ERROR")
    key = stand.folder / "issuer.json"
    make_key(key)
    figures: list[Figure] = []
    tables: list[str] = []
    for kind in ("sqlite", "postgresql"):
        with new_world(stand.database(kind), key) as world:
            figures += asyncio.run(_costs(world, kind, 2 if stand.quick else 10))
            if kind == "postgresql":
                tables = [_table(name, play(world)) for name, play in JOURNEYS.items()]
    return Report("The whole journey", _ABOUT, tuple(figures), tuple(tables))


async def _costs(world: World, kind: str, rounds: int) -> list[Figure]:
    def playing(play: Callable[[World], Iterator[Step]]) -> Contender:
        async def a_few() -> float:
            began = _cpu_of_ours()
            for _ in range(TIMES):
                for _, _, do in play(world):
                    do()
            return TIMES / (_cpu_of_ours() - began)

        return a_few

    contenders = {name: playing(play) for name, play in JOURNEYS.items()}
    await side_by_side(contenders, rounds=1)
    taken = await side_by_side(contenders, rounds)
    return [Figure(f"{kind}: {name}", "a second a core", taken[name]) for name in JOURNEYS]


def _table(name: str, steps: Iterator[Step]) -> str:
    rows = [f"| {name} | commits | reads | round trips | why it commits |"]
    rows.append("| --- | ---: | ---: | ---: | --- |")
    whole = Counted()
    for step, why, do in steps:
        with counting() as counted:
            do()
        whole += counted
        rows.append(f"| {step} | {counted.commits} | {counted.reads} | {counted.asked} | {why} |")
    rows.append(f"| **all** | {whole.commits} | {whole.reads} | {whole.asked} | |")
    return "\n".join(rows)


def _step_up(world: World) -> Iterator[Step]:
    worker, manager = world.as_("op.worker"), world.as_("op.manager")
    made: dict[str, Json] = {}

    def keep(name: str, value: Json) -> None:
        made[name] = value

    yield "open", "the draft", lambda: keep("draft", worker.open(step_up(world)))
    yield "finalise", FINALISE, lambda: keep("sent", worker.act("finalise", made["draft"]))
    yield "task to the tray", TASK, world.settle
    lcs = world.lcs

    def start() -> None:
        keep("record", lcs.start(made["sent"]["reference"], "ff.manager")[0])
        lcs.wait_for_callbacks()

    yield "picked up and started in LCS", "each report", start
    yield "the referral date is put right", DATE, world.settle

    def allocate() -> None:
        record = made["record"]["record_id"]
        lcs.press(f"/referrals/{record}/finalise")
        lcs.press(f"/referrals/{record}/allocate", {"worker": "ff.socialworker"})
        world.settle()

    yield "allocated in LCS", "the report", allocate
    closed = {"closed_on": str(world.today)}
    yield "closed, and completed", CLOSED, lambda: manager.act("closing", made["draft"], closed)


def _step_down(world: World) -> Iterator[Step]:
    worker, manager = world.as_("ff.socialworker"), world.as_("ff.manager")
    made: dict[str, Json] = {}

    def keep(name: str, value: Json) -> None:
        made[name] = value

    yield "open", "the draft", lambda: keep("draft", worker.open(step_down(world)))
    yield "finalise", "what the author said", lambda: worker.act("finalise", made["draft"])
    yield "authorise", FINALISE, lambda: keep("sent", manager.act("authorise", made["draft"]))
    yield "task to the tray", TASK, world.settle
    ehm = world.ehm

    def start() -> None:
        keep("record", ehm.start(made["sent"]["reference"], "op.manager")[0])
        ehm.wait_for_callbacks()

    yield "picked up and started in EHM", "each report", start
    yield "the start date is checked", DATE, world.settle

    def allocate() -> None:
        record = made["record"]["record_id"]
        ehm.press(f"/episodes/{record}/finalise")
        ehm.press(f"/episodes/{record}/allocate", {"lead_professional": "op.keyworker"})
        world.settle()

    yield "allocated in EHM", "the report", allocate
    closed = {"closed_on": str(world.today)}
    yield "closed, and completed", CLOSED, lambda: manager.act("closing", made["draft"], closed)


def _cpu_of_ours() -> float:
    """Processor time of this process, but for this thread's and the mocks'."""
    mocks = [t for t in threading.enumerate() if t.name.endswith("(run)")][:2]
    others = sum(_cpu_of(thread.native_id) for thread in mocks)
    return time.process_time() - time.thread_time() - others


def _cpu_of(thread: int | None) -> float:
    fields = Path(f"/proc/self/task/{thread}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICK


TIMES = 5
FINALISE = "transfer, audit, clocks and the task in the outbox: one or none"
TASK = "a lease before the push, for whoever dies in it; its outcome after"
DATE = "a lease and an outcome for each message: read, correct, read again"
CLOSED = "the closing and the completion that follows from it: one"
JOURNEYS = {"step up": _step_up, "step down": _step_down}
_ABOUT = (
    "Journeys over HTTP in one process, one after the other: the processor time of the web's and "
    "the relay's threads, without that of the mock case systems and of whoever presses the links. "
    "The database's own is not in it where it is a server. Each action follows a read. "
    "The tables count what PostgreSQL is asked: transactions that write, transactions that only "
    "read, and the round trips of both."
)
