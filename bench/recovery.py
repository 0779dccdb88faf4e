"""Recovery: a relay is killed with a batch in flight; how soon another has delivered it all."""

import asyncio
from functools import partial
from time import time

import httpx

from bench import outbox_rows
from bench.dispatching import dispatcher, forget, seen_by, until_seen
from bench.measure import Figure, Goal, side_by_side
from bench.report import Report
from bench.stand import Stand
from bench.tray_stub import tray_stub

TASKS = 64


async def run(stand: Stand) -> Report:
    """Both stores, with a peer that lives and with a relay that is started again alone."""
    rounds = 1 if stand.quick else 3
    with tray_stub() as stub:
        found = await side_by_side(
            {
                f"{store}, {how}": partial(_recover, stand, stub, store, peer=how == PEER)
                for store in ("postgresql", "sqlite")
                for how in (PEER, ALONE)
            },
            rounds,
        )
    return Report(
        "Recovery of a killed relay's leases",
        f"{rounds} rounds: a relay has leased {TASKS} tasks and waits for answers of a tray that "
        "never come; SIGKILL; seconds until a tray that answers has every one of them. With a peer "
        "that runs already, or with a relay that is started again (its start, about a second of "
        "imports, is done before and not counted). The lease itself lasts 60 s.",
        tuple(Figure(name, "s", taken, Goal(2, at_most=True)) for name, taken in found.items()),
        NOTES,
    )


PEER, ALONE = "a living peer", "started again"


async def _recover(stand: Stand, stub: httpx.Client, store: str, *, peer: bool) -> float:
    """Seconds from the kill to the last task."""
    url = stand.database(store)
    await outbox_rows.ours(url, TASKS)
    forget(stub)
    server = await asyncio.start_server(_never, "127.0.0.1", 0)
    silent = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    with (
        httpx.Client(base_url=silent) as hangs,
        dispatcher("ours", url, hangs) as killed,
        dispatcher("ours", url, stub) as other,
    ):
        killed.go()
        await asyncio.sleep(1.5)
        if peer:
            other.go()
            await asyncio.sleep(1.0)
        if seen_by(stub)["tasks"] != 0:
            raise AssertionError("the relay that is to be killed had not leased them all")
        at = time()
        killed.kill()
        if not peer:
            other.go()
        seen = await until_seen(stub, TASKS)
        other.stop()
    server.close()
    return float(seen["last"] - at)


async def _never(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    """Takes the call, and says nothing."""
    while await reader.read(65_536):
        pass


NOTES = (
    (
        "A relay's sign of life is an advisory lock of its session on PostgreSQL, a locked file on "
        "SQLite: both end with the process. Every relay looks each half second who is missing, and "
        "takes back the leases of who is missing twice."
    ),
)
