"""Read a transfer, its history and its deliveries, where the actor may see it."""

from dataclasses import replace

from app.domain.authority import require_readable
from app.domain.restrict import reads_restrictions, without_people
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
    require_readable(call.actor, transfer)
    return transfer


async def read_history(call: Call, transfer_id: str) -> list[AuditEvent]:
    """Everything that was done to it. Raises NotVisible as read_transfer does.

    Whom a restriction names is for managers and auditors.
    """
    transfer = await read_transfer(call, transfer_id)
    history = await history_of(call.tx, transfer.id)
    if reads_restrictions(call.actor, transfer):
        return history
    return [replace(event, codes=without_people(event.action, event.codes)) for event in history]


async def read_deliveries(call: Call, transfer_id: str) -> list[Delivery]:
    """Its messages to the case systems. Raises NotVisible as read_transfer does."""
    transfer = await read_transfer(call, transfer_id)
    return await list_deliveries(
        call.tx,
        authority=transfer.authority,
        transfer=transfer.id,
        limit=MOST_DELIVERIES,
    )
