"""Children whom another transfer has taken up since."""

from sqlalchemy import and_, or_, select

from app.domain.remaining_children import not_taken
from app.domain.transfer import ChildOutcome, Transfer
from app.store.engine import Transaction
from app.store.tables import transfer_children, transfers

_child = transfer_children.c


async def children_elsewhere(tx: Transaction, transfer: Transfer) -> frozenset[str]:
    """Of those who were not taken: in an open transfer now, or taken by one that came later."""
    left = not_taken(transfer)
    if not left:
        return frozenset()
    opened = select(transfers.c.opened_at).where(transfers.c.id == transfer.id).scalar_subquery()
    taken_later = and_(_child.outcome == ChildOutcome.TAKEN.value, transfers.c.opened_at >= opened)
    query = (
        select(_child.child_id)
        .join_from(transfer_children, transfers, transfers.c.id == _child.transfer)
        .where(
            _child.authority == transfer.authority,
            _child.child_id.in_(left),
            _child.transfer != transfer.id,
            or_(_child.open, taken_later),
        )
    )
    return frozenset((await tx.connection.execute(query)).scalars())
