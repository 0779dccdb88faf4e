"""What is to be delivered, put where each contender looks for it before the clock starts."""

import sys
from datetime import UTC, datetime
from typing import Any

import orjson
from builders import child, sample_directory, situation, transfer_at
from sqlalchemy import insert, select

from adapters.duty_tasks import as_payload
from app.domain.dispatch import duty_task
from app.domain.duty_task import CaseSystem
from app.domain.messages import Message, MessageKind
from app.domain.pathway import Stage
from app.domain.transfer import Transfer
from app.store.clocks import wind_clocks
from app.store.deliveries import enqueue
from app.store.engine import Store, Transaction
from app.store.tables import (
    clocks,
    consents,
    deliveries,
    milestones,
    sharing_bases,
    team_members,
    transfer_children,
    transfers,
)
from app.store.transfers import insert_transfer
from app.usecases.load_directory import load_directory
from bench.dispatchers import QUEUE

AT_A_TIME = 500
_GATHERED = (transfer_children, milestones, consents, sharing_bases, team_members, clocks)


def task_body() -> dict[str, Any]:
    """The body of a duty task as our adapter writes it, for the contenders, without reference."""
    sent = transfer_at(Stage.DISPATCHED, now=datetime.now(UTC))
    body: dict[str, Any] = orjson.loads(orjson.dumps(as_payload(duty_task(sent, situation()))))
    del body["reference"]
    return body


async def directory(store: Store) -> None:
    """The sample directory."""
    async with store.write() as tx:
        await load_directory(tx, sample_directory())


async def ours(url: str, many: int) -> None:
    """So many dispatched transfers of Durham, each with its task in the outbox."""
    store, now = Store(url), datetime.now(UTC)
    await directory(store)
    first = transfer_at(Stage.DISPATCHED, now=now, id=numbered(0), children=(child("BENCH0"),))
    async with store.write() as tx:
        await insert_transfer(tx, first, now)
        await wind_clocks(tx, first, situation(now).clocks(first), now, new=True)
        await _queue(tx, first, now)
    for begin in range(1, many, AT_A_TIME):
        async with store.write() as tx:
            await _copies(tx, range(begin, min(begin + AT_A_TIME, many)))
    await store.close()


async def procrastinate(url: str, many: int) -> None:
    """Its schema and so many jobs."""
    import procrastinate as library  # noqa: PLC0415 - of the group bench alone

    app = library.App(connector=library.PsycopgConnector(conninfo=url))
    body = task_body()
    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        await app.configure_task("push", queue=QUEUE).batch_defer_async(
            *({"reference": f"procrastinate-{n}", "body": body} for n in range(many))
        )


def dbos(url: str, many: int) -> None:
    """Its schema and so many workflows in its queue."""
    from dbos import DBOS, DBOSClient  # noqa: PLC0415 - as above

    settings: Any = {"name": "bench", "system_database_url": url, "log_level": "ERROR",
                     "executor_id": "nobody", "application_version": "0"}  # fmt: skip
    DBOS(config=settings)
    DBOS.launch()
    DBOS.destroy()
    client, body = DBOSClient(system_database_url=url), task_body()
    for number in range(many):
        options: Any = {"workflow_name": "push", "queue_name": QUEUE, "app_version": "1"}
        client.enqueue(options, f"dbos-{number}", body)
    client.destroy()


def numbered(number: int) -> str:
    """A transfer's id."""
    return f"00000000-0000-4000-9000-{number:012d}"


async def _queue(tx: Transaction, sent: Transfer, now: datetime) -> None:
    payload = duty_task(sent, situation(now))
    message = Message(sent.id, CaseSystem.LCS, MessageKind.DELIVER_TASK, "1", payload)
    await enqueue(
        tx,
        message,
        authority=sent.authority,
        alert_team=sent.origin_team,
        immediate_risk=False,
        now=now,
    )


async def _copies(tx: Transaction, numbers: range) -> None:
    for table, key in ((transfers, "id"), *((table, "transfer") for table in _GATHERED)):
        found = await tx.connection.execute(select(table).where(table.c[key] == numbered(0)))
        rows = [dict(row) for row in found.mappings()]
        copies = [
            row
            | {key: numbered(number)}
            | ({"child_id": f"BENCH{number}"} if "child_id" in row else {})
            for number in numbers
            for row in rows
        ]
        if copies:
            await tx.connection.execute(insert(table), copies)
    of_first = deliveries.c.transfer == numbered(0)
    (task,) = (await tx.connection.execute(select(deliveries).where(of_first))).mappings()
    plain = {name: value for name, value in task.items() if name != "id"}
    copies = [
        plain
        | {
            "transfer": numbered(number),
            "key": task["key"].replace(numbered(0), numbered(number)),
            "payload": task["payload"] | {"reference": f"{numbered(number)}.1"},
        }
        for number in numbers
    ]
    await tx.connection.execute(insert(deliveries), copies)


if __name__ == "__main__":  # DBOS is one to a process
    dbos(sys.argv[1], int(sys.argv[2]))
