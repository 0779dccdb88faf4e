"""A server that does not answer: only a commit is waited for, and that is not cut off."""

import asyncio
from contextlib import suppress
from typing import cast

import psycopg
import pytest
from postgres_server import PostgresServer
from sqlalchemy import text

from app.store import openers
from app.store.connections import Connection
from app.store.engine import Store
from app.store.failures import StoreUnavailable
from app.store.pool import Pool

PATIENCE = 0.05


class Waiting:
    """A connection whose commit waits until it may come about; `did` says what it was told."""

    closed = False

    def __init__(self) -> None:
        self.did: list[str] = []
        self.may_commit = asyncio.Event()
        self.breaks = False
        self.deaf_to: str | None = None

    async def command(self, text: str) -> None:
        if text == self.deaf_to:
            await asyncio.Event().wait()
        if text == "COMMIT":
            await self.may_commit.wait()
            if self.breaks:
                raise ConnectionError("gone")
        self.did.append(text)

    async def drop(self) -> None:
        self.did.append("dropped")

    async def close(self) -> None:
        self.did.append("closed")


@pytest.fixture
def waiting() -> Waiting:
    return Waiting()


@pytest.fixture
def pool(waiting: Waiting) -> Pool:
    async def open_one() -> Connection:
        return cast("Connection", waiting)

    return Pool(open_one, 1, PATIENCE)


async def _write(pool: Pool) -> None:
    async with pool.transaction():
        pass


async def test_h04_a_commit_that_takes_too_long_is_left_to_come_about(
    pool: Pool, waiting: Waiting
) -> None:
    with pytest.raises(StoreUnavailable, match="may come about"):
        await _write(pool)
    with pytest.raises(StoreUnavailable, match="no connection was free"):
        await _write(pool)
    waiting.may_commit.set()
    await _write(pool)

    assert waiting.did == ["BEGIN", "COMMIT", "BEGIN", "COMMIT"]


async def test_a_commit_outlives_the_call_that_is_cancelled(pool: Pool, waiting: Waiting) -> None:
    call = asyncio.create_task(_write(pool))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    waiting.may_commit.set()
    await pool.close()

    assert waiting.did == ["BEGIN", "COMMIT", "closed"]


async def test_a_commit_that_fails_late_leaves_a_turn_and_no_broken_connection(
    pool: Pool, waiting: Waiting
) -> None:
    waiting.breaks = True
    with pytest.raises(StoreUnavailable):
        await _write(pool)
    waiting.may_commit.set()
    await asyncio.sleep(PATIENCE)
    waiting.breaks = False
    await _write(pool)

    assert waiting.did == ["BEGIN", "dropped", "BEGIN", "COMMIT"]


async def test_a_commit_that_never_ends_is_hung_up_on_when_the_pool_closes(
    pool: Pool, waiting: Waiting
) -> None:
    with pytest.raises(StoreUnavailable):
        await _write(pool)
    async with asyncio.timeout(1):
        await pool.close()

    assert waiting.did == ["BEGIN", "dropped"]


async def test_an_idle_connection_that_does_not_begin_makes_way_for_a_new_one(
    waiting: Waiting,
) -> None:
    frozen = Waiting()
    opened = [waiting, frozen]

    async def open_one() -> Connection:
        return cast("Connection", opened.pop())

    pool = Pool(open_one, 1, PATIENCE)
    frozen.may_commit.set()
    waiting.may_commit.set()
    await _write(pool)
    frozen.deaf_to = "BEGIN"
    async with asyncio.timeout(1):
        await _write(pool)

    assert frozen.did == ["BEGIN", "COMMIT", "dropped"]
    assert waiting.did == ["BEGIN", "COMMIT"]


async def test_a_rollback_without_an_answer_is_not_waited_for(pool: Pool, waiting: Waiting) -> None:
    waiting.deaf_to = "ROLLBACK"

    async with asyncio.timeout(1):
        with pytest.raises(LookupError, match="mine"):
            async with pool.transaction():
                raise LookupError("mine")

    assert waiting.did == ["BEGIN", "dropped"]


@pytest.mark.parametrize("ends", ["COMMIT", "ROLLBACK"])
async def test_a_connection_that_is_in_use_when_the_pool_closes_is_hung_up_afterwards(
    pool: Pool, waiting: Waiting, ends: str
) -> None:
    waiting.may_commit.set()
    with suppress(LookupError):
        async with pool.transaction():
            await pool.close()
            if ends == "ROLLBACK":
                raise LookupError

    assert waiting.did == ["BEGIN", ends, "closed"]


@pytest.mark.long
async def test_h04_the_limit_on_statements_does_not_cut_off_a_commit_that_waits_for_a_standby(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(openers, "ANSWER_SECONDS", 0.2)
    monkeypatch.setattr(openers, "LOCK_SECONDS", 0.1)
    with PostgresServer(private=True) as server:
        url = server.create_database()
        with psycopg.connect(url, autocommit=True) as admin:
            admin.execute("CREATE TABLE kept (id INTEGER)")
            admin.execute("ALTER SYSTEM SET synchronous_standby_names = 'away'")
            admin.execute("SELECT pg_reload_conf()")
            store = Store(url, pool_size=1)

            with pytest.raises(StoreUnavailable, match="may come about"):
                await _insert(store)
            await asyncio.sleep(0.5)
            seen_early = admin.execute("SELECT id FROM kept").fetchall()
            with pytest.raises(StoreUnavailable, match="no connection was free"):
                await store.check()
            admin.execute("ALTER SYSTEM RESET synchronous_standby_names")
            admin.execute("SELECT pg_reload_conf()")
            admin.execute("BEGIN; LOCK TABLE kept; COMMIT")  # once that commit has come about
            await store.close()
            seen = admin.execute("SELECT id FROM kept").fetchall()

    assert seen_early == []
    assert seen == [(1,)]


async def _insert(store: Store) -> None:
    async with store.write() as tx:
        await tx.connection.execute(text("INSERT INTO kept VALUES (1)"))
