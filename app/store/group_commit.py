"""SQLite's one writer: the calls that wait share a transaction, and one wait for the disk.

A call's changes are between a savepoint and its release, and the calls of a group run one after
the other, each seeing what those before it wrote. Nobody is told anything, of success or of a
refusal, before the COMMIT that they share is on the disk; where it fails, it fails for all.

The statements run in the event loop's own thread (OnSqliteHere); the COMMIT runs in a thread, while
the loop reads, checks and answers for others.
"""

import asyncio
import sqlite3
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from typing import TypeVar

from app.store.drivers import OnSqliteHere
from app.store.failures import StoreError, StoreUnavailable, translated

_Result = TypeVar("_Result")
LARGEST = 256
LONGEST = 0.05
"""Seconds after which a group lets nobody else in, so that its first is not kept waiting."""
LONGEST_CALL = 15.0
"""Seconds for a call's own part: one that hangs keeps everybody else waiting."""
BUSY_STEP = 0.001
"""Seconds between two looks at a lock that another process holds."""


class _Call:
    """One call in the queue: it has its turn, it has ended it, what it shares is committed."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self.turn: asyncio.Future[None] = loop.create_future()
        self.ended: asyncio.Future[None] = loop.create_future()
        self.committed: asyncio.Future[None] = loop.create_future()
        self.error: StoreError | None = None

    def fail(self, error: StoreError) -> None:
        """Tell of a failure, whatever the call waits for."""
        self.error = error
        for waited in (self.turn, self.committed):
            if not waited.done():
                waited.set_result(None)

    def raise_failure(self) -> None:
        """Pass where nothing failed."""
        if self.error is not None:
            raise type(self.error)(*self.error.args) from self.error


class GroupCommit:
    """The writer, and the calls that wait for it, first come first served."""

    def __init__(self, open_one: Callable[[], OnSqliteHere], patience: float) -> None:
        """`patience`: seconds to wait for a turn, also while another process has the lock."""
        self._open, self._patience = open_one, patience
        self._queue: deque[_Call] = deque()
        self._thread = ThreadPoolExecutor(1, "sqlite-commit")
        self._writer: OnSqliteHere | None = None
        self._at_work: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[OnSqliteHere]:
        """A part of a shared transaction: kept when this ends, undone on any exception.

        Raises:
            StoreUnavailable: the turn did not come in time, or the shared COMMIT failed.
        """
        call = _Call()
        writer = await self._turn(call)
        refused: Exception | None = None
        try:
            async with asyncio.timeout(LONGEST_CALL):
                with _savepoint(writer.driver):
                    yield writer
        except Exception as error:  # noqa: BLE001 - raised below, once what it saw is on the disk
            refused = error
        finally:
            if not call.ended.done():  # as it is where the loop ends
                call.ended.set_result(None)
        await asyncio.shield(call.committed)
        call.raise_failure()
        if refused is not None:
            raise refused

    async def close(self) -> None:
        """End what is at work and hang up."""
        if self._at_work is not None:
            await self._at_work
        if self._writer is not None:
            await self._writer.close()
            self._writer = None
        self._thread.shutdown()

    async def _turn(self, call: _Call) -> OnSqliteHere:
        self._queue.append(call)
        if self._at_work is None:
            self._at_work = asyncio.create_task(self._work())
        try:
            async with asyncio.timeout(self._patience):
                await call.turn
            call.raise_failure()
        except BaseException as error:
            call.ended.set_result(None)
            if isinstance(error, TimeoutError):
                raise StoreUnavailable("the writer was not free in time") from error
            raise
        assert self._writer is not None  # noqa: S101 - a turn is a turn of the writer
        return self._writer

    async def _work(self) -> None:
        """Serve one group after the other, until nobody waits."""
        try:
            while self._queue:
                await self._serve_group()
        finally:
            self._at_work = None
            await self._undo()  # what is open, where the loop ends in the middle of a group

    async def _serve_group(self) -> None:
        group: list[_Call] = []
        try:
            writer = await self._begun()
            if writer is None:
                return
            until = asyncio.get_running_loop().time() + LONGEST
            for call in self._next_calls(until):
                group.append(call)
                call.turn.set_result(None)
                await call.ended
                if not writer.driver.in_transaction:  # a full disk may undo all of it
                    raise StoreUnavailable("the transaction was undone")  # noqa: TRY301
            await self._in_thread(lambda: writer.driver.execute("COMMIT"))
        except Exception as error:  # noqa: BLE001 - each call is told
            await self._undo()
            failure = translated(error) or StoreUnavailable(type(error).__name__)
            for call in group or self._all_that_wait():
                call.fail(failure)
        else:
            for call in group:
                call.committed.set_result(None)

    async def _begun(self) -> OnSqliteHere | None:
        """The writer with a transaction begun; None once nobody waits for it any more."""
        if self._writer is None:
            self._writer = await self._in_thread(self._open)
        while self._queue:
            if self._queue[0].turn.cancelled():
                self._queue.popleft()
                continue
            try:
                self._writer.driver.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    raise
                await asyncio.sleep(BUSY_STEP)
            else:
                return self._writer
        return None

    def _next_calls(self, until: float) -> Iterator[_Call]:
        """The first who waits, and others while the group is not full and it is not `until` yet."""
        clock = asyncio.get_running_loop().time
        served = 0
        while self._queue and served < LARGEST and (not served or clock() < until):
            call = self._queue.popleft()
            if not call.turn.cancelled():
                served += 1
                yield call

    def _all_that_wait(self) -> list[_Call]:
        waiting = [call for call in self._queue if not call.turn.done()]
        self._queue.clear()
        return waiting

    async def _undo(self) -> None:
        """Undo what is open; a writer that cannot is given up for a new one."""
        if self._writer is None or not self._writer.driver.in_transaction:
            return
        try:
            self._writer.driver.execute("ROLLBACK")
        except sqlite3.Error:
            await self._writer.drop()
            self._writer = None

    async def _in_thread(self, work: Callable[[], _Result]) -> _Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


@contextmanager
def _savepoint(driver: sqlite3.Connection) -> Iterator[None]:
    """What is done within is kept or undone by itself; where that cannot be, all is undone."""
    driver.execute("SAVEPOINT of_call")
    try:
        yield
        driver.execute("RELEASE of_call")
    except BaseException:
        if driver.in_transaction:
            try:
                driver.execute("ROLLBACK TO of_call")
                driver.execute("RELEASE of_call")
            except sqlite3.Error:
                driver.execute("ROLLBACK")
        raise
