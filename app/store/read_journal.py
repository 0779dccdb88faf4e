"""Where reads are written down before anybody is answered: those that wait share a transaction."""

import asyncio
from collections.abc import Sequence
from typing import Any

from app.domain.decision import Event
from app.store.engine import Store
from app.store.failures import StoreError
from app.store.rows import insert_rows
from app.store.tables import audit_events
from app.store.unit_of_work import event_row

LARGEST = 200
"""Reads in one transaction."""
_Waiting = tuple[dict[str, Any], "asyncio.Future[None]"]


class ReadJournal:
    """The reads of one process: the first is written at once, those that come meanwhile together.

    A read changes nothing, so it needs no transaction of its own with what it showed; it costs a
    share of a COMMIT.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[_Waiting] = []
        self._at_work: asyncio.Task[None] | None = None

    async def keep(self, authority: str, transfer: str | None, event: Event) -> None:
        """Return once the event is kept.

        Raises:
            StoreUnavailable, StoreContended: it is not, and nothing may be shown.
        """
        kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((event_row(authority, transfer, event), kept))
        if self._at_work is None:
            self._at_work = asyncio.create_task(self._write())
        await kept

    async def _write(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:LARGEST], self._waiting[LARGEST:]
                await self._write_batch(batch)
        finally:
            self._at_work = None

    async def _write_batch(self, batch: Sequence[_Waiting]) -> None:
        failure: Exception | None = None
        try:
            async with self._store.write() as tx:
                await insert_rows(tx, audit_events, [row for row, _ in batch])
        except Exception as error:  # noqa: BLE001 - each reader is told
            failure = error
        for _, kept in batch:
            if kept.done():
                continue
            if failure is None:
                kept.set_result(None)
            elif isinstance(failure, StoreError):
                kept.set_exception(type(failure)(*failure.args))
            else:
                kept.set_exception(failure)
