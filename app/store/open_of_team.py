"""The open transfers of a team, or of one of its workers, and what else goes by the team's id."""

from collections.abc import Collection

from sqlalchemy import and_, or_, select, update
from sqlalchemy.sql.elements import ColumnElement

from app.domain.pathway import ENDED
from app.store.delivery_rows import OPEN, STUCK
from app.store.engine import Transaction
from app.store.tables import alerts, deliveries, transfers

_t = transfers.c
_IS_OPEN = _t.stage.not_in([stage.value for stage in ENDED])


async def open_of_team(tx: Transaction, authority: str, team: str) -> list[str]:
    """Those that it sends, has, or is chosen to get, by id."""
    return await _ids(
        tx, authority, or_(_t.origin_team == team, _t.sent_to == team, _t.recipient_team == team)
    )


async def open_of_worker(
    tx: Transaction, authority: str, team: str, names: Collection[str]
) -> list[str]:
    """Those of the team that one who goes by these names works on, leads or holds, by id."""
    sends = and_(_t.origin_team == team, or_(_t.worker.in_(names), _t.origin_lead.in_(names)))
    has = and_(_t.sent_to == team, or_(_t.holder.in_(names), _t.lead_professional.in_(names)))
    return await _ids(tx, authority, or_(sends, has))


async def follow_team(tx: Transaction, ids: Collection[str], old: str, new: str) -> None:
    """Alerts on these transfers, and those that their deliveries may still raise, are `new`'s."""
    if not ids:
        return
    await tx.connection.execute(
        update(alerts).where(alerts.c.transfer.in_(ids), alerts.c.team == old).values(team=new)
    )
    await tx.connection.execute(
        update(deliveries)
        .where(
            deliveries.c.transfer.in_(ids),
            deliveries.c.alert_team == old,
            deliveries.c.state.in_((*OPEN, *STUCK)),
        )
        .values(alert_team=new)
    )


async def _ids(tx: Transaction, authority: str, which: ColumnElement[bool]) -> list[str]:
    query = select(_t.id).where(_t.authority == authority, _IS_OPEN, which).order_by(_t.id)
    return list((await tx.connection.execute(query)).scalars())
