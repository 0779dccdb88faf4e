"""Say that the origin has closed its own episode or referral (DL 7, 18)."""

from dataclasses import replace

from app.domain import close_at_source as domain
from app.domain.remaining_children import to_be_told_of
from app.domain.transfer import Transfer
from app.store.elsewhere import children_elsewhere
from app.usecases.call import Call, Decided
from app.usecases.read_transfer import read_transfer


async def close_at_source(
    call: Call, transfer_id: str, closed: domain.Closed, *, expected_version: int
) -> Decided:
    """The transfer with its origin's record closed.

    Raises:
        NotVisible, NotPermitted, StaleVersion, RulesBroken: see domain.close_at_source.
    """
    elsewhere = await children_elsewhere(call.tx, await call.transfer(transfer_id))
    told = replace(closed, elsewhere=elsewhere)
    return await call.decide(
        transfer_id,
        lambda transfer, situation: domain.close_at_source(
            transfer, told, call.actor, situation, expected_version=expected_version
        ),
    )


async def read_closing(call: Call, transfer_id: str) -> tuple[Transfer, tuple[str, ...]]:
    """The transfer, and the children of whom its closing has still to tell.

    Raises:
        NotVisible: as read_transfer does.
    """
    transfer = await read_transfer(call, transfer_id)
    if transfer.closing is not None:
        return transfer, ()
    return transfer, to_be_told_of(transfer, await children_elsewhere(call.tx, transfer))
