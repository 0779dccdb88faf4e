"""What our service really asks of its database to finalise one draft, to be asked again by others.

Recorded anew on every run, so that a contender never asks less or more than we do.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from service import FrozenClock, in_process, settings_for, token_at
from store.asked import Asked, Recorder

from app.store.connections import Connection
from app.store.engine import Store, Transaction

KEY = "the-key-that-was-recorded"
Ids = tuple[str, str]
"""A transfer's id, and an Idempotency-Key."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A draft finalised: its id, what was asked, and the answer's body."""

    transfer: str
    asked: tuple[Asked, ...]
    body: bytes

    def statements(self) -> list[tuple[str, bool, Callable[[Ids], Sequence[Any]]]]:
        """Each statement's text, whether it is run for many rows, and its values for other ids."""
        return [(one.text, one.many, self._values(one)) for one in self.asked]

    def answer(self, transfer: str) -> bytes:
        """The answer, of another transfer."""
        return self.body.replace(self.transfer.encode(), transfer.encode())

    def _values(self, one: Asked) -> Callable[[Ids], Sequence[Any]]:
        if one.many:
            rows = [self._row(row) for row in one.values]
            return lambda ids: [row(ids) for row in rows]
        return self._row(one.values)

    def _row(self, values: Sequence[Any]) -> Callable[[Ids], Sequence[Any]]:
        made = [self._value(value) for value in values]
        return lambda ids: [make(ids) for make in made]

    def _value(self, value: object) -> Callable[[Ids], Any]:
        if value == self.transfer:
            return lambda ids: ids[0]
        if value == KEY:
            return lambda ids: ids[1]
        if isinstance(value, str) and self.transfer in value:
            return lambda ids: value.replace(self.transfer, ids[0])
        if isinstance(value, bytes) and self.transfer.encode() in value:
            return lambda ids: self.answer(ids[0])
        return lambda _ids: value


async def record_finalise(url: str, key_file: Path, transfer: str) -> Recording:
    """Finalise that draft through the API, in this process."""
    api = in_process(settings_for(url, key_file), FrozenClock())
    asked: list[Asked] = []
    _write_down(api.store, asked)
    token = token_at(api.clock(), key_file, "op.worker")
    answer = await api.client.post(
        f"/v1/transfers/{transfer}/finalise",
        json={},
        headers={"Authorization": f"Bearer {token}", "Idempotency-Key": KEY, "If-Match": '"1"'},
    )
    assert answer.status_code == httpx.codes.OK, answer.text
    await api.store.close()
    return Recording(transfer, tuple(asked), answer.content)


def _write_down(store: Store, asked: list[Asked]) -> None:
    write = store.write

    @asynccontextmanager
    async def recorded() -> AsyncIterator[Transaction]:
        async with write() as tx:
            recorder: Connection = Recorder(tx.driver, asked)
            yield Transaction(recorder, writes=True)

    store.write = recorded  # type: ignore[method-assign]
