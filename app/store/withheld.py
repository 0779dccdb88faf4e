"""What restrictions withhold from a reader, as SQL: domain.withheld for lists."""

from sqlalchemy import Column, Select, and_, exists, or_, select
from sqlalchemy.sql.elements import ColumnElement

from app.domain.restriction import RestrictionKind
from app.domain.withheld import Reader
from app.store.engine import Transaction
from app.store.tables import restrictions, transfers

_r = restrictions.c


def open_to(column: Column[str], authority: str, reader: Reader) -> ColumnElement[bool]:
    """Whether the transfer of that id is not withheld.

    Few transfers are restricted: which of them are withheld is found once, and not of each row.
    """
    return column.not_in(_withheld_from(authority, reader))


async def withheld_from(tx: Transaction, authority: str, reader: Reader) -> list[str]:
    """The ids of the transfers that are withheld from them."""
    return list((await tx.connection.execute(_withheld_from(authority, reader))).scalars())


def _withheld_from(authority: str, reader: Reader) -> Select[str]:
    conflict = and_(
        _r.kind == RestrictionKind.CONFLICT_OF_INTEREST.value, _r.person == reader.person
    )
    which = conflict if reader.reads_restricted else or_(conflict, _not_let_in(authority, reader))
    return select(_r.transfer).where(_r.authority == authority, _r.lifted_at.is_(None), which)


def _not_let_in(authority: str, reader: Reader) -> ColumnElement[bool]:
    its, named = transfers.alias("restricted"), restrictions.alias("named")
    by_name = select(named.c.transfer).where(
        named.c.authority == authority,
        named.c.lifted_at.is_(None),
        named.c.kind == RestrictionKind.NAMED_ONLY.value,
        named.c.person == reader.person,
    )
    theirs = or_(
        its.c.worker == reader.person,
        its.c.holder == reader.person,
        its.c.origin_team.in_(sorted(reader.manages)),
        its.c.sent_to.in_(sorted(reader.manages)),
    )
    return and_(
        _r.kind == RestrictionKind.NAMED_ONLY.value,
        _r.person.is_(None),
        _r.transfer.not_in(by_name),
        ~exists().where(its.c.id == _r.transfer, theirs),
    )
