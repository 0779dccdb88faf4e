"""Opening the store: one async engine shape for both databases.

SQLite has one writer connection (waiting callers queue in the process; other processes wait on
its lock) and readers apart, in WAL with synchronous=FULL. PostgreSQL has one pool with a FIFO
queue in front of it.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import orjson
from sqlalchemy import Connection, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from app.store import primary
from app.store.failures import StoreError, StoreUnavailable, translated
from app.store.urls import is_sqlite, service_url

LOCK_SECONDS = 5
READERS = 4


@dataclass(frozen=True, slots=True)
class Transaction:
    """One open transaction; only this package looks inside. `writes`: it is to change something."""

    connection: AsyncConnection
    writes: bool = False


class Store:
    """A database, opened."""

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        """`url`: sqlite:///file or postgresql://… as an operator writes it."""
        self._sqlite = is_sqlite(url)
        if self._sqlite:
            self._writer = _sqlite_engine(url, pool=1, begin="BEGIN IMMEDIATE")
            self._reader = _sqlite_engine(url, pool=READERS, begin="BEGIN")
        else:
            self._writer = self._reader = _postgres_engine(url, pool_size)
        self._write_turn = asyncio.Semaphore(1 if self._sqlite else pool_size)
        self._read_turn = asyncio.Semaphore(READERS) if self._sqlite else self._write_turn

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        """A transaction that commits at the end, or rolls back on any exception.

        Raises:
            StoreUnavailable, StoreContended: the database could not serve; nothing was kept.
        """
        async with _turn(self._write_turn), _transaction(self._writer, writes=True) as transaction:
            yield transaction

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Transaction]:
        """A transaction for reading alone.

        Raises:
            StoreUnavailable: the database could not serve.
        """
        async with _turn(self._read_turn), _transaction(self._reader) as transaction:
            yield transaction

    async def check(self) -> None:
        """Answer a trivial query.

        Raises:
            StoreUnavailable: it could not.
        """
        async with self.read() as tx:
            await tx.connection.execute(text("SELECT 1"))

    async def close(self) -> None:
        """Return every connection."""
        await self._writer.dispose()
        if self._reader is not self._writer:
            await self._reader.dispose()


@asynccontextmanager
async def _turn(semaphore: asyncio.Semaphore) -> AsyncIterator[None]:
    try:
        await asyncio.wait_for(semaphore.acquire(), LOCK_SECONDS)
    except TimeoutError as error:
        raise StoreUnavailable("no connection was free in time") from error
    try:
        yield
    finally:
        semaphore.release()


@asynccontextmanager
async def _transaction(engine: AsyncEngine, *, writes: bool = False) -> AsyncIterator[Transaction]:
    try:
        async with engine.begin() as connection:
            yield Transaction(connection, writes)
    except StoreError:
        raise
    except Exception as error:
        known = translated(error)
        if known is None:
            raise
        raise known from error


def _dumps(value: object) -> str:
    return orjson.dumps(value, default=str).decode()


def _sqlite_engine(url: str, *, pool: int, begin: str) -> AsyncEngine:
    engine = create_async_engine(
        service_url(url),
        pool_size=pool,
        max_overflow=0,
        pool_timeout=LOCK_SECONDS,
        connect_args={"timeout": LOCK_SECONDS},
        hide_parameters=True,  # what is in a statement is personal, an error's words are not
        json_serializer=_dumps,
        json_deserializer=orjson.loads,
    )

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: DBAPIConnection, _record: object) -> None:
        connection.isolation_level = None  # we begin transactions ourselves
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _postgres_engine(url: str, pool_size: int) -> AsyncEngine:
    limit = str(LOCK_SECONDS * 1000)
    return create_async_engine(
        service_url(url),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=LOCK_SECONDS,
        connect_args={
            "timeout": LOCK_SECONDS,
            "async_creator_fn": primary.connect,
            "server_settings": {"lock_timeout": limit, "application_name": "transfers"},
        },
        hide_parameters=True,  # what is in a statement is personal, an error's words are not
        json_serializer=_dumps,
        json_deserializer=orjson.loads,
    )
