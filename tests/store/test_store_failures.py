"""A database that cannot serve says so in the store's own words, and keeps nothing."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from builders import sample_directory, transfer_at
from postgres_server import PostgresServer
from sqlalchemy import select, text
from store.kept import counted, keep

from app.domain.pathway import Stage
from app.store import openers
from app.store.engine import Store, Transaction
from app.store.failures import StoreContended, StoreUnavailable
from app.store.statement import Statement
from app.store.tables import authorities
from app.store.transfers import load_transfer
from app.store.urls import is_sqlite
from app.usecases.load_directory import load_directory

pytestmark = pytest.mark.long
IMPATIENT = 0.5


@pytest.fixture
async def impatient(database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Store]:
    """The store with the sample directory, waiting half a second for locks."""
    monkeypatch.setattr(openers, "LOCK_SECONDS", IMPATIENT)
    opened = Store(database_url, pool_size=2)
    async with opened.write() as tx:
        await load_directory(tx, sample_directory())
    yield opened
    await opened.close()


async def test_a_rival_that_holds_the_lock_too_long_is_told_apart_on_each_database(
    impatient: Store, database_url: str
) -> None:
    draft = transfer_at(Stage.DRAFT)
    await keep(impatient, draft)
    expected = StoreUnavailable if is_sqlite(database_url) else StoreContended
    rival = Store(database_url)

    async with rival.write() as held:
        await load_transfer(held, draft.id, to_change=True)
        with pytest.raises(expected):
            async with impatient.write() as tx:
                await load_transfer(tx, draft.id, to_change=True)
    async with impatient.write() as tx:
        found = await load_transfer(tx, draft.id, to_change=True)
    await rival.close()

    assert found == draft


async def test_readers_do_not_wait_for_a_writer(impatient: Store, database_url: str) -> None:
    draft = transfer_at(Stage.DRAFT)
    await keep(impatient, draft)
    rival = Store(database_url)

    async with rival.write() as held:
        await load_transfer(held, draft.id, to_change=True)
        async with impatient.read() as tx:
            found = await load_transfer(tx, draft.id)
    await rival.close()

    assert found == draft


async def test_when_no_connection_is_free_in_time_the_store_is_unavailable(
    impatient: Store,
) -> None:
    async with impatient.write(), impatient.read():
        with pytest.raises(StoreUnavailable):
            async with asyncio.timeout(5), impatient.write(), impatient.write():
                pass

    await impatient.check()


async def test_a_fault_that_is_not_the_stores_own_comes_through_as_it_is(store: Store) -> None:
    with pytest.raises(LookupError, match="mine"):
        async with store.write():
            raise LookupError("mine")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    "state", ["53100", "53200", "57P01", "58030"], ids=["full", "memory", "shutdown", "disk"]
)
async def test_a_server_without_room_or_in_trouble_is_unavailable_and_nothing_is_kept(
    store: Store, state: str
) -> None:
    trouble = f"DO $$ BEGIN RAISE EXCEPTION 'trouble' USING ERRCODE = '{state}'; END $$"

    async def change() -> None:
        async with store.write() as tx:
            await tx.connection.execute(text("DELETE FROM memberships"))
            await tx.connection.execute(text(trouble))

    with pytest.raises(StoreUnavailable):
        await change()

    async with store.read() as tx:
        left = await tx.connection.execute(text("SELECT count(*) FROM memberships"))
    assert left.scalar_one() > 0


async def test_a_database_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    nowhere = [
        f"sqlite:///{tmp_path / 'no' / 'such' / 'folder.sqlite3'}",
        "postgresql://nobody:nothing@127.0.0.1:1/nowhere",
    ]

    for url in nowhere:
        store = Store(url)
        with pytest.raises(StoreUnavailable):
            await store.check()
        await store.close()
    await _drivers_threads_end()


async def _drivers_threads_end() -> None:
    """A connection that could not be made ends its thread by itself, with a word to our loop."""
    for thread in threading.enumerate():
        if "_connection_worker_thread" in thread.name:
            await asyncio.to_thread(thread.join, 5)


class TestOnPostgres:
    @pytest.fixture
    def database_url(self, migrated: dict[str, str], postgres: PostgresServer) -> str:
        return postgres.create_database(like=migrated["postgresql"])

    @pytest.mark.parametrize("when", ["before a statement", "before the commit"])
    async def test_a_backend_that_is_terminated_keeps_nothing_and_the_next_call_is_served(
        self, store: Store, database_url: str, when: str
    ) -> None:
        before = await counted(store)

        async def cut_off() -> None:
            async with store.write() as tx:
                await load_directory(tx, sample_directory())
                await _terminate(tx, database_url)
                if when == "before a statement":
                    await tx.connection.execute(text("SELECT 1"))

        with pytest.raises(StoreUnavailable):
            await cut_off()

        assert await counted(store) == before

    async def test_after_every_backend_is_gone_one_call_at_most_fails(
        self, store: Store, database_url: str
    ) -> None:
        await asyncio.gather(*(store.check() for _ in range(4)))
        with psycopg.connect(database_url, autocommit=True) as admin:
            admin.execute(
                "SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

        answers = []
        for _ in range(6):
            try:
                await store.check()
                answers.append("served")
            except StoreUnavailable:
                answers.append("unavailable")

        assert answers.count("unavailable") <= 1

    @pytest.mark.parametrize("how", ["compiled", "Core"])
    async def test_a_migration_behind_a_prepared_statement_answers_try_again_and_then_serves(
        self, database_url: str, how: str
    ) -> None:
        store = Store(database_url, pool_size=1)
        statement = Statement(select(authorities))

        async def look() -> None:
            async with store.read() as tx:
                if how == "compiled":
                    await tx.rows(statement, {})
                else:
                    await tx.connection.execute(select(authorities))

        await look()
        with psycopg.connect(database_url, autocommit=True) as migration:
            migration.execute("ALTER TABLE authorities ALTER name TYPE VARCHAR(9999)")
        with pytest.raises(StoreUnavailable):
            await look()
        await look()
        await store.close()


class TestOnSqlite:
    @pytest.fixture
    def database_url(self, migrated: dict[str, str], tmp_path: Path) -> str:
        template = Path(migrated["sqlite"].removeprefix("sqlite:///"))
        own = tmp_path / "own.sqlite3"
        own.write_bytes(template.read_bytes())
        return f"sqlite:///{own}"

    async def test_a_full_disk_keeps_nothing(self, store: Store) -> None:
        before = await counted(store)

        async def fill() -> None:
            async with store.write() as tx:
                await tx.connection.execute(text("PRAGMA max_page_count = 1"))
                for number in range(200):
                    await tx.connection.execute(
                        text("INSERT INTO authorities VALUES (:code, :name, 'p')"),
                        {"code": f"a{number}", "name": "x" * 200},
                    )

        with pytest.raises(StoreUnavailable):
            await fill()

        assert await counted(store) == before

    async def test_what_is_committed_is_on_the_disk_at_once(
        self, store: Store, database_url: str
    ) -> None:
        async with store.read() as tx:
            found = [
                (await tx.connection.execute(text(f"PRAGMA {name}"))).scalar()
                for name in ("journal_mode", "synchronous", "foreign_keys")
            ]

        assert found == ["wal", 2, 1]
        with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"))) as other:
            assert other.execute("SELECT count(*) FROM teams").fetchone() == (9,)


async def _terminate(tx: Transaction, url: str) -> None:
    pid = (await tx.connection.execute(text("SELECT pg_backend_pid()"))).scalar_one()
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute("SELECT pg_terminate_backend(%s, 1000)", [pid])
