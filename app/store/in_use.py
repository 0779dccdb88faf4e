"""Under which protocols transfers of a stage run."""

from collections.abc import Set as AbstractSet

from sqlalchemy import select

from app.domain.pathway import Pathway, Stage
from app.domain.waiting import RunsUnder
from app.store.engine import Transaction
from app.store.tables import transfers


async def in_use(tx: Transaction, authority: str, stages: AbstractSet[Stage]) -> list[RunsUnder]:
    """Each version and pathway that a transfer of one of these stages runs under."""
    columns = (transfers.c.protocol, transfers.c.protocol_version, transfers.c.pathway)
    query = (
        select(*columns)
        .distinct()
        .where(
            transfers.c.authority == authority,
            transfers.c.stage.in_([stage.value for stage in stages]),
        )
    )
    found = await tx.connection.execute(query)
    return [(code, version, Pathway(pathway)) for code, version, pathway in found]
