"""Delegations in and out of their rows."""

from typing import Any

from sqlalchemy import RowMapping, Select, insert, or_, select, update

from app.domain.delegation import Delegation
from app.domain.people import Role
from app.store.engine import Transaction
from app.store.tables import delegations as table


async def insert_delegation(tx: Transaction, made: Delegation) -> int:
    """A new delegation; its id."""
    row = {name: getattr(made, name) for name in Delegation.__slots__ if name != "id"}
    found = await tx.connection.execute(insert(table).values(row).returning(table.c.id))
    return int(found.scalar_one())


async def load_delegation(
    tx: Transaction, delegation_id: int, *, to_change: bool = False
) -> Delegation | None:
    """The delegation of that id, or None; `to_change` keeps it for this transaction."""
    query = select(table).where(table.c.id == delegation_id)
    found = await tx.connection.execute(query.with_for_update() if to_change else query)
    row = found.mappings().one_or_none()
    return _delegation(row) if row else None


async def keep_end(tx: Transaction, ended: Delegation) -> None:
    """That it is over."""
    await tx.connection.execute(
        update(table)
        .where(table.c.id == ended.id)
        .values(ended_at=ended.ended_at, ended_by=ended.ended_by)
    )


async def list_delegations(  # noqa: PLR0913 - whose, which page
    tx: Transaction,
    authority: str,
    person: str,
    teams: frozenset[str] | None,
    after: int,
    limit: int,
) -> list[Delegation]:
    """Those of the teams (None: of all), and those that concern the person, past `after`."""
    found = await tx.connection.execute(_query(authority, person, teams, after).limit(limit))
    return [_delegation(row) for row in found.mappings()]


def _query(
    authority: str, person: str, teams: frozenset[str] | None, after: int
) -> Select[*tuple[Any, ...]]:
    query = select(table).where(table.c.authority == authority, table.c.id > after)
    if teams is not None:
        concerns = (table.c.delegator == person, table.c.delegate == person)
        query = query.where(or_(table.c.team.in_(sorted(teams)), *concerns))
    return query.order_by(table.c.id)


def _delegation(row: RowMapping) -> Delegation:
    return Delegation(**{**row, "role": Role(row["role"])})
