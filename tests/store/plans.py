"""How a database would go about a query."""

from typing import Any

from sqlalchemy import ClauseElement, Executable, Select, text
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
    """The plan, a line a step.

    PostgreSQL is asked as if reading a whole table cost what it does where it is large: a crowd
    that fits a test is small enough for it to choose that now and then.
    """
    how = "EXPLAIN QUERY PLAN"
    if tx.connection.dialect.name == "postgresql":
        how = "EXPLAIN"
        for choice in ("seqscan", "hashjoin", "mergejoin"):
            await tx.connection.execute(text(f"SET LOCAL enable_{choice} = off"))
    found = await tx.connection.execute(Explain(query, how))
    return "\n".join(str(row[-1]) for row in found)
