"""The lookout on PostgreSQL: one session, that holds an advisory lock, looks and listens."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import asyncpg
from sqlalchemy import NullPool
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from app.store import primary
from app.store.deliveries import CHANNEL
from app.store.failures import StoreUnavailable, translated
from app.store.signs_of_life import Missing, number_of
from app.store.urls import service_url

SECONDS = 5.0
LISTENS_FOR = 0.25
RELAYS = 0x7270
"""The first number of every relay's lock; the second is the relay's own."""
_DRIVERS_OWN = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
_LAST = "SELECT max(id) FROM deliveries"
_TAKE = "SELECT pg_try_advisory_lock($1, $2)"
_HOLDERS = "SELECT DISTINCT leased_by FROM deliveries WHERE state = 'leased'"
_SIGNS = """
    SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND classid = $1
    AND objsubid = 2 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


class PostgresLookout:
    """See app/store/lookout.py. `listens`: to notices, else it looks every so often."""

    def __init__(self, url: str, worker: str, *, listens: bool) -> None:
        self._engine = create_async_engine(
            service_url(url),
            poolclass=NullPool,
            connect_args={
                "timeout": SECONDS,
                "async_creator_fn": primary.connect,
                "command_timeout": SECONDS,
                "server_settings": {"application_name": "transfers relay's lookout"},
            },
            hide_parameters=True,
        )
        self._worker = worker
        self._listens = listens
        self._connection: AsyncConnection | None = None
        self._session: asyncpg.Connection[Any] | None = None
        self._noticed = asyncio.Event()
        self._missing = Missing()
        self._last: int | None = None

    async def keep(self) -> None:
        """Take the lock, where it is not held already."""
        if self._session is not None and not self._session.is_closed():
            return
        await self.close()
        async with _in_our_words():
            self._connection = await self._engine.connect()
            raw = await self._connection.get_raw_connection()
            session: asyncpg.Connection[Any] = cast("Any", raw.driver_connection)
            if not await session.fetchval(_TAKE, RELAYS, _signed(number_of(self._worker) or 0)):
                raise StoreUnavailable("the session before this one has not ended yet")
            if self._listens:
                await session.add_listener(CHANNEL, self._notice)
            self._session = session
            self._noticed.set()  # whatever came in before is looked for

    async def news(self, seconds: float) -> bool:
        """As the port says: by a notice, or by the last id that was given."""
        if self._listens:
            try:
                await asyncio.wait_for(self._noticed.wait(), LISTENS_FOR)
            except TimeoutError:
                return False
            self._noticed.clear()
            return True
        await asyncio.sleep(seconds)
        async with _in_our_words():
            last = await self._open.fetchval(_LAST)
        before, self._last = self._last, last
        return bool(last != before)

    async def dead(self) -> frozenset[str]:
        """As the port says."""
        async with _in_our_words():
            holders = {row["leased_by"] for row in await self._open.fetch(_HOLDERS)}
            signs = {row["objid"] for row in await self._open.fetch(_SIGNS, RELAYS)}
        numbers = {worker: number_of(worker) for worker in holders - {self._worker}}
        gone = (w for w, number in numbers.items() if number is not None and number not in signs)
        return self._missing.dead(frozenset(gone))

    async def close(self) -> None:
        """End the session, and with it the lock."""
        connection, self._connection, self._session = self._connection, None, None
        if connection is not None:
            await connection.invalidate()

    @property
    def _open(self) -> "asyncpg.Connection[Any]":
        if self._session is None:
            raise StoreUnavailable("the lookout's session has ended")
        return self._session

    def _notice(self, *_: object) -> None:
        self._noticed.set()


def _signed(number: int) -> int:
    """Those 32 bits as PostgreSQL's integer."""
    return number - (1 << 32) if number >= 1 << 31 else number


@asynccontextmanager
async def _in_our_words() -> AsyncIterator[None]:
    try:
        yield
    except (DBAPIError, *_DRIVERS_OWN, OSError) as error:
        raise (translated(error) or StoreUnavailable(type(error).__name__)) from error
