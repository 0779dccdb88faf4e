"""Replay a parked or uncertain delivery: same key, same payload, with a role and a reason."""

from app.domain.authority import require
from app.domain.decision import Event
from app.domain.errors import NotVisible, TransferError
from app.domain.rights import Act
from app.domain.see_to_subscription import require_open
from app.domain.subscription import Subscription, subscription_of
from app.domain.transfer import Transfer
from app.domain.withheld import reader
from app.store.deliveries import load_delivery
from app.store.delivery_rows import STUCK, Delivery
from app.store.leases import replay
from app.store.unit_of_work import record_events
from app.store.withheld import withheld_from
from app.usecases.call import Call
from app.usecases.read_subscription import require_may_administer


class NotStuck(TransferError):
    """Only parked and uncertain deliveries are replayed."""


async def require_replayer(
    call: Call, delivery_id: int
) -> tuple[Delivery, Transfer | Subscription]:
    """The delivery, where the actor may replay it, and what it is of.

    Raises:
        NotVisible: no such delivery for this actor.
        NotPermitted: the actor neither manages a team of the transfer nor administers.
    """
    delivery = await load_delivery(call.tx, delivery_id)
    if delivery is None:
        raise NotVisible(str(delivery_id))
    subscription = subscription_of(delivery.destination)
    if subscription is not None:
        found = await require_may_administer(call, subscription)
        if delivery.transfer in await withheld_from(call.tx, found.authority, reader(call.actor)):
            raise NotVisible(str(delivery_id))
        return delivery, found
    transfer = await call.transfer(delivery.of_transfer)
    require(Act.REPLAY_DELIVERY, call.actor, transfer)
    return delivery, transfer


async def replay_delivery(call: Call, delivery_id: int, reason: str) -> Delivery:
    """The delivery, pending again. `reason` is coded and goes into the audit.

    Raises:
        NotVisible, NotPermitted: see require_replayer.
        SubscriptionHasEnded: nothing is sent to its subscriber any more.
        NotStuck: it is not parked or uncertain.
    """
    delivery, of = await require_replayer(call, delivery_id)
    if isinstance(of, Subscription):
        require_open(of)
    if not await replay(call.tx, delivery_id, call.now):
        raise NotStuck(f"The delivery is {delivery.state}, not {' or '.join(STUCK)}")
    stage, version = (of.stage, of.version) if isinstance(of, Transfer) else (None, None)
    codes = (f"delivery:{delivery_id}", f"reason:{reason}")
    event = Event("replay", call.actor.id, call.now, stage, stage, version, codes)
    await record_events(call.tx, delivery.authority, delivery.transfer, (event,))
    return await load_delivery(call.tx, delivery_id) or delivery
