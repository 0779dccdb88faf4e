"""A few connections that take turns, first come first served, a transaction each.

A commit is never cut off. One that waits for a standby which is not there has been kept by the
primary and by nobody else; cut off, it would show, and its repeat would be acknowledged although a
failover loses it. Where it takes too long the caller is told so, and it goes on without them.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from app.store.connections import Connection
from app.store.failures import StoreUnavailable, translated

Open = Callable[[], Awaitable[Connection]]


class Pool:
    """Connections of one database. One that failed is not used again."""

    def __init__(self, open_one: Open, size: int, patience: float) -> None:
        """`patience`: seconds to wait for a turn."""
        self._open, self._patience = open_one, patience
        self._turns = asyncio.Semaphore(size)
        self._idle: list[Connection] = []
        self._late: set[asyncio.Future[None]] = set()
        self._closed = False

    @asynccontextmanager
    async def transaction(self, begin: str = "BEGIN") -> AsyncIterator[Connection]:
        """A transaction that commits at the end, or rolls back on any exception.

        Raises:
            StoreUnavailable: no connection was free in time; and what the driver raises.
        """
        await self._turn()
        commit: asyncio.Future[None] | None = None
        try:
            connection = await self._begun(begin)
            try:
                yield connection
                commit = asyncio.ensure_future(connection.command("COMMIT"))
                await self._committed(commit)
            except BaseException as error:
                if commit is None or commit.done():
                    await self._roll_back(connection, error)
                raise
            await self._put_back(connection)
        finally:
            if commit is None or commit.done():
                self._turns.release()
            else:
                late = asyncio.ensure_future(self._see_out(commit, connection))
                self._late.add(late)
                late.add_done_callback(self._late.discard)

    async def close(self) -> None:
        """Hang up every connection that is idle, and the others once their transactions end.

        What commits has a last moment for it, and is then hung up on: it may come about yet.
        """
        self._closed = True
        if self._late:
            _, still = await asyncio.wait(self._late, timeout=self._patience)
            for late in still:
                late.cancel()
            await asyncio.gather(*still, return_exceptions=True)
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

    async def _begun(self, begin: str) -> Connection:
        """A connection with a transaction begun: an idle one that still answers, or a new one."""
        while self._idle:
            connection = self._idle.pop()
            if not connection.closed and await self._begins(connection, begin):
                return connection
            await connection.drop()
        connection = await self._open()
        try:
            await connection.command(begin)
        except BaseException:
            await connection.drop()
            raise
        return connection

    async def _begins(self, connection: Connection, begin: str) -> bool:
        """Whether it does; one whose other end went away while it was idle does not."""
        try:
            async with asyncio.timeout(self._patience):
                await connection.command(begin)
        except BaseException as error:
            if isinstance(translated(error), StoreUnavailable):
                return False
            await connection.drop()
            raise
        return True

    async def _committed(self, commit: asyncio.Future[None]) -> None:
        await asyncio.wait((commit,), timeout=self._patience)
        if not commit.done():
            raise StoreUnavailable("the commit takes too long, and may come about yet")
        commit.result()

    async def _see_out(self, commit: asyncio.Future[None], connection: Connection) -> None:
        """Take back a connection and its turn from a commit that takes its time."""
        try:
            await commit
        except BaseException as error:
            await connection.drop()
            if not isinstance(error, Exception):
                raise
        else:
            await self._put_back(connection)
        finally:
            self._turns.release()

    async def _roll_back(self, connection: Connection, error: BaseException) -> None:
        if connection.closed or isinstance(translated(error), StoreUnavailable):
            await connection.drop()
            return
        try:
            async with asyncio.timeout(self._patience):
                await connection.command("ROLLBACK")
        except BaseException as also:
            await connection.drop()
            if not isinstance(also, Exception):
                raise
        else:
            await self._put_back(connection)

    async def _put_back(self, connection: Connection) -> None:
        if self._closed:
            await connection.close()
        else:
            self._idle.append(connection)
