"""Rows by their keys: those of several, new ones, those that change, those that may be there."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Select,
    Table,
    any_,
    bindparam,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from app.store.engine import Transaction
from app.store.statement import Statement, insert_into

Rows = Sequence[Mapping[str, object]]


async def insert_rows(tx: Transaction, table: Table, rows: Rows) -> None:
    """Add rows, in one statement; all have the same columns."""
    if rows:
        await tx.change_many(_insert(table, tuple(rows[0])), rows)


async def change_rows(tx: Transaction, table: Table, rows: Rows) -> None:
    """Change the rows of these primary keys, in one statement; all are given the same columns."""
    if not rows:
        return
    key = {column.name for column in table.primary_key}
    named = [{f"its_{n}" if n in key else n: value for n, value in row.items()} for row in rows]
    await tx.change_many(_change(table, tuple(sorted(rows[0].keys() - key))), named)


async def insert_unless_there(
    tx: Transaction, table: Table, row: Mapping[str, object], *, unique: str
) -> None:
    """Add a row, unless there is one with the same value in that column."""
    await tx.change(_insert_unless_there(table, tuple(row), unique), row)


def insert_once(tx: Transaction, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An insert that can leave what is there already: each database has one of its own."""
    return insert_into(tx.connection.dialect.name, table)


def of_several(column: Column[Any], query: Select[*tuple[Any, ...]]) -> Statement:
    """That query, of the rows in which the column is one of `ids`, however many they are."""
    return Statement(lambda dialect: query.where(one_of_ids(dialect, column)))


def one_of_ids(dialect: str, column: Column[Any]) -> ColumnElement[bool]:
    """One parameter for all of them, so that the statement stays the same."""
    if dialect == "sqlite":
        several = func.json_each(bindparam("ids", type_=JSON)).table_valued("value")
        return column.in_(select(several.c.value))
    return column == any_(bindparam("ids", type_=postgresql.ARRAY(column.type)))


@cache
def _insert(table: Table, columns: tuple[str, ...]) -> Statement:
    return Statement(insert(table).inline(), columns)


@cache
def _change(table: Table, columns: tuple[str, ...]) -> Statement:
    # A column's bare name is SQLAlchemy's own in an update, so the key's go by another.
    this = [column == bindparam(f"its_{column.name}") for column in table.primary_key]
    return Statement(update(table).where(*this), columns)


@cache
def _insert_unless_there(table: Table, columns: tuple[str, ...], unique: str) -> Statement:
    return Statement(
        lambda dialect: (
            insert_into(dialect, table).inline().on_conflict_do_nothing(index_elements=[unique])
        ),
        columns,
    )
