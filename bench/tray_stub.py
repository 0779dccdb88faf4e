"""The tray stub: a gateway of its own process, that answers every duty task at once.

Run as `python -m bench.tray_stub`; it prints its port. `GET /seen` tells how many tasks it has, and
when the first and the last came; `GET /forget` empties it.
"""

import asyncio
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from time import time
from typing import cast

import httpx
import orjson
import uvloop

_REFERENCE = re.compile(rb'"reference":\s*"([^"]+)"')
_LENGTH = re.compile(rb"content-length:\s*(\d+)", re.IGNORECASE)
_TOKEN = {"access_token": "opaque-text"}
_TASK: Mapping[str, object] = {
    "state": "waiting", "received_at": "2026-05-05T09:00:00Z", "picked_up_at": None,
    "held_by": None, "started_at": None, "allocated_to": None, "records": [],
}  # fmt: skip


@dataclass(slots=True)
class Tray:
    """The tasks, each by its reference, and when the first and the last of them came."""

    seen: dict[str, float]


class Gateway(asyncio.Protocol):
    """HTTP/1.1 with keep-alive, as much as it takes."""

    def __init__(self, tray: Tray) -> None:
        self._tray = tray
        self._come = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Answer every request that is whole."""
        self._come += data
        while (end := self._come.find(b"\r\n\r\n")) >= 0:
            head = self._come[:end]
            length = _LENGTH.search(head)
            size = end + 4 + (int(length[1]) if length else 0)
            if len(self._come) < size:
                return
            body, self._come = self._come[end + 4 : size], self._come[size:]
            said = orjson.dumps(self._answer(head.split(b" ", 2)[1], body))
            self._transport.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                + str(len(said)).encode()
                + b"\r\n\r\n"
                + said
            )

    def _answer(self, path: bytes, body: bytes) -> Mapping[str, object]:
        seen = self._tray.seen
        if path == b"/seen":
            first, last = min(seen.values(), default=0.0), max(seen.values(), default=0.0)
            return {"tasks": len(seen), "first": first, "last": last}
        if path == b"/times":
            return dict(seen)
        if path == b"/forget":
            seen.clear()
            return {}
        if path == b"/oauth/token":
            return _TOKEN
        found = _REFERENCE.search(body)
        reference = found[1].decode() if found else ""
        seen.setdefault(reference, time())
        return {**_TASK, "reference": reference}


async def _serve() -> None:
    tray = Tray({})
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Gateway(tray), "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


@contextmanager
def tray_stub() -> Iterator[httpx.Client]:
    """The stub, started; a client of its own address."""
    command = [sys.executable, "-m", "bench.tray_stub"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port = process.stdout.readline().strip()
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
                yield client
        finally:
            process.terminate()


if __name__ == "__main__":
    uvloop.run(_serve())
