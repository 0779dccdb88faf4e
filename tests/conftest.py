"""What every test may ask for: both stores, the API on them, people with tokens, a clock."""

import asyncio
import gc
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zlib import crc32

import psycopg
import pytest
from builders import sample_directory
from postgres_server import PostgresServer
from psycopg import sql
from service import Api, FrozenClock, in_process, settings_for

from app import dev_issuer
from app.store.engine import Store
from app.store.migrate import migrate
from app.store.tables import authorities, memberships, metadata, people, teams
from app.usecases.load_directory import load_directory

DIRECTORY = (authorities, teams, people, memberships)
IN_MEMORY = Path("/dev/shm")  # noqa: S108 - a disk that forgets: tests survive no crash
SERIAL = "id"
STORES = ("sqlite", "postgresql")
OVER_HTTP = {"api", "procedures", "journeys"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Over HTTP a test meets one store in the fast lane, and the other in the long one (ADR 7).

    Which is which falls evenly, and never changes while the test keeps its name. A test that is
    there for one store alone stays.
    """
    there = {item.nodeid for item in items}
    for item in items:
        params = getattr(getattr(item, "callspec", None), "params", {}).values()
        store = next((value for value in params if value in STORES), None)
        if store is not None and OVER_HTTP & set(item.path.parts):
            name = item.nodeid.replace(store, "store")
            chosen = STORES[crc32(name.encode()) % len(STORES)]
            if chosen != store and item.nodeid.replace(store, chosen) in there:
                item.add_marker(pytest.mark.long)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    with PostgresServer() as server:
        yield server


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory, postgres: PostgresServer) -> dict[str, str]:
    """A migrated, empty database of each kind, to be copied and never used itself."""
    file = tmp_path_factory.mktemp("migrated") / "transfers.sqlite3"
    urls = {"sqlite": f"sqlite:///{file}", "postgresql": postgres.create_database()}
    for url in urls.values():
        migrate(url)
    return urls


@pytest.fixture(scope="session")
def sample_rows(migrated: dict[str, str]) -> dict[str, list[dict[str, Any]]]:
    """The rows of the sample directory by table, as loading it leaves them."""

    async def load() -> dict[str, list[dict[str, Any]]]:
        store = Store(migrated["sqlite"])
        async with store.write() as tx:
            await load_directory(tx, sample_directory())
            found = {
                table.name: [
                    {name: value for name, value in row.items() if name != SERIAL}
                    if table is memberships
                    else dict(row)
                    for row in (await tx.connection.execute(table.select())).mappings().all()
                ]
                for table in DIRECTORY
            }
            for table in reversed(DIRECTORY):
                await tx.connection.execute(table.delete())
        await store.close()
        return found

    return asyncio.run(load())


@pytest.fixture(scope="session")
def emptied() -> list[str]:
    """PostgreSQL databases that a test is done with, empty again: copying one takes longer."""
    return []


@pytest.fixture(params=STORES)
def database_url(
    request: pytest.FixtureRequest,
    migrated: dict[str, str],
    postgres: PostgresServer,
    emptied: list[str],
) -> Iterator[str]:
    """A migrated, empty database of this test's own."""
    url = migrated[request.param]
    if request.param == "postgresql":
        own = emptied.pop() if emptied else postgres.create_database(like=url)
        yield own
        if _empty(own):
            emptied.append(own)
    else:
        with TemporaryDirectory(dir=IN_MEMORY if IN_MEMORY.is_dir() else None) as folder:
            file = Path(folder) / "transfers.sqlite3"
            shutil.copy(url.removeprefix("sqlite:///"), file)
            yield f"sqlite:///{file}"


def _empty(url: str) -> bool:
    """End every session and delete every row; False where the tables are not ours any more."""
    others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    counters = (
        "SELECT setval(format('%I.%I', schemaname, sequencename), 1, false) FROM pg_sequences"
    )
    tables = [sql.Identifier(table.name) for table in reversed(metadata.sorted_tables)]
    try:
        with psycopg.connect(url) as connection:
            connection.execute(sql.SQL(f"SELECT pg_terminate_backend(pid, 1000) {others}"))
            for table in tables:
                connection.execute(sql.SQL("DELETE FROM {}").format(table))
            connection.execute(sql.SQL(counters))
    except psycopg.Error:
        return False
    return True


async def _stock(store: Store, rows: dict[str, list[dict[str, Any]]]) -> None:
    """The sample directory at once, for the many tests that are not about loading one."""
    async with store.write() as tx:
        for table in DIRECTORY:
            await tx.connection.execute(table.insert(), rows[table.name])


@pytest.fixture
async def store(
    database_url: str, sample_rows: dict[str, list[dict[str, Any]]]
) -> AsyncIterator[Store]:
    """An open store with the sample directory in it."""
    opened = Store(database_url)
    await _stock(opened, sample_rows)
    yield opened
    await opened.close()


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture(scope="session")
def issuer_key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("issuer") / "key.json"
    dev_issuer.make_key(path)
    return path


@pytest.fixture
async def api(
    database_url: str,
    issuer_key: Path,
    clock: FrozenClock,
    sample_rows: dict[str, list[dict[str, Any]]],
) -> AsyncIterator[Api]:
    """The API in this process, on a database with the sample directory.

    Every answer is held to the OpenAPI document.
    """
    made = in_process(settings_for(database_url, issuer_key), clock)
    async with made.client:
        await _stock(made.store, sample_rows)
        yield made
        await made.store.close()


@pytest.fixture(scope="session")
def storeless(tmp_path_factory: pytest.TempPathFactory, issuer_key: Path) -> Api:
    """The API without its store, for what it refuses before it would look there."""
    nowhere = tmp_path_factory.mktemp("storeless") / "no-such-folder" / "transfers.sqlite3"
    return in_process(settings_for(f"sqlite:///{nowhere}", issuer_key))


def pytest_collection_finish() -> None:
    """Leave what was collected to itself, or each full collection looks through it for 0.4 s."""
    gc.collect()
    gc.freeze()
