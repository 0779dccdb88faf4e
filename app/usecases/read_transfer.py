"""Read a transfer, its history and its deliveries, where the actor may see it."""

from app.domain.authority import require_visible
from app.domain.transfer import Transfer
from app.store.audit import AuditEvent, history_of
from app.store.deliveries import list_deliveries
from app.store.delivery_rows import Delivery
from app.usecases.call import Call

MOST_DELIVERIES = 1000


async def read_transfer(call: Call, transfer_id: str) -> Transfer:
    """The transfer.

    Raises:
        NotVisible: there is none for this actor.
    """
    transfer = await call.transfer(transfer_id, to_change=False)
    require_visible(call.actor, transfer)
    return transfer


async def read_history(call: Call, transfer_id: str) -> list[AuditEvent]:
    """Everything that was done to it. Raises NotVisible as read_transfer does."""
    transfer = await read_transfer(call, transfer_id)
    return await history_of(call.tx, transfer.id)


async def read_deliveries(call: Call, transfer_id: str) -> list[Delivery]:
    """Its messages to the case systems. Raises NotVisible as read_transfer does."""
    transfer = await read_transfer(call, transfer_id)
    return await list_deliveries(
        call.tx,
        authority=transfer.authority,
        transfer=transfer.id,
        limit=MOST_DELIVERIES,
    )
