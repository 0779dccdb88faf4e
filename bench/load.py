"""Load from a process of its own: so many callers at once, each on a connection that stays open.

Reads its work from standard input and prints what it saw, both JSON.
"""

import asyncio
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

import aiohttp
import orjson
from pydantic import TypeAdapter


@dataclass(frozen=True, slots=True)
class Work:
    """Paths to POST to with these headers, each with a key of its own."""

    url: str
    paths: Sequence[str]
    headers: dict[str, str]
    callers: int


@dataclass(frozen=True, slots=True)
class Seen:
    """Seconds of it all, and of each request in order; how many were not answered with 200."""

    seconds: float
    each: Sequence[float]
    refused: int

    @property
    def a_second(self) -> float:
        """Requests answered a second."""
        return len(self.each) / self.seconds

    def quantile(self, share: float) -> float:
        """That share of the requests was answered within so many milliseconds."""
        return 1000 * self.each[min(int(len(self.each) * share), len(self.each) - 1)]


_work, _seen = TypeAdapter(Work), TypeAdapter(Seen)


async def load(work: Work) -> Seen:
    """Do the work in another process."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.load"), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    told, _ = await process.communicate(orjson.dumps(work))
    return _seen.validate_json(told)


async def _do(work: Work) -> Seen:
    todo, took, refused = list(reversed(work.paths)), [], 0
    connector = aiohttp.TCPConnector(limit=work.callers)
    async with aiohttp.ClientSession(connector=connector, headers=work.headers) as session:

        async def call() -> None:
            nonlocal refused
            while todo:
                path = todo.pop()
                began = time.perf_counter()
                own = {"Idempotency-Key": path.replace("/", "-")}
                async with session.post(work.url + path, data=b"{}", headers=own) as answer:
                    await answer.read()
                    refused += answer.status != 200
                took.append(time.perf_counter() - began)

        began = time.perf_counter()
        await asyncio.gather(*(call() for _ in range(work.callers)))
        return Seen(time.perf_counter() - began, sorted(took), refused)


if __name__ == "__main__":
    found = asyncio.run(_do(_work.validate_json(sys.stdin.buffer.read())))
    sys.stdout.buffer.write(_seen.dump_json(found))
