"""Break the glass before a transfer, and read who did."""

from app.domain.authority import require
from app.domain.break_glass import BreakGlassReason, Opening, require_may_break
from app.domain.break_glass import break_glass as decide_opening
from app.domain.rights import Act
from app.store.openings import insert_opening, openings_of
from app.store.unit_of_work import record_alerts, record_events
from app.usecases.call import Call


async def break_glass(
    call: Call, transfer_id: str, reason: BreakGlassReason, note: str, opening_id: str
) -> Opening:
    """The opening, and until when it is one. It is no change of the transfer.

    Raises:
        NotVisible, NotPermitted, RulesBroken: see domain.break_glass.
    """
    transfer = await call.transfer(transfer_id, to_change=False)
    broken = decide_opening(transfer, call.actor, reason, note, opening_id, call.now)
    authority = transfer.authority
    await insert_opening(call.tx, broken.opening, authority)
    await record_events(call.tx, authority, transfer.id, (broken.event,))
    await record_alerts(call.tx, authority, transfer.id, broken.alerts, call.now)
    return broken.opening


async def require_still_may_break(call: Call, transfer_id: str) -> None:
    """Pass for whoever may still break the glass. Raises NotVisible, NotPermitted as above."""
    require_may_break(call.actor, await call.transfer(transfer_id, to_change=False))


async def read_openings(call: Call, transfer_id: str) -> list[Opening]:
    """Everybody who broke the glass to read it, for managers of either team and auditors.

    Raises:
        NotVisible, NotPermitted: it is not theirs to read.
    """
    transfer = await call.transfer(transfer_id, to_change=False)
    require(Act.READ_OPENINGS, call.actor, transfer)
    return await openings_of(call.tx, transfer.id)
