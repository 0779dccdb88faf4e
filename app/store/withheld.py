"""What restrictions withhold from a reader, as SQL: domain.withheld for lists."""

from collections.abc import Iterator

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
    which = [conflict]
    if not reader.reads_restricted:
        which.append(_not_let_in(authority, reader))
    if reader.own is not None:
        which += _of_delegators(authority, reader, reader.own)
    return select(_r.transfer).where(_r.authority == authority, _r.lifted_at.is_(None), or_(*which))


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


def _of_delegators(authority: str, reader: Reader, own: Reader) -> Iterator[ColumnElement[bool]]:
    """What is denied to those for whom a delegate stands in, but for what is theirs without."""
    conflict = RestrictionKind.CONFLICT_OF_INTEREST.value
    its, denied = transfers.alias("denied"), restrictions.alias("to_delegators")
    theirs = or_(
        its.c.origin_team.in_(sorted(own.teams)),
        its.c.sent_to.in_(sorted(own.teams)),
        its.c.meeting_series.in_(sorted(own.series)),
    )
    if not own.sees_all:
        yield and_(
            _r.kind == conflict,
            _r.person.in_(sorted(reader.stands_in_for)),
            ~exists().where(its.c.id == _r.transfer, theirs),
        )
    to_delegators = select(denied.c.transfer).where(
        denied.c.authority == authority,
        denied.c.lifted_at.is_(None),
        denied.c.kind == conflict,
        denied.c.person.in_(sorted(reader.stands_in_for)),
    )
    if not own.reads_restricted:
        yield and_(_r.transfer.in_(to_delegators), _not_let_in(authority, own))
