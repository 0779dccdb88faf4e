"""Everything that is known after a storm, as tables of one database that a checker can ask."""

import asyncio
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import astuple, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from chaos.asking import http
from chaos.journal import Told, read_journal
from chaos.processes import SYSTEMS, Place
from serving import CLIENT_ID, CLIENT_SECRETS, address
from sqlalchemy import Column, and_, create_engine, exists, func, or_, select

from app.domain.custody import ledger
from app.protocols.shelf import load_protocols
from app.store import tables as t
from app.store.engine import Store, Transaction
from app.store.transfers import load_transfer
from app.store.urls import tool_url

Row = tuple[Any, ...]
TRAYS = {
    "lcs": ("FF-BISHOP", "FF-CHESTER"),
    "ehm": ("OP-BISHOP", "OP-CHESTER"),
}
LAYOUT = {
    "transfers": "id, stage, version, dispatch",
    "children": "transfer, child",
    "deliveries": "id, key, transfer, destination, kind, revision, state, ambiguous, claims",
    "events": "id, transfer, action, from_stage, to_stage, version",
    "alerts": "key",
    "inbox": "system, message_id",
    "holds": "transfer, n, team, since, until",
    "tasks": "system, reference, state",
    "requests": "n, system, operation, reference, key, processed, status, answered, fault",
    "callbacks": "system, message_id, state",
    "told": ", ".join(field.name for field in fields(Told)),
}
"""The tables. Ours: transfers to holds. The mocks': tasks, requests, callbacks. The people's: told.

`requests.n` is the order of arrival at a mock; `told.version` is the transfer's after the change.
"""


class Evidence:
    """A database in memory with these tables."""

    def __init__(self) -> None:
        self._facts = sqlite3.connect(":memory:")
        for table, columns in LAYOUT.items():
            self._facts.execute(f"CREATE TABLE {table} ({columns})")
        for table, column in (("events", "transfer"), ("deliveries", "transfer"),
                              ("requests", "key"), ("tasks", "reference")):  # fmt: skip
            self._facts.execute(f"CREATE INDEX ix_{table} ON {table} ({column})")

    def add(self, table: str, rows: Iterable[Row]) -> None:
        """Add rows in the order of the layout."""
        marks = ", ".join("?" * len(LAYOUT[table].split(",")))
        self._facts.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608

    def ask(self, query: str) -> list[Row]:
        """The rows that a query finds."""
        return self._facts.execute(query).fetchall()

    def plant(self, fault: str) -> None:
        """Change what is known."""
        self._facts.executescript(fault)

    def keep(self, file: Path) -> None:
        """Write everything into a file, for a person to ask."""
        with closing(sqlite3.connect(file)) as kept:
            self._facts.commit()  # or the copy would wait for what is not committed
            self._facts.backup(kept)

    def count(self, query: str) -> int:
        """The one number that a query finds."""
        ((number,),) = self.ask(query)
        return int(number or 0)


def collect(place: Place) -> Evidence:
    """Ask our tables, the mocks and the people."""
    evidence = Evidence()
    for system in SYSTEMS:  # before ours: what a mock knows to be answered is in the inbox by then
        _theirs(evidence, system, address(place.mocks[system]))
    asyncio.run(_ours(evidence, place.database_url))
    evidence.add("told", map(astuple, read_journal(place.folder / "journal")))
    return evidence


def open_deliveries(database_url: str) -> int:
    """How many deliveries are leased, or pending and not held back by a task that is put aside."""
    d, head = t.deliveries.c, t.deliveries.alias("head").c
    held_back = exists().where(
        head.transfer == d.transfer,
        head.destination == d.destination,
        head.id < d.id,
        head.kind == "deliver_task",
        head.state.in_(("parked", "uncertain")),
    )
    under_way = or_(d.state == "leased", and_(d.state == "pending", ~held_back))
    engine = create_engine(tool_url(database_url))
    try:
        with engine.connect() as connection:
            found = connection.execute(select(func.count()).where(under_way))
            return int(found.scalar_one())
    finally:
        engine.dispose()


