"""What is asked of a database in a transaction, written down on its way."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.store.connections import Connection, Core, Found


@dataclass(frozen=True, slots=True)
class Asked:
    """One round trip: the statement, its values (of each row, where `many`)."""

    text: str
    values: Sequence[Any] = ()
    many: bool = False


class Recorder:
    """A connection that writes down what it passes on, Core's own statements without values."""

    def __init__(self, connection: Connection, asked: list[Asked] | None = None) -> None:
        self.asked: list[Asked] = [] if asked is None else asked
        self._connection = connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    @property
    def core(self) -> Core:
        return _RecordedCore(self._connection.core, self.asked)

    async def fetch(self, text: str, values: Sequence[Any]) -> Found:
        self.asked.append(Asked(text, values))
        return await self._connection.fetch(text, values)

    async def change(self, text: str, values: Sequence[Any]) -> int:
        self.asked.append(Asked(text, values))
        return await self._connection.change(text, values)

    async def change_many(self, text: str, rows: Sequence[Sequence[Any]]) -> None:
        self.asked.append(Asked(text, rows, many=True))
        await self._connection.change_many(text, rows)

    def starts(self, words: int = 1) -> list[str]:
        """The first words of each statement."""
        return [" ".join(one.text.split()[:words]) for one in self.asked]


class _RecordedCore:
    def __init__(self, core: Core, asked: list[Asked]) -> None:
        self._core, self._asked = core, asked

    def __getattr__(self, name: str) -> Any:
        return getattr(self._core, name)

    async def execute(self, statement: Any, parameters: Any = None) -> Any:
        self._asked.append(Asked(str(statement.compile(dialect=self._core.dialect))))
        return await self._core.execute(statement, parameters)
