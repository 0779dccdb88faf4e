"""Read how the handover between the two workers stands."""

from app.domain.decision import Situation
from app.domain.handover import HandoverPart, handover
from app.domain.transfer import Transfer
from app.usecases.call import Call
from app.usecases.read_transfer import read_transfer

Handover = tuple[Transfer, Situation, tuple[HandoverPart, ...]]


async def read_handover(call: Call, transfer_id: str) -> Handover:
    """The transfer's handover. Raises NotVisible as read_transfer does."""
    transfer = await read_transfer(call, transfer_id)
    situation = await call.situation(transfer)
    return transfer, situation, handover(transfer, situation)