def leased_until_after(database_url: str, moment: datetime) -> int:
    """How many leases last until after that moment."""
    long = and_(t.deliveries.c.state == "leased", t.deliveries.c.leased_until > moment)
    engine = create_engine(tool_url(database_url))
    try:
        with engine.connect() as connection:
            return int(connection.execute(select(func.count()).where(long)).scalar_one())
    finally:
        engine.dispose()


def unheard(place: Place) -> set[str]:
    """The transfers whose task was started in its tray, and that do not know of it."""
    begun = {
        task["reference"].partition(".")[0]
        for system in SYSTEMS
        for task in _tasks(system, address(place.mocks[system]))
        if task["state"] == "started"
    }
    engine = create_engine(tool_url(place.database_url))
    known = select(t.transfers.c.id).where(t.transfers.c.stage == "started")
    with engine.connect() as connection:
        heard = set(connection.execute(known).scalars())
    engine.dispose()
    return begun - heard


async def _ours(evidence: Evidence, database_url: str) -> None:
    """Our tables and who leads, all of one moment: a late callback may change them meanwhile."""
    c = t.transfer_children.c
    ours: dict[str, list[Column[Any]]] = {
        "transfers": _columns(t.transfers, "transfers"),
        "children": [c.transfer, c.child_id],
        "deliveries": _columns(t.deliveries, "deliveries"),
        "events": _columns(t.audit_events, "events"),
        "alerts": _columns(t.alerts, "alerts"),
        "inbox": _columns(t.inbox, "inbox"),
    }
    store = Store(database_url)
    async with store.read() as tx:
        for table, columns in ours.items():
            evidence.add(table, map(tuple, await tx.connection.execute(select(*columns))))
        evidence.add("holds", await _holds(tx))
    await store.close()


def _columns(table: Any, name: str) -> list[Column[Any]]:
    return [table.c[column] for column in LAYOUT[name].split(", ")]


async def _holds(tx: Transaction) -> list[Row]:
    """Every team's hold on the lead of every transfer, in order, times in microseconds."""
    protocols, rows = load_protocols(None), list[Row]()
    ids = (await tx.connection.execute(select(t.transfers.c.id))).scalars().all()
    for each in ids:
        transfer = await load_transfer(tx, each)
        assert transfer is not None
        protocol = protocols.kept(transfer.protocol, transfer.protocol_version).protocol
        for n, hold in enumerate(ledger(transfer, protocol.pathways[transfer.pathway])):
            times = [at and at.isoformat() for at in (hold.since, hold.until)]
            rows.append((each, n, hold.team, *times))
    return rows


def _theirs(evidence: Evidence, system: str, url: str) -> None:
    evidence.add("tasks", [(system, x["reference"], x["state"]) for x in _tasks(system, url)])
    log = http().get(f"{url}/admin/log").json()["items"]
    sent = http().get(f"{url}/admin/callbacks").json()["items"]
    evidence.add(
        "requests",
        [
            (n, system, x["operation"], x["reference"], x["idempotency_key"], x["processed"],
             x["status"], x["answered"], x["fault"])
            for n, x in enumerate(log)
        ],
    )  # fmt: skip
    evidence.add("callbacks", [(system, x["id"], x["state"]) for x in sent])


def _tasks(system: str, url: str) -> list[Any]:
    """Every task that the trays of a mock ever received."""
    ours, form = (CLIENT_ID, CLIENT_SECRETS[system]), {"grant_type": "client_credentials"}
    token = http().post(f"{url}/oauth/token", data=form, auth=ours).json()["access_token"]
    bearer, tasks = {"Authorization": f"Bearer {token}"}, f"{url}/duty-tasks"
    found = [http().get(tasks, params={"tray": x}, headers=bearer).json() for x in TRAYS[system]]
    return [task for tray in found for task in tray["items"]]
