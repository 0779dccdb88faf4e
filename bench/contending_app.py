"""Ours, whole, but for its writer: aiosqlite connections that contend, a COMMIT for each call."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from service import settings_for

from app.main import create_app
from app.store.connections import Connection
from app.store.engine import Store
from app.store.openers import LOCK_SECONDS, sqlite_connections
from app.store.pool import Pool


class Contending(Pool):
    """Connections each of which asks SQLite for the lock."""

    @asynccontextmanager
    async def transaction(self, begin: str = "BEGIN IMMEDIATE") -> AsyncIterator[Connection]:
        """One of its own, and one COMMIT."""
        async with super().transaction(begin) as connection:
            yield connection


def contending() -> FastAPI:
    """The app on the database that the environment names."""
    url, size = os.environ["BENCH_DATABASE"], int(os.environ["BENCH_CONNECTIONS"])
    made = create_app(settings_for(url, Path(os.environ["BENCH_KEY"])))
    store: Store = made.state.service.store
    store.writer = Contending(sqlite_connections(url), size, LOCK_SECONDS)
    return made


app = contending()
