"""Place a legal hold, lift it, and list them."""

from dataclasses import dataclass

from app.domain.authority import require_right, require_visible
from app.domain.legal_hold import (
    HoldReason,
    LegalHold,
    LiftReason,
    hold_event,
    require_sees_hold,
    to_hold,
)
from app.domain.legal_hold import lift as domain_lift
from app.domain.relations import in_council
from app.domain.rights import Act
from app.domain.withheld import reader
from app.store.legal_holds import (
    insert_hold,
    list_holds,
    load_hold,
    transfers_of_child,
    update_hold,
)
from app.store.transfers import load_transfers
from app.store.unit_of_work import record_events
from app.usecases.call import Call


@dataclass(frozen=True, slots=True)
class Holding:
    """What is asked for: on a child's records, or on one transfer's."""

    id: str
    reason: HoldReason
    transfer: str | None = None
    child_id: str | None = None


async def place_hold(call: Call, asked: Holding) -> LegalHold:
    """The hold. It waits for a disposal that is under way, and none begins while it is placed.

    A child need not be in any transfer: a hold may come first.

    Raises:
        NotPermitted: it is not for the actor.
        NotVisible: they see no such transfer.
    """
    require_right(Act.PLACE_LEGAL_HOLD, in_council(call.actor))
    authority = call.actor.authority
    if asked.transfer is not None:
        require_visible(call.actor, await call.transfer(asked.transfer))
    if asked.child_id is not None:
        ids = await transfers_of_child(call.tx, authority, asked.child_id)
        await load_transfers(call.tx, ids, to_change=True)
    hold = LegalHold(
        id=asked.id,
        authority=authority,
        reason=asked.reason,
        placed_by=call.actor.id,
        placed_at=call.now,
        transfer=asked.transfer,
        child_id=asked.child_id,
    )
    await insert_hold(call.tx, hold)
    await _audit(call, "placed", hold, asked.reason)
    return hold


async def lift_hold(
    call: Call, hold_id: str, reason: LiftReason, *, expected_version: int
) -> LegalHold:
    """The hold, lifted.

    Raises:
        NotVisible, NotPermitted, SeparationOfDuties, StaleVersion, Settled: see domain.legal_hold.
    """
    found = await _seen(call, hold_id)
    lifted = domain_lift(found, reason, call.actor, call.now, expected_version=expected_version)
    await update_hold(call.tx, lifted)
    await _audit(call, "lifted", lifted, reason)
    return lifted


async def find_holds(call: Call, after: str, limit: int) -> list[LegalHold]:
    """Holds of the actor's council past the id `after`.

    Raises:
        NotPermitted: they are not for the actor.
    """
    require_right(Act.READ_LEGAL_HOLDS, in_council(call.actor))
    return await list_holds(call.tx, call.actor.authority, reader(call.actor), after, limit)


async def require_still_lifts(call: Call, hold_id: str) -> None:
    """Pass for whoever may still lift it. Raises as lift_hold does."""
    found = await _seen(call, hold_id)
    require_right(Act.LIFT_LEGAL_HOLD, to_hold(call.actor, found))


async def _seen(call: Call, hold_id: str) -> LegalHold:
    actor = call.actor
    found = await load_hold(call.tx, hold_id, actor.authority, reader(actor))
    return require_sees_hold(actor, found)


async def _audit(call: Call, action: str, hold: LegalHold, reason: str) -> None:
    event = hold_event(action, hold, call.actor.id, call.now, reason)
    await record_events(call.tx, hold.authority, hold.transfer, (event,))
