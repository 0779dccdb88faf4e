"""Wake-up: how long a task that was just finalised takes into the tray, while nothing else is."""

import asyncio
import statistics
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from time import perf_counter, time
from typing import Any

import httpx
import orjson
from builders import actor, child, opening, situation
from sqlalchemy import text

from app.domain import commands as c
from app.domain.decide import decide
from app.domain.open_transfer import open_transfer
from app.domain.transfer import Transfer
from app.store.engine import Store
from app.store.unit_of_work import record
from bench import outbox_rows
from bench.dispatchers import QUEUE
from bench.dispatching import dispatcher, forget, times_in
from bench.measure import Figure, Goal, ratios, side_by_side
from bench.report import Report
from bench.stand import Stand
from bench.tray_stub import tray_stub

Send = Callable[[int], Awaitable[str]]
"""Sends task number so and so; its reference."""
PROCRASTINATE = "the same with Procrastinate"
_DEFER = text(
    "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW(:queue, 'push', 0, NULL, NULL, "
    "CAST(:arguments AS jsonb), NULL)::procrastinate_job_to_defer_v1])"
)
PAUSE = 0.1
WRITERS = 8


async def run(stand: Stand) -> Report:
    """Each contender in turn, its process started anew and idle; then commits with and without."""
    rounds, tasks = (1, 10) if stand.quick else (3, 25)
    with tray_stub() as stub:
        ways = {
            "ours, poll": lambda: _ours(stand, stub, "postgresql", "poll", tasks),
            "ours, notify": lambda: _ours(stand, stub, "postgresql", "notify", tasks),
            "ours on SQLite, poll": lambda: _ours(stand, stub, "sqlite", "poll", tasks),
            PROCRASTINATE: lambda: _procrastinate(stand, stub, tasks),
            "a job of Procrastinate's alone": lambda: _defer(stand, stub, tasks),
        }
        idle = await side_by_side(ways, rounds)
    many = 40 if stand.quick else 400
    commits = await side_by_side(
        {
            "without": lambda: _commits(stand, many, notifies=False),
            "with": lambda: _commits(stand, many, notifies=True),
        },
        rounds,
    )
    ours, theirs = idle["ours, poll"], idle[PROCRASTINATE]
    return Report(
        "From finalise into the tray, at idle",
        f"{rounds} rounds of {tasks} tasks, one at a time, {PAUSE * 1000:.0f} ms apart: from "
        "before finalise (every rule, audit, clocks, one transaction) to the moment when the stub "
        "has the task; a sample is a round's median. With Procrastinate, the same transaction "
        "holds a job of its own in place of our row. fsync on. "
        f"Then commits of finalise, {WRITERS} at once, with and without NOTIFY in the transaction.",
        (
            Figure("ours, poll (the default)", "ms", ours, Goal(10, at_most=True)),
            Figure(
                f"ours, poll / {PROCRASTINATE}", "x", ratios(ours, theirs), Goal(1, at_most=True)
            ),
            *(Figure(name, "ms", idle[name]) for name in ways if name != "ours, poll"),
            Figure(
                "commits with NOTIFY / without", "x", ratios(commits["with"], commits["without"])
            ),
            Figure("commits without NOTIFY", "a second", commits["without"]),
        ),
        NOTES,
    )


async def _ours(
    stand: Stand, stub: httpx.Client, store_name: str, wake_up: str, tasks: int
) -> float:
    url = stand.database(store_name)
    store = Store(url, notifies=wake_up == "notify")
    drafts = await _drafts(store, tasks + 2)

    async def finalise(number: int) -> str:
        return await _finalised(store, drafts[number])

    median = await _of_process(stub, "ours", url, finalise, tasks, relay_wake_up=wake_up)
    await store.close()
    return median


async def _procrastinate(stand: Stand, stub: httpx.Client, tasks: int) -> float:
    """The same finalise in one transaction, with a job of Procrastinate's in place of our row."""
    url = stand.database("postgresql")
    await outbox_rows.procrastinate(url, 0)
    store = Store(url)
    drafts = await _drafts(store, tasks + 2)
    body = outbox_rows.task_body()

    async def finalise(number: int) -> str:
        where = situation(datetime.now(UTC))
        decision = decide(drafts[number], c.Finalise(), actor("op.worker"), where)
        reference = decision.after.reference
        arguments = orjson.dumps({"reference": reference, "body": body}).decode()
        async with store.write() as tx:
            await record(tx, replace(decision, messages=()), where)
            await tx.connection.execute(_DEFER, {"queue": QUEUE, "arguments": arguments})
        return reference

    median = await _of_process(stub, "procrastinate", url, finalise, tasks)
    await store.close()
    return median


async def _defer(stand: Stand, stub: httpx.Client, tasks: int) -> float:
    """Procrastinate alone: a job, and no finalise."""
    import procrastinate as library  # noqa: PLC0415 - of the group bench alone

    url = stand.postgres.create_database()
    await outbox_rows.procrastinate(url, 0)
    app: Any = library.App(connector=library.PsycopgConnector(conninfo=url))
    body = outbox_rows.task_body()

    async def defer(number: int) -> str:
        reference = f"procrastinate-{number}"
        job = app.configure_task("push", queue=QUEUE)
        await job.defer_async(reference=reference, body=body)
        return reference

    async with app.open_async():
        return await _of_process(stub, "procrastinate", url, defer, tasks)


async def _of_process(
    stub: httpx.Client, name: str, url: str, send: Send, tasks: int, **settings: str
) -> float:
    with dispatcher(name, url, stub, **settings) as process:
        process.go()
        median = await _median(stub, send, tasks)
        process.stop()
    return median


async def _median(stub: httpx.Client, send: Send, tasks: int) -> float:
    """Milliseconds, after two that warm it up."""
    forget(stub)
    await asyncio.sleep(1.0)
    begun: dict[str, float] = {}
    for number in range(tasks + 2):
        at = time()
        reference = await send(number)
        if number > 1:
            begun[reference] = at
        await asyncio.sleep(PAUSE)
    await asyncio.sleep(1.0)
    seen = times_in(stub)
    return statistics.median((seen[reference] - at) * 1000 for reference, at in begun.items())


async def _drafts(store: Store, many: int) -> list[Transfer]:
    now, drafts = datetime.now(UTC), []
    await outbox_rows.directory(store)
    async with store.write() as tx:
        for number in range(many):
            command = opening(children=(child(f"WAKE{number}"),), id=outbox_rows.numbered(number))
            opened = open_transfer(command, actor("op.worker"), situation(now))
            await record(tx, opened, situation(now))
            drafts.append(opened.after)
    return drafts


async def _finalised(store: Store, draft: Transfer) -> str:
    where = situation(datetime.now(UTC))
    decision = decide(draft, c.Finalise(), actor("op.worker"), where)
    async with store.write() as tx:
        await record(tx, decision, where)
    return decision.after.reference


async def _commits(stand: Stand, many: int, *, notifies: bool) -> float:
    """Finalised a second, several at once."""
    store = Store(stand.database("postgresql"), notifies=notifies)
    drafts = iter(await _drafts(store, many))

    async def work() -> None:
        for draft in drafts:
            await _finalised(store, draft)

    begun = perf_counter()
    await asyncio.gather(*(work() for _ in range(WRITERS)))
    took = perf_counter() - begun
    await store.close()
    return many / took


NOTES = (
    (
        "Each relay has a lookout of its own: a session that asks every 3 ms for the last id of "
        "the outbox, on SQLite a reader that asks for the version of the data, in microseconds. "
        "With news, the relay claims at once and does not look first. NOTIFY is a setting."
    ),
)
