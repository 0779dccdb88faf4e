"""From the start of the process to the first answer that it is ready."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from app.cli.development import development_environment
from bench.listening import free_port
from bench.measure import Contender, Figure, side_by_side
from bench.report import Report
from bench.stand import Stand

PROCESS = [sys.executable, "-m", "app.cli"]
STARTS_WITHIN = 60.0


async def run(stand: Stand) -> Report:
    """Start the API again and again on a migrated database of each store."""
    contenders: dict[str, Contender] = {}
    for kind in ("sqlite", "postgresql"):
        contenders[f"{kind}: start to ready"] = _start(stand.folder / kind, stand.database(kind))
    contenders["python that imports the API alone"] = _import
    taken = await side_by_side(contenders, 2 if stand.quick else 5)
    figures = tuple(Figure(name, "s", samples) for name, samples in taken.items())
    return Report("Cold start of the API", _ABOUT, figures)


@contextmanager
def api(
    folder: Path, database: str
) -> Iterator[tuple[str, dict[str, str], subprocess.Popen[bytes]]]:
    """An API process that is being started: its address, its environment, the process."""
    port = free_port()
    settings = development_environment(folder, api_port=port)
    environment = os.environ | settings | {
        "TRANSFERS_DATABASE_URL": database, "TRANSFERS_LOG_LEVEL": "ERROR",
    }  # fmt: skip
    with subprocess.Popen([*PROCESS, "api", "--port", str(port)], env=environment) as process:
        try:
            yield f"http://127.0.0.1:{port}", environment, process
        finally:
            process.terminate()


def wait_until_ready(address: str) -> None:
    """Ask until it answers 200.

    Raises:
        TimeoutError: it did not in a minute.
    """
    began = time.perf_counter()
    with httpx.Client() as client:
        while time.perf_counter() - began < STARTS_WITHIN:
            try:
                if client.get(f"{address}/health/ready").status_code == httpx.codes.OK:
                    return
            except httpx.TransportError:
                time.sleep(0.005)
    raise TimeoutError(address)


def _start(folder: Path, database: str) -> Contender:
    async def start() -> float:
        began = time.perf_counter()
        with api(folder, database) as (address, _, _process):
            wait_until_ready(address)
            return time.perf_counter() - began

    return start


async def _import() -> float:
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", "import app.main")
    assert await process.wait() == 0
    return time.perf_counter() - began


_ABOUT = (
    "Seconds from exec to the first 200 of `/health/ready`, the protocols read and checked, on "
    "a migrated database. The import alone is most of it."
)
