"""The contenders of the delivery benches, each a process: `python -m bench.dispatchers NAME …`.

Each says "ready", works from the line that it is then told until the next one, and says how much
processor time it used. Ours is the real relay with its adapters, fencing, order and circuit, and
records what the tray answered with the transfer; the others push the same body with the same
client, and record that their job is done.
"""

import asyncio
import logging
import sys
from typing import Any

import orjson
import structlog

from adapters.http import GatewayClient, GatewaySettings
from app.relay import Relay
from app.settings import Settings
from bench.measure import cpu_seconds

AT_ONCE = 64
QUEUE = "lcs"


async def _told() -> str:
    return str(await asyncio.to_thread(sys.stdin.readline)).strip()


def _say(**what: object) -> None:
    sys.stdout.write(orjson.dumps(what).decode() + "\n")
    sys.stdout.flush()


def _client(stub: str) -> GatewayClient:
    return GatewayClient(GatewaySettings(stub, "bench", "bench"))


async def _push(client: GatewayClient, reference: str, body: dict[str, Any]) -> None:
    said = {"reference": reference, **body}
    key = {"Idempotency-Key": reference}
    answer = await client.call("POST", "/duty-tasks", body=said, headers=key)
    if answer.body.get("reference") != reference:
        raise ValueError("an answer about another task")


async def ours(url: str, stub: str, **settings: str) -> None:
    """The relay, as `transfers relay` runs it."""
    given: dict[str, Any] = {"lcs_url": stub, "ehm_url": stub, "relay_batch": AT_ONCE, **settings}
    relay = Relay(Settings(_env_file=None, environment="development", database_url=url, **given))
    stop = asyncio.Event()
    _say(ready=True)
    await _told()
    used = cpu_seconds()
    running = asyncio.create_task(relay.run(stop))
    await _told()
    used = cpu_seconds() - used
    stop.set()
    await running
    _say(cpu=used)


async def procrastinate(url: str, stub: str) -> None:
    """Procrastinate's own worker, woken by NOTIFY as it is by default."""
    import procrastinate as library  # noqa: PLC0415 - of the group bench alone

    app = library.App(connector=library.PsycopgConnector(conninfo=url))
    client = _client(stub)

    @app.task(queue=QUEUE, name="push")  # type: ignore[untyped-decorator]
    async def push(reference: str, body: dict[str, Any]) -> None:
        await _push(client, reference, body)

    async with app.open_async():
        _say(ready=True)
        await _told()
        used = cpu_seconds()
        running = asyncio.create_task(
            app.run_worker_async(queues=[QUEUE], concurrency=AT_ONCE, install_signal_handlers=False)
        )
        await _told()
        used = cpu_seconds() - used
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    await client.close()
    _say(cpu=used)


async def dbos(url: str, stub: str) -> None:
    """DBOS: a queued workflow of one step a task."""
    from dbos import DBOS  # noqa: PLC0415 - as above

    client = _client(stub)
    DBOS(config={"name": "bench", "system_database_url": url, "log_level": "ERROR",
                 "executor_id": "bench", "application_version": "1"})  # fmt: skip

    @DBOS.step()  # type: ignore[untyped-decorator]
    async def send(reference: str, body: dict[str, Any]) -> None:
        await _push(client, reference, body)

    @DBOS.workflow(name="push")  # type: ignore[untyped-decorator]
    async def push(reference: str, body: dict[str, Any]) -> None:
        await send(reference, body)

    _say(ready=True)
    await _told()
    used = cpu_seconds()
    DBOS.launch()
    await DBOS.register_queue_async(QUEUE, concurrency=AT_ONCE, polling_interval_sec=0.1)
    await _told()
    used = cpu_seconds() - used
    DBOS.destroy()
    await client.close()
    _say(cpu=used)


CONTENDERS = {"ours": ours, "procrastinate": procrastinate, "dbos": dbos}

if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    name, *arguments = sys.argv[1:]
    more = dict(argument.split("=", 1) for argument in arguments[2:])
    asyncio.run(CONTENDERS[name](arguments[0], arguments[1], **more))
