"""How what is due is found: by what waits alone, whatever was delivered before."""

from sqlalchemy import insert, select, text
from store.kept import keep, message, numbered_transfer, queue
from store.plans import plan

from app.domain.messages import MessageKind
from app.store.claimable import claimable
from app.store.delivery_rows import DELIVERED
from app.store.engine import Store
from app.store.tables import deliveries

DELIVERED_ALREADY = 4000
SENT = numbered_transfer(1)


async def test_a_claim_costs_the_same_after_many_deliveries(store: Store) -> None:
    await keep(store, SENT)
    await queue(store, message(MessageKind.LOOK_UP_TASK, SENT))
    async with store.write() as tx:
        (row,) = (await tx.connection.execute(select(deliveries))).mappings().all()
        old = {name: value for name, value in row.items() if name != "id"} | {"state": DELIVERED}
        copies = [old | {"key": f"delivered-{n}"} for n in range(DELIVERED_ALREADY)]
        await tx.connection.execute(insert(deliveries), copies)
        await tx.connection.execute(text("ANALYZE"))

    query = claimable(0).limit(16).params(now=row["next_attempt_at"], destination_0="lcs")
    async with store.read() as tx:
        found = await plan(tx, query)

    assert "ix_deliveries_due" in found
    assert "Sort" not in found
    assert "TEMP B-TREE" not in found
    assert "Seq Scan on deliveries" not in found
    assert "Bitmap" not in found
