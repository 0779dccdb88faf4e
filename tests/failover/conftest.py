"""The service on a pair of servers, with its tables and the sample directory."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from builders import sample_directory
from failover.pair import Pair, pair
from scaled.processes import Site, site

from app.store.engine import Store
from app.store.migrate import migrate
from app.usecases.load_directory import load_directory


@pytest.fixture
def servers() -> Iterator[Pair]:
    with pair() as made:
        migrate(made.url)
        asyncio.run(_stock(made.url))
        yield made


@pytest.fixture
def here(servers: Pair, tmp_path: Path) -> Iterator[Site]:
    with site(tmp_path, servers.url) as made:
        yield made


async def _stock(url: str) -> None:
    store = Store(url)
    async with store.write() as tx:
        await load_directory(tx, sample_directory())
    await store.close()
