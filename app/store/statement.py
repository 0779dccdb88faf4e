"""Statements that are written in SQLAlchemy Core, compiled once, and run on the driver itself.

Core builds, keys and wraps a statement anew with every call, which costs more than the database
does. What runs with every request is therefore a `Statement` of its module: the same Core, whose
text, parameters and column types are worked out once for each database.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Dialect, Executable, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.selectable import CompoundSelect, Select

Values = Mapping[str, Any]
Row = dict[str, Any]
OnceInsert = sqlite.Insert | postgresql.Insert
Core = Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]] | UpdateBase
_Process = Callable[[Any], Any] | None


@dataclass(frozen=True, slots=True)
class Compiled:
    """A statement for one database: what the driver is given, and what its rows mean."""

    text: str
    constants: Values
    parameters: tuple[tuple[str, _Process], ...]
    columns: tuple[tuple[str, _Process], ...]

    def positions(self, values: Values) -> list[Any]:
        """The values in the driver's order and in its types.

        Raises:
            KeyError: a parameter has no value.
        """
        given = {**self.constants, **values} if self.constants else values
        return [
            process(given[name]) if process else given[name] for name, process in self.parameters
        ]

    def rows(self, found: Sequence[Sequence[Any]]) -> list[Row]:
        """What the driver found, by the columns' names and in their types."""
        return [
            {
                name: process(value) if process is not None else value
                for (name, process), value in zip(self.columns, row, strict=True)
            }
            for row in found
        ]


class Statement:
    """One statement of Core, for both databases."""

    def __init__(self, core: Core | Callable[[str], Core], columns: Sequence[str] = ()) -> None:
        """`core` may depend on the dialect's name; `columns` are those an insert or update sets,
        each by a value of its own name.
        """  # noqa: D205 - one sentence
        self._core = core
        self._columns = list(columns) or None
        self._compiled: dict[str, Compiled] = {}

    def on(self, dialect: Dialect) -> Compiled:
        """The statement for that database."""
        known = self._compiled.get(dialect.name)
        if known is None:
            known = self._compiled[dialect.name] = self._compile(dialect)
        return known

    def _compile(self, dialect: Dialect) -> Compiled:
        core = self._core if isinstance(self._core, Executable) else self._core(dialect.name)
        compiled = core.compile(dialect=dialect, column_keys=self._columns)
        assert isinstance(compiled, SQLCompiler)  # noqa: S101 - what Core compiles to
        names = compiled.positiontup or ()
        binds = [(name, compiled.binds[name]) for name in names]
        found = core.exported_columns
        return Compiled(
            compiled.string,
            {name: bind.value for name, bind in binds if not bind.required},
            tuple(
                (name, bind.type.dialect_impl(dialect).bind_processor(dialect))
                for name, bind in binds
            ),
            tuple(
                (str(column.key), column.type.dialect_impl(dialect).result_processor(dialect, None))
                for column in found
            ),
        )


def insert_into(dialect: str, table: Table) -> OnceInsert:
    """An insert that can leave what is there already: each database has one of its own."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
