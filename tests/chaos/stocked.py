"""The sample directory, put into a database that was just migrated."""

import asyncio

from builders import sample_directory

from app.store.engine import Store
from app.usecases.load_directory import load_directory


def load_sample_directory(database_url: str) -> None:
    """Load it as `transfers directory load` does."""
    asyncio.run(_load(database_url))


async def _load(database_url: str) -> None:
    store = Store(database_url)
    async with store.write() as tx:
        await load_directory(tx, sample_directory())
    await store.close()
