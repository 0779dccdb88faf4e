"""Children whom the audit names and no record does: somebody searched for them, a hold on them was
lifted, or a read that began before they were erased was written down after it.
"""  # noqa: D205 - one sentence

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.domain.audit_handles import HandleKind
from app.store.audit_seal import hold_the_sweep
from app.store.engine import Transaction
from app.store.forget_child import forget_child, is_known
from app.store.tables import audit_events, audit_handles, audit_mentions, authorities

UNKNOWN_CHILD = "unknown_child"
"""Why a child is erased from the audit whom nothing else named."""


@dataclass(frozen=True, slots=True)
class UnknownChild:
    """A child by the number of their handle in the audit."""

    handle: int
    authority: str
    child_id: str


async def unknown_children(tx: Transaction, after: int, limit: int) -> list[UnknownChild]:
    """Those past the handle `after`, in the order of their handles."""
    its, code = audit_handles.c, authorities.c.code
    prefix = code + ":"
    child_id = func.substr(its.subject, func.length(prefix) + 1)
    query = (
        select(its.id, code, child_id)
        .join_from(
            audit_handles, authorities, func.substr(its.subject, 1, func.length(prefix)) == prefix
        )
        .where(its.id > after, its.kind == HandleKind.CHILD.value, ~is_known(code, child_id))
        .order_by(its.id)
        .limit(limit)
    )
    return [UnknownChild(*row) for row in await tx.connection.execute(query)]


async def forget_unknown(
    tx: Transaction, child: UnknownChild, named_before: datetime, now: datetime
) -> bool:
    """Forget the child, unless the audit has named them since or they are known; whether it did."""
    await hold_the_sweep(tx, now)  # so that two relays do not both, and nothing new is sealed
    if not await is_unknown_since(tx, child, named_before):
        return False
    await forget_child(tx, child.authority, child.child_id, now, (UNKNOWN_CHILD,))
    return True


async def is_unknown_since(tx: Transaction, child: UnknownChild, named_before: datetime) -> bool:
    """Whether they are unknown still, and the audit last named them before that."""
    (still,) = await unknown_children(tx, child.handle - 1, 1) or (None,)
    if still != child:
        return False
    query = (
        select(func.max(audit_events.c.at))
        .join_from(audit_mentions, audit_events, audit_events.c.id == audit_mentions.c.event)
        .where(audit_mentions.c.handle == child.handle)
    )
    last = (await tx.connection.execute(query)).scalar_one()
    return last is None or last < named_before
