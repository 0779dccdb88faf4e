"""Replay a parked or uncertain delivery: same key, same payload, with a role and a reason."""

from app.domain.decision import Event
from app.domain.errors import NotPermitted, NotVisible, TransferError
from app.domain.people import Role
from app.store.deliveries import STUCK, Delivery, load_delivery, replay
from app.store.transfers import load_transfer
from app.store.unit_of_work import record_events
from app.usecases.call import Call

REPLAYERS = (Role.TEAM_MANAGER, Role.OPERATIONS_MANAGER)


class NotStuck(TransferError):
    """Only parked and uncertain deliveries are replayed."""


async def replay_delivery(call: Call, delivery_id: int, reason: str) -> Delivery:
    """The delivery, pending again. `reason` is coded and goes into the audit.

    Raises:
        NotVisible: no such delivery for this actor.
        NotPermitted: the actor neither manages a team of the transfer nor administers.
        NotStuck: it is not parked or uncertain.
    """
    delivery = await load_delivery(call.tx, delivery_id)
    if delivery is None or delivery.authority != call.actor.authority:
        raise NotVisible(str(delivery_id))
    transfer = await load_transfer(call.tx, delivery.transfer, to_change=True)
    if transfer is None:
        raise NotVisible(str(delivery_id))
    teams = {transfer.origin_team, transfer.form.recipient}
    if not call.actor.holds(Role.ADMINISTRATOR):
        if not teams & call.actor.teams():
            raise NotVisible(str(delivery_id))
        if not any(call.actor.is_(role, team) for role in REPLAYERS for team in teams):
            raise NotPermitted("A manager of either team or an administrator replays deliveries")
    if not await replay(call.tx, delivery_id, call.now):
        raise NotStuck(f"The delivery is {delivery.state}, not {' or '.join(STUCK)}")
    event = Event(
        "replay",
        call.actor.id,
        call.now,
        transfer.stage,
        transfer.stage,
        transfer.version,
        (f"delivery:{delivery_id}", f"reason:{reason}"),
    )
    await record_events(call.tx, transfer.authority, transfer.id, (event,))
    replayed = await load_delivery(call.tx, delivery_id)
    return replayed or delivery
