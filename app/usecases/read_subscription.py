"""Read the council's subscriptions and what was sent to one, where the actor may."""

from app.domain.authority import require_right
from app.domain.relations import in_council
from app.domain.rights import Act
from app.domain.see_to_subscription import require_sees
from app.domain.subscription import Subscription
from app.domain.withheld import reader
from app.store.deliveries import deliveries_to
from app.store.delivery_rows import Delivery
from app.store.subscriptions import (
    list_subscriptions,
    load_subscription,
)
from app.usecases.call import Call


async def find_subscriptions(call: Call) -> list[Subscription]:
    """Every subscription of the actor's authority.

    Raises:
        NotPermitted: the actor is neither administrator nor auditor.
    """
    require_right(Act.READ_SUBSCRIPTIONS, in_council(call.actor))
    return await list_subscriptions(call.tx, call.actor.authority)


async def read_subscription(
    call: Call, subscription_id: str, *, to_change: bool = False
) -> Subscription:
    """The subscription.

    Raises:
        NotVisible: there is none for this actor.
    """
    found = await load_subscription(call.tx, subscription_id, to_change=to_change)
    return require_sees(call.actor, found)


async def read_log(
    call: Call, subscription_id: str, state: str | None, after: int, limit: int
) -> list[Delivery]:
    """One page of what was sent to the subscriber, in order, but for what is withheld.

    Raises NotVisible as above.
    """
    subscription = await read_subscription(call, subscription_id)
    theirs = (call.actor.authority, reader(call.actor))
    return await deliveries_to(
        call.tx, subscription.destination, theirs=theirs, state=state, after=after, limit=limit
    )


async def require_may_administer(call: Call, subscription_id: str) -> Subscription:
    """The subscription, for this transaction to change.

    Raises:
        NotVisible: there is none for this actor.
        NotPermitted: they may only read it.
    """
    found = await read_subscription(call, subscription_id, to_change=True)
    require_right(Act.SEE_TO_SUBSCRIPTIONS, in_council(call.actor))
    return found
