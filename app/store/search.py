"""Finding transfers: filters and keyset pages, newest first."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import literal, or_, select, tuple_
from sqlalchemy.sql.elements import ColumnElement

from app.domain.pathway import Pathway, Stage
from app.store.engine import Transaction
from app.store.tables import transfer_children, transfers


@dataclass(frozen=True, slots=True)
class Sought:
    """What to look for. `visible_to`: only transfers of these teams (None: of the authority)."""

    authority: str
    visible_to: frozenset[str] | None
    pathway: Pathway | None = None
    stage: Stage | None = None
    team: str | None = None
    child_id: str | None = None
    before: tuple[datetime, str] | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class FoundTransfer:
    """One line of a list."""

    id: str
    pathway: str
    route: str
    stage: str
    version: int
    origin_team: str
    recipient_team: str | None
    holder: str | None
    opened_at: datetime
    changed_at: datetime


def seen_by(teams: frozenset[str]) -> ColumnElement[bool]:
    """Transfers that members of these teams may see: the SQL of domain.authority.may_see."""
    return or_(transfers.c.origin_team.in_(teams), transfers.c.sent_to.in_(teams))


async def find_transfers(tx: Transaction, sought: Sought) -> list[FoundTransfer]:
    """At most `limit` transfers older than the key `before`."""
    columns = [transfers.c[name] for name in FoundTransfer.__slots__]
    query = select(*columns).where(transfers.c.authority == sought.authority)
    if sought.visible_to is not None:
        query = query.where(seen_by(sought.visible_to))
    if sought.pathway is not None:
        query = query.where(transfers.c.pathway == sought.pathway.value)
    if sought.stage is not None:
        query = query.where(transfers.c.stage == sought.stage.value)
    if sought.team is not None:
        query = query.where(
            or_(transfers.c.origin_team == sought.team, transfers.c.recipient_team == sought.team)
        )
    if sought.child_id is not None:
        children = select(transfer_children.c.transfer).where(
            transfer_children.c.authority == sought.authority,
            transfer_children.c.child_id == sought.child_id,
        )
        query = query.where(transfers.c.id.in_(children))
    if sought.before is not None:
        query = query.where(
            tuple_(transfers.c.opened_at, transfers.c.id)
            < tuple_(
                literal(sought.before[0], transfers.c.opened_at.type), literal(sought.before[1])
            )
        )
    newest = (transfers.c.opened_at.desc(), transfers.c.id.desc())
    found = await tx.connection.execute(query.order_by(*newest).limit(sought.limit))
    return [FoundTransfer(**row) for row in found.mappings()]


async def ids_after(tx: Transaction, after: str, limit: int) -> list[str]:
    """The ids of the transfers past an id, in their order."""
    query = select(transfers.c.id).where(transfers.c.id > after)
    found = await tx.connection.execute(query.order_by(transfers.c.id).limit(limit))
    return list(found.scalars())
