"""A contender of the delivery benches in its process, and the stub that it delivers to."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import orjson

LONGEST = 90.0
LOOK = 0.02


@dataclass(slots=True)
class Dispatcher:
    """One process of `python -m bench.dispatchers`."""

    process: "subprocess.Popen[str]"

    def go(self) -> None:
        """Let it work."""
        self._tell("go")

    def stop(self) -> float:
        """Let it end; the processor time that it used while it worked."""
        self._tell("stop")
        told = self._hear()
        self.process.wait(30)
        return float(told["cpu"])

    def kill(self) -> None:
        """SIGKILL."""
        self.process.kill()
        self.process.wait(30)

    def _tell(self, word: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()

    def _hear(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        told: dict[str, Any] = orjson.loads(self.process.stdout.readline())
        return told


@contextmanager
def dispatcher(name: str, url: str, stub: httpx.Client, **settings: object) -> Iterator[Dispatcher]:
    """That contender, ready to go."""
    more = (f"{setting}={value}" for setting, value in settings.items())
    command = [sys.executable, "-m", "bench.dispatchers", name, url, str(stub.base_url), *more]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        started = Dispatcher(process)
        try:
            assert started._hear()["ready"]  # noqa: SLF001 - its other half
            yield started
        finally:
            process.kill()


def forget(stub: httpx.Client) -> None:
    """Empty the stub."""
    stub.get("/forget").raise_for_status()


def seen_by(stub: httpx.Client) -> dict[str, Any]:
    """How many tasks the stub has, and when the first and the last came."""
    seen: dict[str, Any] = stub.get("/seen").json()
    return seen


def times_in(stub: httpx.Client) -> dict[str, float]:
    """When each task came."""
    times: dict[str, float] = stub.get("/times").json()
    return times


async def until_seen(stub: httpx.Client, many: int) -> dict[str, Any]:
    """Wait until so many tasks are in the stub; what it says of them."""
    async with asyncio.timeout(LONGEST):
        while True:
            seen = seen_by(stub)
            if seen["tasks"] >= many:
                return seen
            await asyncio.sleep(LOOK)
