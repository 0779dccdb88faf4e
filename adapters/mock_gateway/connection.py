"""Dropping a connection for real: the client hears a reset, and not one byte of an answer."""

import socket
import struct
from asyncio import BaseTransport

from starlette.types import Receive

_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


def is_gone(receive: Receive) -> bool:
    """Say whether uvicorn knows that the client has hung up."""
    return bool(getattr(_cycle(receive), "disconnected", False))


async def drop(receive: Receive) -> None:
    """Reset the TCP connection under this request, which must be served by uvicorn.

    Raises:
        ConnectionResetError: There is no connection, as when a test calls the app directly.
    """
    transport = getattr(_cycle(receive), "transport", None)
    if transport is None:
        raise ConnectionResetError("a scripted fault dropped the connection")
    _reset_on_close(transport)
    transport.abort()
    while (await receive())["type"] != "http.disconnect":
        pass


def _cycle(receive: Receive) -> object:
    """Reach uvicorn's request-response cycle, of which `receive` is a method."""
    return getattr(receive, "__self__", None)


def _reset_on_close(transport: BaseTransport) -> None:
    """Let the kernel send RST, not FIN, when the transport closes."""
    inner = transport.get_extra_info("socket")
    with socket.fromfd(inner.fileno(), inner.family, inner.type) as same:
        same.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
