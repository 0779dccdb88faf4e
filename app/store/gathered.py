"""Few transfers that are gathered first, by an index of their own, whatever else is asked of them.

Told "in (select …)", PostgreSQL may expect so many of them that it walks a council's whole history
for the first page. An array it takes for a handful, and looks each of them up.
"""

from typing import Any

from sqlalchemy import Boolean, Column, ScalarSelect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.sql.visitors import InternalTraversal
from typing_extensions import override


class Gathered(ColumnElement[bool]):
    """Whether a column is one of those that a query finds."""

    type = Boolean()
    inherit_cache = True
    _traverse_internals = [  # noqa: RUF012 - as SQLAlchemy declares it
        ("column", InternalTraversal.dp_clauseelement),
        ("found", InternalTraversal.dp_clauseelement),
    ]

    def __init__(self, column: Column[str], found: ScalarSelect[str]) -> None:
        self.column = column
        self.found = found

    @override
    def self_group(self, against: OperatorType | None = None) -> "Gathered":
        """As it is: SQLite goes by no index for a comparison that is compared with 1 again."""
        return self


@compiles(Gathered)
def _in(element: Gathered, compiler: SQLCompiler, **given: Any) -> str:  # noqa: ANN401 - handed on
    column = compiler.process(element.column, **given)
    return f"{column} IN {compiler.process(element.found, **given)}"


@compiles(Gathered, "postgresql")
def _any(element: Gathered, compiler: SQLCompiler, **given: Any) -> str:  # noqa: ANN401 - handed on
    column = compiler.process(element.column, **given)
    return f"{column} = ANY (ARRAY{compiler.process(element.found, **given)})"
