"""Connecting to whichever host of a PostgreSQL database writes now.

asyncpg asks one host after the other within one time limit, so that a dead machine, which does not
even refuse, would use up the time of the host that took over. Here all are asked at once and the
first that will do is taken.
"""

import asyncio
import socket
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial

import asyncpg

from app.store.failures import StoreUnavailable

GONE = 15
"""Seconds after which a machine that acknowledges nothing is gone, and its connections with it."""
_LOOKS = 3
WATCH = {
    "TCP_KEEPIDLE": GONE // _LOOKS,
    "TCP_KEEPINTVL": GONE // _LOOKS,
    "TCP_KEEPCNT": _LOOKS,
    "TCP_USER_TIMEOUT": GONE * 1000,
}
"""Linux has them all. Else it takes a quarter of an hour, or waits for ever for an answer."""


async def connect(
    host: str | list[str] | None = None,
    port: int | Sequence[int] | None = None,
    **given: object,
) -> asyncpg.Connection:
    """A connection to the host, or to the first of several that will do.

    Raises:
        StoreUnavailable: none lets us in, or none that does will do.
    """
    try:
        if isinstance(host, list) and isinstance(port, Sequence):
            connected = await _first(list(zip(host, port, strict=True)), given)
        else:
            connected = await asyncpg.connect(host=host, port=port, **given)
    except (OSError, asyncpg.PostgresError, asyncpg.InternalClientError) as error:
        raise StoreUnavailable(getattr(error, "sqlstate", type(error).__name__)) from error
    _watch(connected)
    return connected


def _watch(connection: asyncpg.Connection) -> None:
    """Have the system end it where the machine at its other end is gone without a word.

    A server that is slow or frozen is not gone: its machine acknowledges.
    """
    its_socket = connection._transport.get_extra_info("socket")  # noqa: SLF001 - asyncpg names none
    if its_socket.family in (socket.AF_INET, socket.AF_INET6):
        its_socket.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name in WATCH.keys() & vars(socket).keys():
            its_socket.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), WATCH[name])


async def _first(
    hosts: Sequence[tuple[str, int]], given: Mapping[str, object]
) -> asyncpg.Connection:
    """The first connection that is made; without any, what the first host died of is raised."""
    tries = [
        asyncio.create_task(asyncpg.connect(host=host, port=port, **given)) for host, port in hosts
    ]
    chosen = None
    try:
        for answer in asyncio.as_completed(tries):
            with suppress(Exception):
                chosen = await answer
                return chosen
        return tries[0].result()
    finally:
        for one in tries:
            one.cancel()
            one.add_done_callback(partial(_let_go, chosen=chosen))


def _let_go(one: asyncio.Task[asyncpg.Connection], chosen: asyncpg.Connection | None) -> None:
    """End what was connected besides, and hear what the others died of."""
    if not one.cancelled() and one.exception() is None and one.result() is not chosen:
        one.result().terminate()
