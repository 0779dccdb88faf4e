"""Writing rows: those that change, by their keys, and those that may be there already."""

from collections.abc import Mapping, Sequence

from sqlalchemy import BindParameter, Table, bindparam, update
from sqlalchemy.dialects import postgresql, sqlite

from app.store.engine import Transaction


async def change_rows(tx: Transaction, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Change the rows of these primary keys, in one statement; all are given the same columns."""
    if not rows:
        return
    key = {column.name for column in table.primary_key}
    # A column's bare name is SQLAlchemy's own in an update, so each goes by another.
    this = [table.c[name] == bindparam(f"its_{name}") for name in key]
    given: dict[str, BindParameter[object]] = {
        name: bindparam(f"its_{name}") for name in rows[0].keys() - key
    }
    changed = [{f"its_{name}": value for name, value in row.items()} for row in rows]
    await tx.connection.execute(update(table).where(*this).values(given), changed)


def insert_once(tx: Transaction, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An insert that can leave what is there already: each database has one of its own."""
    if tx.connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)
