"""Before a kept answer is given again: may this person still have it?"""

from app.domain.authority import require_ever, require_readable, require_visible
from app.domain.pathway import Action
from app.domain.relations import parties
from app.domain.transfer import Transfer
from app.domain.withheld import reader
from app.store.withheld import withheld_from
from app.usecases.call import Call


async def require_nothing_withheld(call: Call, answer: bytes) -> None:
    """Pass for an answer that tells of no transfer that they may not read by now.

    Raises:
        NotVisible: it does.
    """
    for transfer_id in await withheld_from(call.tx, call.actor.authority, reader(call.actor)):
        if transfer_id.encode() in answer:
            require_readable(call.actor, await call.transfer(transfer_id, to_change=False))


async def require_still_visible(call: Call, transfer_id: str) -> Transfer:
    """Pass, or raise.

    Raises:
        NotVisible: the transfer does not exist for this actor any more.
    """
    transfer = await call.transfer(transfer_id)
    require_visible(call.actor, transfer)
    return transfer


async def require_still_allowed(call: Call, transfer_id: str, action: Action) -> None:
    """Pass, or raise.

    Raises:
        NotVisible: the transfer does not exist for this actor any more.
        NotPermitted: the action is not theirs any more, at whatever stage.
    """
    transfer = await require_still_visible(call, transfer_id)
    who = parties(call.actor, transfer, await call.rules(transfer))
    require_ever(action, who)
