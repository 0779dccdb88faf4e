"""Legal holds in and out of their rows."""

from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, and_, exists, insert, or_, select, update

from app.domain.legal_hold import HoldReason, LegalHold, LiftReason
from app.domain.withheld import Reader
from app.store.engine import Transaction
from app.store.tables import legal_holds, subject_access, transfer_children
from app.store.withheld import open_to


async def insert_hold(tx: Transaction, hold: LegalHold) -> None:
    """A new hold."""
    await tx.connection.execute(insert(legal_holds).values(asdict(hold)))


async def update_hold(tx: Transaction, hold: LegalHold) -> None:
    """A hold that this transaction has read to change."""
    await tx.connection.execute(
        update(legal_holds).where(legal_holds.c.id == hold.id).values(asdict(hold))
    )


async def load_hold(
    tx: Transaction, hold_id: str, authority: str, reader: Reader
) -> LegalHold | None:
    """The authority's hold of that id, kept for this transaction, or None.

    On a transfer that is withheld from the `reader` there is none.
    """
    query = _open_holds(authority, reader).where(legal_holds.c.id == hold_id).with_for_update()
    row = (await tx.connection.execute(query)).mappings().one_or_none()
    return _hold(row) if row else None


async def list_holds(
    tx: Transaction, authority: str, reader: Reader, after: str, limit: int
) -> list[LegalHold]:
    """Holds past the id `after`, the lifted ones too, by their ids; none that load_hold has not."""
    holds = legal_holds.c
    query = _open_holds(authority, reader).where(holds.id > after)
    found = await tx.connection.execute(query.order_by(holds.id).limit(limit))
    return [_hold(row) for row in found.mappings()]


def _open_holds(authority: str, reader: Reader) -> Select[*tuple[Any, ...]]:
    holds = legal_holds.c
    is_open = or_(holds.transfer.is_(None), open_to(holds.transfer, authority, reader))
    return select(legal_holds).where(holds.authority == authority, is_open)


async def is_held(
    tx: Transaction, authority: str, transfer: str, children: Collection[str]
) -> bool:
    """Whether a hold stands on the transfer or on one of these children."""
    holds = legal_holds.c
    of_child = and_(holds.authority == authority, holds.child_id.in_(children))
    query = select(holds.id).where(
        holds.lifted_at.is_(None), or_(holds.transfer == transfer, of_child)
    )
    return (await tx.connection.execute(query.limit(1))).first() is not None


def is_held_by_row(transfer: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a hold stands on the transfer of a row, or on one of its children."""
    holds, there = legal_holds.c, transfer_children.c
    of_child = exists().where(
        there.transfer == transfer,
        there.authority == holds.authority,
        there.child_id == holds.child_id,
    )
    return exists().where(holds.lifted_at.is_(None), or_(holds.transfer == transfer, of_child))


def is_child_held() -> ColumnElement[bool]:
    """Whether a hold stands on the child of a subject-access request."""
    holds, of = legal_holds.c, subject_access.c
    its = (holds.authority == of.authority, holds.child_id == of.child_id)
    return exists().where(holds.lifted_at.is_(None), *its)


async def transfers_of_child(tx: Transaction, authority: str, child_id: str) -> list[str]:
    """The ids of all transfers that the child is or was in, in their order."""
    there = transfer_children.c
    query = select(there.transfer).where(there.authority == authority, there.child_id == child_id)
    return list((await tx.connection.execute(query.order_by(there.transfer))).scalars())


def _hold(row: RowMapping) -> LegalHold:
    lifted = row["lifted_reason"]
    coded = {
        "reason": HoldReason(row["reason"]),
        "lifted_reason": LiftReason(lifted) if lifted else None,
    }
    return LegalHold(**{**row, **coded})
