"""Tasks that have been quiet: nothing heard of them, and nobody asked, for a while."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select, union_all

from app.domain.messages import MessageKind
from app.domain.pathway import Pathway, Stage
from app.store.delivery_rows import OPEN
from app.store.engine import Transaction
from app.store.tables import deliveries, transfers

IN_THE_CASE_SYSTEM = (Stage.DISPATCHED, Stage.PICKED_UP, Stage.STARTED, Stage.ALLOCATED)


@dataclass(frozen=True, slots=True)
class QuietTransfer:
    """What a look-up needs to know of a transfer."""

    id: str
    authority: str
    protocol: str
    protocol_version: str
    pathway: Pathway
    route: str
    origin_team: str
    dispatch: int


async def quiet_transfers(tx: Transaction, *, since: datetime, limit: int) -> list[QuietTransfer]:
    """Transfers whose task lies with a case system and that have not moved since; oldest first."""
    asked = exists().where(
        deliveries.c.transfer == transfers.c.id,
        deliveries.c.kind == MessageKind.LOOK_UP_TASK.value,
        deliveries.c.created_at >= since,
    )
    under_way = exists().where(
        deliveries.c.transfer == transfers.c.id,
        deliveries.c.state.in_(OPEN),
        deliveries.c.kind != MessageKind.EVENT.value,
    )
    columns = (transfers.c.changed_at, *(transfers.c[name] for name in QuietTransfer.__slots__))
    stages = (
        select(*columns)
        .where(transfers.c.stage == stage.value, transfers.c.changed_at < since, ~asked, ~under_way)
        .order_by(transfers.c.changed_at)
        .limit(limit)
        .subquery()
        for stage in IN_THE_CASE_SYSTEM
    )  # each a range of an index: all of them at once would be put in order first
    every = union_all(*(select(stage) for stage in stages)).subquery()
    query = select(*(every.c[name] for name in QuietTransfer.__slots__))
    query = query.order_by(every.c.changed_at).limit(limit)
    found = await tx.connection.execute(query)
    return [
        QuietTransfer(**{**row, "pathway": Pathway(row["pathway"])}) for row in found.mappings()
    ]
