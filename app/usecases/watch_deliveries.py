"""What the outbox and the alerts show to whom."""

from app.domain.authority import own_teams, visible_to
from app.domain.withheld import reader
from app.store.alerts import RaisedAlert, list_alerts
from app.store.deliveries import list_deliveries
from app.store.delivery_rows import Delivery, DeliveryState
from app.usecases.call import Call


async def find_deliveries(
    call: Call, state: DeliveryState | None, after: int, limit: int
) -> list[Delivery]:
    """One page of deliveries of the transfers that the actor may see, in order."""
    return await list_deliveries(
        call.tx,
        authority=call.actor.authority,
        visible_to=visible_to(call.actor),
        state=state,
        after=after,
        limit=limit,
    )


async def find_alerts(call: Call, after: int, limit: int) -> list[RaisedAlert]:
    """One page of alerts of the actor's teams, oldest first."""
    actor = call.actor
    theirs = own_teams(actor)
    return await list_alerts(call.tx, actor.authority, theirs, after, limit, reader(actor))
