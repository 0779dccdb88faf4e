"""What may be claimed, and the statements that find and lease it.

Order holds per (transfer, destination): a row is claimable only when no earlier row of its pair is
pending or leased. A task's own delivery, parked or uncertain, holds back the later ones of its pair
as well, because they speak of a task that may not be there; replaying or withdrawing it sets them
free.
"""

from functools import cache

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    exists,
    literal_column,
    or_,
    select,
    union_all,
    update,
)

from app.domain.messages import MessageKind
from app.store.delivery_rows import LEASE_RAN_OUT, LEASED, OPEN, PENDING, STUCK, DeliveryState
from app.store.statement import Core, Statement
from app.store.tables import deliveries


@cache
def claiming(many: int) -> Statement:
    """Claims for so many destinations, each within its own limit, in one round trip."""

    def claim(dialect: str) -> Core:
        chosen = [
            claimable(place).limit(bindparam(f"limit_{place}", type_=Integer))
            for place in range(many)
        ]
        if dialect == "postgresql":
            chosen = [query.with_for_update(of=deliveries, skip_locked=True) for query in chosen]
        ids = union_all(*(select(query.subquery().c.id) for query in chosen)).cte("chosen")
        return (
            update(deliveries)
            .where(deliveries.c.id.in_(select(ids.c.id)))
            .values(
                ambiguous=or_(deliveries.c.ambiguous, _is(deliveries, LEASED)),
                outcome=case((_is(deliveries, LEASED), LEASE_RAN_OUT), else_=deliveries.c.outcome),
                state=LEASED.value,
                attempts=deliveries.c.attempts + 1,
                claims=deliveries.c.claims + 1,
                leased_by=bindparam("worker"),
                leased_until=bindparam("until"),
            )
            .returning(deliveries)
        )

    return Statement(claim)


@cache
def looking(many: int) -> Statement:
    """One row where anything is due for so many destinations, else none."""
    due = (claimable(place).exists() for place in range(many))
    return Statement(select(literal_column("1").label("due")).where(or_(*due)))


def claimable(place: int) -> Select[tuple[int]]:
    """What is due for the destination of that place, oldest first: a range of a partial index."""
    earlier, withdrawal = deliveries.alias("earlier"), deliveries.alias("withdrawal")
    withdrawn = (
        exists()
        .where(
            withdrawal.c.transfer == earlier.c.transfer,
            withdrawal.c.destination == earlier.c.destination,
            withdrawal.c.kind == MessageKind.WITHDRAW_TASK.value,
            withdrawal.c.id > earlier.c.id,
            withdrawal.c.id <= deliveries.c.id,
        )
        .correlate(earlier, deliveries)
    )
    put_aside = and_(
        earlier.c.kind == MessageKind.DELIVER_TASK.value, _is(earlier, *STUCK), ~withdrawn
    )
    blocked = exists().where(
        earlier.c.transfer == deliveries.c.transfer,
        earlier.c.destination == deliveries.c.destination,
        earlier.c.id < deliveries.c.id,
        or_(_is(earlier, *OPEN), put_aside),
    )
    now = bindparam("now", type_=deliveries.c.next_attempt_at.type)
    return (
        select(deliveries.c.id)
        .where(
            deliveries.c.destination == bindparam(f"destination_{place}"),
            _is(deliveries, *OPEN),
            deliveries.c.next_attempt_at <= now,  # of a lease too: it began after that time
            or_(_is(deliveries, PENDING), deliveries.c.leased_until < now),
            ~blocked,
        )
        .order_by(deliveries.c.next_attempt_at, deliveries.c.id)
    )


def _is(rows: FromClause, *states: DeliveryState) -> ColumnElement[bool]:
    """Whether rows are in one of the states, said so that a partial index is seen to fit."""
    return rows.c.state.in_([literal_column(f"'{state.value}'") for state in states])
