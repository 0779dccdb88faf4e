"""What others see of a case: the tasks in the trays, and the alerts that a relay's tick raises."""

from typing import Any

from procedures.case import Case

from app.domain.duty_task import DutyTask
from app.domain.messages import MessageKind
from app.store.alerts import list_alerts
from app.store.deliveries import list_deliveries
from app.usecases.alert_clocks import alert_clocks

MOST = 100


async def messages(case: Case, kind: MessageKind) -> list[Any]:
    """What the case systems are told of that kind, in its order."""
    authority, transfer = case.view["authority"], case.view["id"]
    async with case.api.store.read() as tx:
        found = await list_deliveries(tx, authority=authority, transfer=transfer, limit=MOST)
    return [delivery.payload for delivery in found if delivery.kind is kind]


async def tasks(case: Case) -> list[DutyTask]:
    """The tasks that were sent to a tray, the first one first."""
    return await messages(case, MessageKind.DELIVER_TASK)


async def alerted(case: Case, says: str) -> list[tuple[str, str]]:
    """After a tick of the relay: each alert on a clock of these words, as its kind and team."""
    service = case.api.app.state.service
    async with case.api.store.write() as tx:
        await alert_clocks(tx, service.book.protocols, case.api.clock())
        found = await list_alerts(tx, case.view["authority"], None, 0, MOST)
    of_clock = [a for a in found if a.transfer == case.view["id"] and f": {says} (" in a.says]
    return [(alert.kind, alert.team) for alert in of_clock]
