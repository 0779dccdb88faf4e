"""What the case systems are told of a case."""

from typing import Any

from procedures.case import Case

from app.domain.duty_task import DutyTask
from app.domain.messages import MessageKind
from app.store.deliveries import list_deliveries

MOST = 100


async def messages(case: Case, kind: MessageKind) -> list[Any]:
    """Every message of that kind, the first one first."""
    authority, transfer = case.view["authority"], case.view["id"]
    async with case.api.store.read() as tx:
        found = await list_deliveries(tx, authority=authority, transfer=transfer, limit=MOST)
    return [delivery.payload for delivery in found if delivery.kind is kind]


async def tasks(case: Case) -> list[DutyTask]:
    """The tasks that were sent to a tray."""
    return await messages(case, MessageKind.DELIVER_TASK)
