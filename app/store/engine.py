"""Opening the store: one shape for both databases.

SQLite has one writer, whose waiting calls share a COMMIT (group_commit.py; other processes wait on
its lock), and readers apart, in WAL with synchronous=FULL. PostgreSQL has one pool, first come
first served. The store begins and commits by itself; SQLAlchemy runs statements (docs/store.md).
"""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from app.store import openers
from app.store.connections import Connection, Core
from app.store.failures import StoreError, translated
from app.store.group_commit import GroupCommit
from app.store.pool import Pool
from app.store.statement import Row, Statement
from app.store.urls import is_sqlite

READERS = 4
READING = (
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL plan_cache_mode = force_custom_plan"
)
"""All that is read is of one moment, as on SQLite: a transfer and its parts, a page and its count.

Reading plans each query for whom it is: councils differ in size by a hundred and more, and a
plan that is good for most of them reads all of a large one's history. One round trip, as BEGIN.
"""


@dataclass(frozen=True, slots=True)
class Transaction:
    """One open transaction; only this package looks inside. `writes`: it is to change something."""

    driver: Connection
    writes: bool = False
    notifies: bool = False
    """Whether listening relays are told of new deliveries; PostgreSQL alone can."""

    @property
    def connection(self) -> Core:
        """For statements of Core as they come."""
        return self.driver.core

    async def rows(self, statement: Statement, values: Mapping[str, Any]) -> list[Row]:
        """What a statement finds or returns."""
        compiled = statement.on(self.connection.dialect)
        found = await self.driver.fetch(compiled.text, compiled.positions(values))
        return compiled.rows(found)

    async def row(self, statement: Statement, values: Mapping[str, Any]) -> Row | None:
        """The first of the rows; None where there is none."""
        rows = await self.rows(statement, values)
        return rows[0] if rows else None

    async def change(self, statement: Statement, values: Mapping[str, Any]) -> int:
        """How many rows a statement changed."""
        compiled = statement.on(self.connection.dialect)
        return await self.driver.change(compiled.text, compiled.positions(values))

    async def change_many(self, statement: Statement, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run a statement once for each of these values."""
        if rows:
            compiled = statement.on(self.connection.dialect)
            await self.driver.change_many(compiled.text, [compiled.positions(r) for r in rows])


class Store:
    """A database, opened."""

    def __init__(self, url: str, *, pool_size: int = 10, notifies: bool = False) -> None:
        """`url`: sqlite:///file or postgresql://… as an operator writes it."""
        self._notifies = notifies and not is_sqlite(url)
        self._begin_read = "BEGIN" if is_sqlite(url) else READING
        self.writer: GroupCommit | Pool
        if is_sqlite(url):
            self.writer = GroupCommit(lambda: openers.sqlite_writer(url), openers.LOCK_SECONDS)
            self.reader = Pool(openers.sqlite_connections(url), READERS, openers.LOCK_SECONDS)
        else:
            opener = openers.postgres_connections(url)
            self.writer = self.reader = Pool(opener, pool_size, openers.LOCK_SECONDS)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        """A transaction that commits at the end, or rolls back on any exception.

        Raises:
            StoreUnavailable, StoreContended: the database could not serve; nothing was kept.
        """
        with _in_our_words():
            async with self.writer.transaction() as connection:
                yield Transaction(connection, writes=True, notifies=self._notifies)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Transaction]:
        """A transaction for reading alone.

        Raises:
            StoreUnavailable: the database could not serve.
        """
        with _in_our_words():
            async with self.reader.transaction(self._begin_read) as connection:
                yield Transaction(connection)

    async def check(self) -> None:
        """Answer a trivial query.

        Raises:
            StoreUnavailable: it could not.
        """
        async with self.read() as tx:
            await tx.connection.execute(text("SELECT 1"))

    async def close(self) -> None:
        """Return every connection."""
        await self.writer.close()
        if self.reader is not self.writer:
            await self.reader.close()


@contextmanager
def _in_our_words() -> Iterator[None]:
    """A driver's failure by the store's own word for it."""
    try:
        yield
    except StoreError:
        raise
    except Exception as error:
        known = translated(error)
        if known is None:
            raise
        raise known from error
