"""A connection in the one shape that the store uses: statements of Core, and compiled ones.

The store begins and commits by itself, so that both ways of running a statement share one
transaction; SQLAlchemy is told that there is none (AUTOCOMMIT).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeVar, TypeVarTuple, overload

from sqlalchemy import Connection as SyncConnection
from sqlalchemy import CursorResult, Dialect, Executable
from sqlalchemy.sql.selectable import TypedReturnsRows

Columns = TypeVarTuple("Columns")
Result = TypeVar("Result")
Given = Mapping[str, Any] | Sequence[Mapping[str, Any]] | None
Found = Sequence[Sequence[Any]]


class Core(Protocol):
    """Statements of Core as they come: for what does not run with every request."""

    @property
    def dialect(self) -> Dialect:
        """The database's."""

    @overload
    async def execute(
        self, statement: TypedReturnsRows[*Columns], parameters: Given = None
    ) -> CursorResult[*Columns]: ...

    @overload
    async def execute(
        self, statement: Executable, parameters: Given = None
    ) -> CursorResult[*tuple[Any, ...]]: ...

    async def exec_driver_sql(
        self,
        statement: str,
        parameters: Any = None,  # noqa: ANN401 - as SQLAlchemy has it
    ) -> CursorResult[*tuple[Any, ...]]:
        """Run a text of this database's own."""

    async def run_sync(self, work: Callable[[SyncConnection], Result]) -> Result:
        """Do what SQLAlchemy does on a blocking connection alone, such as looking at a schema."""


class Connection(Protocol):
    """What every driver's connection can do; its errors are the driver's."""

    @property
    def core(self) -> Core:
        """For statements of Core."""

    async def fetch(self, text: str, values: Sequence[Any]) -> Found:
        """The rows that a statement finds or returns."""

    async def change(self, text: str, values: Sequence[Any]) -> int:
        """How many rows a statement changed."""

    async def change_many(self, text: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run a statement once for each row."""

    async def command(self, text: str) -> None:
        """BEGIN, COMMIT, ROLLBACK and the like."""

    async def close(self) -> None:
        """Hang up."""

    async def drop(self) -> None:
        """Let go at once of what may not work any more."""

    @property
    def closed(self) -> bool:
        """Whether the other end is known to be gone."""
