"""The three drivers' connections: asyncpg's, aiosqlite's for readers, sqlite3's for the writer."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, overload

import aiosqlite
from sqlalchemy import Connection as SyncConnection
from sqlalchemy import CursorResult, Executable
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.selectable import TypedReturnsRows
from typing_extensions import override

from app.store.connections import Columns, Connection, Core, Found, Given, Result

AS_LONG_AS_IT_TAKES = 1e9
"""Seconds, in place of the connection's `command_timeout`, which would cut a commit off."""


class _OnCore(Connection):
    """What both asynchronous drivers do by their connection of Core."""

    def __init__(self, core: AsyncConnection) -> None:
        self._core = core

    @override
    @property
    def core(self) -> Core:
        return self._core

    @override
    async def close(self) -> None:
        await self._core.close()


class OnPostgres(_OnCore):
    """asyncpg's."""

    def __init__(self, core: AsyncConnection, driver: Any) -> None:  # noqa: ANN401 - asyncpg has no types
        super().__init__(core)
        self._driver = driver

    @override
    async def fetch(self, text: str, values: Sequence[Any]) -> Found:
        found: Found = await self._driver.fetch(text, *values)
        return found

    @override
    async def change(self, text: str, values: Sequence[Any]) -> int:
        status: str = await self._driver.execute(text, *values)
        return int(status.rpartition(" ")[2])  # "UPDATE 1", "INSERT 0 1"

    @override
    async def change_many(self, text: str, rows: Sequence[Sequence[Any]]) -> None:
        if len(rows) == 1:
            await self._driver.execute(text, *rows[0])
        else:
            await self._driver.executemany(text, rows)

    @override
    async def command(self, text: str) -> None:
        """Run it; of several, the last one tells how they went.

        Raises:
            ConnectionError: a COMMIT that PostgreSQL answers with ROLLBACK.
        """
        limit = AS_LONG_AS_IT_TAKES if text == "COMMIT" else None
        status = await self._driver.execute(text, timeout=limit)
        if status != text.rpartition("; ")[2].partition(" ")[0]:
            raise ConnectionError(f"{text} did not come about")

    @override
    async def drop(self) -> None:
        self._driver.terminate()
        await _close_quietly(self._core)

    @override
    @property
    def closed(self) -> bool:
        return bool(self._driver.is_closed())


class OnSqliteThread(_OnCore):
    """aiosqlite's.

    Each statement is a hop to the connection's own thread, so that a long one keeps nobody waiting.
    """

    def __init__(self, core: AsyncConnection, driver: aiosqlite.Connection) -> None:
        super().__init__(core)
        self._driver = driver

    @override
    async def fetch(self, text: str, values: Sequence[Any]) -> Found:
        found: Found = list(await self._driver.execute_fetchall(text, values))
        return found

    @override
    async def change(self, text: str, values: Sequence[Any]) -> int:
        async with self._driver.execute(text, values) as cursor:
            return cursor.rowcount

    @override
    async def change_many(self, text: str, rows: Sequence[Sequence[Any]]) -> None:
        async with self._driver.executemany(text, rows):
            pass

    @override
    async def command(self, text: str) -> None:
        await self._driver.execute_fetchall(text)

    @override
    @property
    def closed(self) -> bool:
        return False

    @override
    async def drop(self) -> None:
        await _close_quietly(self._core)


class OnSqliteHere(Connection):
    """sqlite3's, in the event loop's own thread.

    A writer's statements take microseconds each, a hop to another thread and back takes more. Only
    what waits for the disk, a COMMIT, is worth one.
    """

    def __init__(self, connection: SyncConnection, driver: sqlite3.Connection) -> None:
        self._core = _CoreHere(connection)
        self.driver = driver

    @override
    @property
    def core(self) -> Core:
        return self._core

    @override
    async def fetch(self, text: str, values: Sequence[Any]) -> Found:
        return self.driver.execute(text, values).fetchall()

    @override
    async def change(self, text: str, values: Sequence[Any]) -> int:
        return self.driver.execute(text, values).rowcount

    @override
    async def change_many(self, text: str, rows: Sequence[Sequence[Any]]) -> None:
        self.driver.executemany(text, rows)

    @override
    async def command(self, text: str) -> None:
        self.driver.execute(text)

    @override
    @property
    def closed(self) -> bool:
        return False

    @override
    async def close(self) -> None:
        self._core.sync_connection.close()

    @override
    async def drop(self) -> None:
        await self.close()


class _CoreHere:
    """Core on a connection that never waits."""

    def __init__(self, connection: SyncConnection) -> None:
        self.sync_connection = connection
        self.dialect = connection.dialect

    @overload
    async def execute(
        self, statement: TypedReturnsRows[*Columns], parameters: Given = None
    ) -> CursorResult[*Columns]: ...

    @overload
    async def execute(
        self, statement: Executable, parameters: Given = None
    ) -> CursorResult[*tuple[Any, ...]]: ...

    async def execute(self, statement: Executable, parameters: Given = None) -> Any:
        return self.sync_connection.execute(statement, parameters)

    async def run_sync(self, work: Callable[[SyncConnection], Result]) -> Result:
        return work(self.sync_connection)

    async def exec_driver_sql(
        self,
        statement: str,
        parameters: Any = None,  # noqa: ANN401 - as SQLAlchemy has it
    ) -> CursorResult[*tuple[Any, ...]]:
        return self.sync_connection.exec_driver_sql(statement, parameters)


async def _close_quietly(core: AsyncConnection) -> None:
    with suppress(Exception):
        await core.invalidate()
    with suppress(Exception):
        await core.close()
