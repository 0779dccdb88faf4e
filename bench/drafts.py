"""Drafts that may be finalised, put into a database before the clock starts."""

from datetime import UTC, datetime
from uuid import uuid4

from builders import actor, child, opening, sample_directory, situation

from app.domain.open_transfer import open_transfer
from app.store.engine import Store
from app.store.unit_of_work import record
from app.usecases.load_directory import load_directory

AT_A_TIME = 200


async def stock(url: str, drafts: int) -> list[str]:
    """Durham's sample directory and so many complete drafts of op.worker's; their ids."""
    store, now, ids = Store(url), datetime.now(UTC), []
    async with store.write() as tx:
        await load_directory(tx, sample_directory())
    where = situation(now)
    for begin in range(0, drafts, AT_A_TIME):
        async with store.write() as tx:
            for _ in range(begin, min(begin + AT_A_TIME, drafts)):
                command = opening(id=str(uuid4()), children=(child(uuid4().hex[:16]),))
                opened = open_transfer(command, actor("op.worker"), where)
                await record(tx, opened, where)
                ids.append(opened.after.id)
    await store.close()
    return ids
