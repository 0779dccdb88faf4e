"""A commit that waits for a standby which is not there: nobody is told, and it is not cut off."""

import asyncio
from typing import cast

import pytest

from app.store.connections import Connection
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

    async def command(self, text: str) -> None:
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
