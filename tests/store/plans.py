"""How a database would go about a query."""

from typing import Any

from sqlalchemy import ClauseElement, Executable, Select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from app.store.engine import Transaction


class Explain(Executable, ClauseElement):
    """A query that is explained and not run."""

    inherit_cache = False

    def __init__(self, query: Select[*tuple[object, ...]], how: str) -> None:
        self.query = query
        self.how = how


@compiles(Explain)
def _explain(element: Explain, compiler: SQLCompiler, **given: Any) -> str:
    return f"{element.how} {compiler.process(element.query, **given)}"


async def plan(tx: Transaction, query: Select[*tuple[object, ...]]) -> str:
    """The plan, a line a step."""
    how = "EXPLAIN" if tx.connection.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
    found = await tx.connection.execute(Explain(query, how))
    return "\n".join(str(row[-1]) for row in found)
