"""Rows that change, each found by its primary key: however many there are, in one statement."""

from collections.abc import Mapping, Sequence

from sqlalchemy import BindParameter, Table, bindparam, update

from app.store.engine import Transaction


async def change_rows(tx: Transaction, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Change the rows of these keys to what is given besides; all are given the same columns."""
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
