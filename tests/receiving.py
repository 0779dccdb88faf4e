"""A subscriber on a real socket, which answers as it is told."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from ssl import SSLContext

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def answer(status: str, *headers: str, body: bytes = b"") -> bytes:
    lines = (f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "", "")
    return "\r\n".join(lines).encode() + body


class Receiver:
    """A subscriber on a port of its own, which answers as it is told."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer
        self.requests: list[tuple[str, dict[str, str], bytes]] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        line, *fields = head.rstrip().split("\r\n")
        headers = dict(field.lower().split(": ", 1) for field in fields)
        raw = dict(field.split(": ", 1) for field in fields)
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        self.requests.append((line, {k.lower(): v for k, v in raw.items()}, body))
        writer.write(self.answer)
        await writer.drain()
        writer.close()


@asynccontextmanager
async def listening(serve: Serve, tls: SSLContext | None = None) -> AsyncIterator[int]:
    """The port at which it is served; every connection ends with it."""
    under_way: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    async def serving(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(_quietly(serve, reader, writer))
        under_way[task] = writer
        await asyncio.wait([task])

    server = await asyncio.start_server(serving, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task, writer in under_way.items():
            task.cancel()
            writer.close()
        await asyncio.gather(*under_way, return_exceptions=True)
        for writer in under_way.values():
            with suppress(OSError):
                await writer.wait_closed()


async def _quietly(
    serve: Serve, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    with suppress(OSError, asyncio.IncompleteReadError):
        await serve(reader, writer)
