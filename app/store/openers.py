"""Opening connections: what each database is told before anything else."""

import asyncio
import sqlite3
from typing import Any

import aiosqlite
import orjson
from sqlalchemy import NullPool, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import create_async_engine

from app.store import primary
from app.store.connections import Connection
from app.store.drivers import OnPostgres, OnSqliteHere, OnSqliteThread
from app.store.pool import Open
from app.store.urls import service_url, tool_url

LOCK_SECONDS = 5
"""A lock that somebody else holds is waited for so long, and a turn at the database."""
ANSWER_SECONDS = 15
"""A server that neither answers a statement nor hangs up is left; for COMMIT see pool.py."""
STATEMENT_TIMEOUT = "30s"
"""After this the server ends what a frozen process left behind; a commit that waits is left be."""
CACHE_KIB = 32 * 1024
"""Most that one SQLite connection keeps of its file: with 2 MiB a board of many reads it anew."""
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")


def _dumps(value: object) -> str:
    return orjson.dumps(value, default=str).decode()


_ENGINE: dict[str, Any] = {
    "poolclass": NullPool,  # ours takes turns
    "isolation_level": "AUTOCOMMIT",  # we begin and commit ourselves
    "hide_parameters": True,  # what is in a statement is personal, an error's words are not
    "json_serializer": _dumps,
    "json_deserializer": orjson.loads,
}


def sqlite_writer(url: str) -> OnSqliteHere:
    """A connection for the one writer, in the thread that asks for it."""
    engine = create_engine(
        tool_url(url), connect_args={"timeout": LOCK_SECONDS, "check_same_thread": False}, **_ENGINE
    )
    event.listen(engine, "connect", _prepare_sqlite)
    connection = engine.connect()
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)  # noqa: S101 - the driver in tool_url
    driver.execute("PRAGMA busy_timeout=0")  # whoever waits for a lock leaves the loop to others
    return OnSqliteHere(connection, driver)


def sqlite_connections(url: str) -> Open:
    """Connections of one file, each in a thread of its own."""
    engine = create_async_engine(
        service_url(url),
        connect_args={"timeout": LOCK_SECONDS, "async_creator_fn": _in_a_thread},
        **_ENGINE,
    )
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)

    async def open_one() -> Connection:
        core = await engine.connect()
        raw = await core.get_raw_connection()
        driver = raw.driver_connection
        assert isinstance(driver, aiosqlite.Connection)  # noqa: S101 - the driver in service_url
        return OnSqliteThread(core, driver)

    return open_one


async def _in_a_thread(*given: Any, **named: Any) -> aiosqlite.Connection:  # noqa: ANN401
    """Open as aiosqlite does, but a file that cannot be opened leaves no thread behind.

    Its thread has a last word for the event loop, and fails where that has ended by then.
    """
    connection = aiosqlite.connect(*given, **named)
    thread = connection._thread  # noqa: SLF001 - SQLAlchemy's own opener sets it so, too
    thread.daemon = True
    try:
        return await connection
    except BaseException:
        await asyncio.to_thread(thread.join)
        raise


def _prepare_sqlite(connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in (*_PRAGMAS, f"cache_size=-{CACHE_KIB}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def postgres_connections(url: str) -> Open:
    """Connections to the server that writes, of those in the URL, each with limits of its own."""
    limits = {
        "lock_timeout": str(LOCK_SECONDS * 1000),
        "statement_timeout": STATEMENT_TIMEOUT,
        "idle_in_transaction_session_timeout": STATEMENT_TIMEOUT,
    }
    engine = create_async_engine(
        service_url(url),
        connect_args={
            "timeout": LOCK_SECONDS,
            "command_timeout": ANSWER_SECONDS,
            "async_creator_fn": primary.connect,
            "server_settings": limits | {"application_name": "transfers"},
        },
        **_ENGINE,
    )

    async def open_one() -> Connection:
        core = await engine.connect()
        raw = await core.get_raw_connection()
        return OnPostgres(core, raw.driver_connection)

    return open_one
