"""What goes on around a case: what the case systems are told of it, and teams that close."""

from typing import Any

from procedures.case import Case
from service import Api
from sqlalchemy import update

from app.domain.duty_task import DutyTask
from app.domain.messages import MessageKind
from app.store.deliveries import list_deliveries
from app.store.tables import teams

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


async def team_closed(api: Api, team: str) -> None:
    """The team works no more."""
    async with api.store.write() as tx:
        await tx.connection.execute(update(teams).where(teams.c.id == team).values(active=False))
