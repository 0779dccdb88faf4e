"""What stands around a transfer that decides whether it may go."""

from sqlalchemy import func, select

from app.domain.disposal import Standing
from app.store.delivery_rows import CANCELLED, DELIVERED
from app.store.engine import Transaction
from app.store.legal_holds import is_held
from app.store.subject_access import is_requested
from app.store.tables import deliveries, transfers
from app.store.transfers import load_transfer


async def standing_of(tx: Transaction, transfer_id: str) -> Standing | None:
    """The transfer, kept for this transaction, and what stands around it; None: there is none."""
    transfer = await load_transfer(tx, transfer_id, to_change=True)
    if transfer is None:
        return None
    children = [child.child_id for child in transfer.children]
    changed = select(transfers.c.changed_at).where(transfers.c.id == transfer_id)
    waiting = select(func.count()).where(
        deliveries.c.transfer == transfer_id,
        deliveries.c.state.not_in((DELIVERED.value, CANCELLED.value)),
    )
    return Standing(
        transfer=transfer,
        last_changed=(await tx.connection.execute(changed)).scalar_one(),
        held=await is_held(tx, transfer.authority, transfer_id, children),
        requested=await is_requested(tx, transfer.authority, children),
        undelivered=(await tx.connection.execute(waiting)).scalar_one(),
    )
