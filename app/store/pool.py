"""A few connections that take turns, first come first served, a transaction each."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from app.store.connections import Connection
from app.store.failures import StoreUnavailable, translated

Open = Callable[[], Awaitable[Connection]]


class Pool:
    """Connections of one database. One that failed is not used again."""

    def __init__(self, open_one: Open, size: int, begin: str, patience: float) -> None:
        """`patience`: seconds to wait for a turn."""
        self._open, self._begin, self._patience = open_one, begin, patience
        self._turns = asyncio.Semaphore(size)
        self._idle: list[Connection] = []

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """A transaction that commits at the end, or rolls back on any exception.

        Raises:
            StoreUnavailable: no connection was free in time; and what the driver raises.
        """
        await self._turn()
        try:
            connection = await self._begun()
            try:
                yield connection
                await connection.command("COMMIT")
            except BaseException as error:
                await self._roll_back(connection, error)
                raise
            self._idle.append(connection)
        finally:
            self._turns.release()

    async def close(self) -> None:
        """Hang up every connection that is idle."""
        while self._idle:
            await self._idle.pop().close()

    async def _turn(self) -> None:
        if not self._turns.locked():
            await self._turns.acquire()
            return
        try:
            async with asyncio.timeout(self._patience):
                await self._turns.acquire()
        except TimeoutError as error:
            raise StoreUnavailable("no connection was free in time") from error

    async def _begun(self) -> Connection:
        """A connection with a transaction begun: an idle one that still answers, or a new one."""
        while self._idle:
            connection = self._idle.pop()
            if not connection.closed and await self._begins(connection):
                return connection
            await connection.drop()
        connection = await self._open()
        try:
            await connection.command(self._begin)
        except BaseException:
            await connection.drop()
            raise
        return connection

    async def _begins(self, connection: Connection) -> bool:
        """Whether it does; one whose other end went away while it was idle does not."""
        try:
            await connection.command(self._begin)
        except BaseException as error:
            if isinstance(translated(error), StoreUnavailable):
                return False
            await connection.drop()
            raise
        return True

    async def _roll_back(self, connection: Connection, error: BaseException) -> None:
        if connection.closed or isinstance(translated(error), StoreUnavailable):
            await connection.drop()
            return
        try:
            await connection.command("ROLLBACK")
        except BaseException as also:
            await connection.drop()
            if not isinstance(also, Exception):
                raise
        else:
            self._idle.append(connection)
