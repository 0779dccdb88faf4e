"""Resolving a subscriber's host: to addresses that may be connected to, and no others."""

import asyncio
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from aiohttp.abc import AbstractResolver, ResolveResult

from app.domain.webhook_address import AllowedHosts

RESOLVERS = 8
Lookup = Callable[[str, int], list[str]]


class AddressRefused(Exception):
    """The host's address in the network is not one to connect to."""


class CheckedResolver(AbstractResolver):
    """Resolves a name to addresses that may be connected to, in threads of its own.

    A name server that hangs so keeps no other call of the process waiting, and one name no other.
    """

    def __init__(self, allowed: AllowedHosts, lookup: Lookup | None = None) -> None:
        self._allowed = allowed
        self._lookup = lookup or _looked_up
        self._threads = ThreadPoolExecutor(RESOLVERS, thread_name_prefix="webhook-names")
        self._asked: dict[tuple[str, int], asyncio.Future[list[str]]] = {}

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Every address of the host.

        Raises:
            AddressRefused: one of them is not to be connected to.
            OSError: the name is not known.
        """
        del family
        found = await self._found(host, port)
        if not found or not all(self._allowed.may_connect(host, port, ip) for ip in found):
            raise AddressRefused(host)
        return [
            ResolveResult(
                hostname=host,
                host=ip,
                port=port,
                family=socket.AF_INET6 if ":" in ip else socket.AF_INET,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST,
            )
            for ip in found
        ]

    async def _found(self, host: str, port: int) -> list[str]:
        """Where the name leads; whoever asks while an answer is awaited has a share in it."""
        name = (host, port)
        if name not in self._asked:
            loop = asyncio.get_running_loop()
            self._asked[name] = loop.run_in_executor(self._threads, self._lookup, host, port)
            self._asked[name].add_done_callback(lambda _: self._asked.pop(name))
        return await asyncio.shield(self._asked[name])

    async def close(self) -> None:
        """Let the threads end."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _looked_up(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))
