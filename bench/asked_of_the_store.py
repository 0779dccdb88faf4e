"""Counting what is asked of the store: transactions, and round trips in them."""

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any, Self
from unittest.mock import patch

from sqlalchemy import Engine, event

from app.store.drivers import OnPostgres
from app.store.engine import Store, Transaction


@dataclass(slots=True)
class Counted:
    """Transactions that wrote and were committed, those that read, and round trips of both."""

    commits: int = 0
    reads: int = 0
    asked: int = 0

    def __iadd__(self, other: "Counted") -> Self:
        self.commits += other.commits
        self.reads += other.reads
        self.asked += other.asked
        return self


@contextmanager
def counting() -> Iterator[Counted]:
    """Count while it lasts what this process asks of PostgreSQL, in every thread."""
    counted = Counted()

    def core(*_: object) -> None:
        counted.asked += 1

    with ExitStack() as stack:
        for name in ("fetch", "change", "change_many", "command"):
            stack.enter_context(patch.object(OnPostgres, name, _asking(name, counted)))
        for name in ("write", "read"):
            stack.enter_context(patch.object(Store, name, _beginning(name, counted)))
        event.listen(Engine, "before_cursor_execute", core)
        stack.callback(event.remove, Engine, "before_cursor_execute", core)
        yield counted


def _asking(name: str, counted: Counted) -> Any:
    asked = getattr(OnPostgres, name)

    async def ask(self: OnPostgres, *given: object) -> object:
        counted.asked += 1
        return await asked(self, *given)

    return ask


def _beginning(name: str, counted: Counted) -> Any:
    begun = getattr(Store, name)

    @asynccontextmanager
    async def begin(self: Store) -> AsyncIterator[Transaction]:
        async with begun(self) as tx:
            yield tx
        if name == "write":
            counted.commits += 1
        else:
            counted.reads += 1

    return begin
