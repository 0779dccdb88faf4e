"""What ours is held against: FastAPI and a driver, the same statements, no rules and no sign-in.

An app of uvicorn's: the environment names the database, the key file and the draft to record.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated

import aiosqlite
import asyncpg
from fastapi import FastAPI, Header, Response

from app.store.urls import is_sqlite
from bench.recording import Ids, record_finalise

URL = os.environ["BENCH_DATABASE"]
CONNECTIONS = int(os.environ["BENCH_CONNECTIONS"])
Finalise = Callable[[Ids], Awaitable[None]]


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Record first, then open the connections."""
    key = Path(os.environ["BENCH_KEY"])
    app.state.recording = await record_finalise(URL, key, os.environ["BENCH_DRAFT"])
    app.state.statements = app.state.recording.statements()
    if is_sqlite(URL):
        app.state.finalise = await _on_aiosqlite(app)
    else:
        app.state.finalise = await _on_asyncpg(app)
    yield
    await app.state.close()


app = FastAPI(lifespan=lifespan)


@app.get("/statements")
async def statements() -> int:
    """How many statements a finalise takes."""
    return len(app.state.statements)


@app.post("/v1/transfers/{transfer}/finalise")
async def finalise(transfer: str, idempotency_key: Annotated[str, Header()]) -> Response:
    """Ask what was recorded of that transfer, and answer what was answered."""
    await app.state.finalise((transfer, idempotency_key))
    return Response(app.state.recording.answer(transfer), media_type="application/json")


async def _on_asyncpg(app: FastAPI) -> Finalise:
    async def leave_as_it_is(_connection: object) -> None:
        """In place of what asyncpg would ask at each return of a connection."""

    pool = await asyncpg.create_pool(
        URL, min_size=CONNECTIONS, max_size=CONNECTIONS, reset=leave_as_it_is
    )
    app.state.close = pool.close

    async def once(ids: Ids) -> None:
        async with pool.acquire() as connection, connection.transaction():
            for text, many, values in app.state.statements:
                if many:
                    await connection.executemany(text, values(ids))
                elif text.startswith("SELECT"):
                    await connection.fetch(text, *values(ids))
                else:
                    await connection.execute(text, *values(ids))

    return once


async def _on_aiosqlite(app: FastAPI) -> Finalise:
    """Connections that contend for the lock, each waiting in SQLite's own busy handler."""
    idle: asyncio.Queue[aiosqlite.Connection] = asyncio.Queue()
    file = URL.removeprefix("sqlite:///")
    opened = [
        await aiosqlite.connect(file, timeout=5, isolation_level=None) for _ in range(CONNECTIONS)
    ]
    for connection in opened:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            await connection.execute(f"PRAGMA {pragma}")
        idle.put_nowait(connection)

    async def close() -> None:
        for connection in opened:
            await connection.close()

    app.state.close = close

    async def once(ids: Ids) -> None:
        connection = await idle.get()
        try:
            await connection.execute("BEGIN IMMEDIATE")
            for text, many, values in app.state.statements:
                if many:
                    await connection.executemany(text, values(ids))
                else:
                    await connection.execute_fetchall(text, values(ids))
            await connection.execute("COMMIT")
        except BaseException:
            await connection.rollback()
            raise
        finally:
            idle.put_nowait(connection)

    return once
