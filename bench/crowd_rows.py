"""A crowd in a database: one transfer of each shape, decided by the domain, and many after it."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from builders import child, sample_directory, situation, transfer_at
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    case,
    create_engine,
    delete,
    false,
    insert,
    literal,
    null,
    select,
    true,
)
from sqlalchemy.sql.elements import ColumnElement
from store.kept import message

from app.domain.messages import MessageKind
from app.domain.pathway import Pathway, Stage
from app.store import tables as t
from app.store.clocks import wind_clocks
from app.store.column_types import Instant
from app.store.deliveries import enqueue
from app.store.delivery_rows import DELIVERED, PARKED, PENDING
from app.store.engine import Store
from app.store.transfers import insert_transfer
from app.store.urls import is_sqlite, tool_url
from app.usecases.load_directory import load_directory
from bench.crowd import (
    NOW,
    REVIEW,
    WEEKS,
    Member,
    councils,
    crowd,
    meeting_of,
    shape_of,
    teams,
)

_TYPES: dict[str, Any] = {"number": Integer(), "settled": Boolean()} | dict.fromkeys(
    ("opened_at", "changed_at", "due_at"), Instant()
)
members = Table(
    "crowd",
    MetaData(),
    *(
        Column(name, _TYPES.get(name, String(60)), primary_key=name == "id")
        for name in Member.__slots__
    ),
)
_m = members.c
_FAST = {
    True: (
        "PRAGMA foreign_keys=OFF", "PRAGMA synchronous=OFF", "PRAGMA journal_mode=OFF",
        "PRAGMA cache_size=-1000000",
        "PRAGMA temp_store=MEMORY",
    ),
    False: (
        "SET session_replication_role = replica", "SET synchronous_commit = off",
        "SET maintenance_work_mem = '1GB'", "SET work_mem = '256MB'",
    ),
}  # fmt: skip
"""A fill that is cut off is thrown away, and nothing that it writes refers to what is missing."""


async def fill(url: str, total: int) -> None:
    """Fill an empty, migrated database with a crowd, and count what it holds for its planner."""
    await _shapes(url)
    engine = create_engine(tool_url(url))
    indexes = [index for table in t.metadata.sorted_tables for index in table.indexes]
    with engine.connect() as connection:
        for setting in _FAST[is_sqlite(url)]:
            connection.exec_driver_sql(setting)
        for index in indexes:
            index.drop(connection)
        _directory(connection, councils(total))
        members.create(connection)
        _write(connection, crowd(total))
        for table in _LIKE_ITS_SHAPE:
            _multiply(connection, table)
        for table in _BESIDES:
            _add(connection, table)
        _forget_shapes(connection)
        for index in indexes:
            index.create(connection)
        connection.commit()
        if is_sqlite(url):
            connection.exec_driver_sql("ANALYZE")
            connection.commit()
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
    if not is_sqlite(url):
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")  # as autovacuum does by and by
    engine.dispose()


async def _shapes(url: str) -> None:
    store = Store(url)
    async with store.write() as tx:
        await load_directory(tx, sample_directory())
        for pathway in Pathway:
            for stage in Stage:
                if pathway is Pathway.STEP_UP and stage is Stage.AWAITING_AUTHORISATION:
                    continue  # the council that they are of asks for none
                own = {"id": shape_of(pathway, stage), "children": (child(f"{pathway} {stage}"),)}
                shape = transfer_at(stage, pathway, NOW, **own)
                await insert_transfer(tx, shape, NOW)
                await wind_clocks(tx, shape, situation(NOW).clocks(shape), NOW, new=True)
                if shape.dispatch:
                    await enqueue(
                        tx, message(MessageKind.DELIVER_TASK, shape), authority="durham",
                        alert_team=shape.origin_team, immediate_risk=False, now=NOW,
                    )  # fmt: skip
    await store.close()


def _directory(connection: Connection, codes: list[str]) -> None:
    council = [{"code": code, "name": code, "protocol": "durham"} for code in codes]
    connection.execute(insert(t.authorities), council)
    like = dict(connection.execute(select(t.teams).limit(1)).mappings().one())
    team = [like | {"id": one, "authority": code} for code in codes for one in teams(code)]
    connection.execute(insert(t.teams), team)
    runs = {"protocol": "durham", "protocol_version": "2026-11", "series": "north", "version": 1}
    meetings = [
        runs
        | {"id": meeting_of(code, week), "authority": code, "extraordinary": False}
        | {"starts_at": NOW - timedelta(weeks=week)}
        for code in codes
        for week in range(WEEKS)
    ]
    connection.execute(insert(t.meetings), meetings)


def _write(connection: Connection, rows: Iterator[tuple[Any, ...]]) -> None:
    """Write the crowd by the driver's own quickest way."""
    cursor: Any = connection.connection.cursor()
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(Member.__slots__))
        while some := list(islice(rows, 10_000)):
            plain = [[_plain(value) for value in row] for row in some]
            cursor.executemany(f"INSERT INTO crowd VALUES ({marks})", plain)  # noqa: S608 - marks
        return
    with cursor.copy("COPY crowd FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _plain(value: object) -> object:
    return value.isoformat(timespec="microseconds") if isinstance(value, datetime) else value


def _multiply(connection: Connection, table: Table) -> None:
    """As many rows as each member's shape has, with what is the member's own."""
    changed = _LIKE_ITS_SHAPE[table](table)
    names = [c.name for c in table.c if c is not table.autoincrement_column]
    of = table.c.id if table is t.transfers else table.c.transfer
    rows = select(*(changed.get(name, table.c[name]).label(name) for name in names))
    rows = rows.join_from(members, table, of == _m.shape).order_by(_m.id)
    if table is t.milestones:
        rows = rows.where(table.c.position < MOST_PARTS)
    connection.execute(insert(table).from_select(names, rows, include_defaults=False))


def _add(connection: Connection, table: Table) -> None:
    """A row a member, for a share of the members."""
    row, share = _BESIDES[table]
    rows = select(*row.values()).where(share).order_by(_m.number)
    connection.execute(insert(table).from_select(list(row), rows, include_defaults=False))


def _forget_shapes(connection: Connection) -> None:
    for table in (*_LIKE_ITS_SHAPE, t.transfers):
        of = table.c.id if table is t.transfers else table.c.transfer
        connection.execute(delete(table).where(of.like("shape-%")))
    members.drop(connection)


MOST_PARTS = 4
IN_THE_OUTBOX = 4_000
"""Of so many members, what is open still waits there, whatever the history."""
Row = dict[str, ColumnElement[Any]]


def _transfer(table: Table) -> Row:
    own = ("id", "authority", "origin_team", "recipient_team", "worker", "opened_at", "changed_at")
    sent = table.c.sent_to.is_not(None)
    return {name: _m[name] for name in own} | {
        "author": _m.worker,
        "last_editor": _m.worker,
        "sent_to": case((sent, _m.recipient_team)),
        "meeting_series": _m.series,
        "holder": case((table.c.holder.is_not(None), _m.worker)),
        "lead_professional": case((table.c.lead_professional.is_not(None), _m.worker)),
    }


def _child(_table: Table) -> Row:
    return {"transfer": _m.id, "authority": _m.authority, "child_id": _m.id}


def _clock(table: Table) -> Row:
    over, due, review = _m.settled, _m.due_at, table.c.code == REVIEW
    dated = table.c.due_at.is_not(None)
    return {
        "transfer": _m.id,
        "authority": _m.authority,
        "team": _m.origin_team,
        "other_team": _m.recipient_team,
        "series": _m.series,
        "review": review,
        "started_at": _m.changed_at,
        "nearly_late_at": case((dated, due)),
        "due_at": case((dated, due)),
        "met_at": case((over, due), (review, null()), else_=table.c.met_at),
        "open": case((over, false()), (review, true()), else_=table.c.open),
        "alert_at": case((table.c.alert_at.is_not(None) & ~over & (due > NOW), due)),
    }


def _delivery(table: Table) -> Row:
    waits = ~_m.settled & (_m.number < IN_THE_OUTBOX)
    stuck = _m.settled & (_m.number < IN_THE_OUTBOX / 50)
    return {
        "transfer": _m.id,
        "authority": _m.authority,
        "alert_team": _m.origin_team,
        "key": _m.id.concat(":").concat(table.c.kind),
        "state": case((waits, PENDING.value), (stuck, PARKED.value), else_=DELIVERED.value),
        "next_attempt_at": case((waits, NOW), else_=_m.changed_at),
        "created_at": _m.changed_at,
        "settled_at": case((~waits, _m.changed_at)),
    }


_LIKE_ITS_SHAPE: dict[Table, Callable[[Table], Row]] = {
    t.transfers: _transfer,
    t.transfer_children: lambda _: {
        "transfer": _m.id, "authority": _m.authority, "child_id": _m.id,
    },
    t.milestones: lambda _: {"transfer": _m.id, "at": _m.changed_at},
    t.clocks: _clock,
    t.deliveries: _delivery,
}  # fmt: skip
_BESIDES: dict[Table, tuple[Row, ColumnElement[bool]]] = {
    t.audit_events: (
        {
            "authority": _m.authority, "transfer": _m.id, "action": literal("complete"),
            "actor": _m.worker, "at": _m.changed_at,
            "codes": literal([], t.audit_events.c.codes.type),
        },
        true(),
    ),
    t.alerts: (
        {
            "key": literal("late:").concat(_m.id), "authority": _m.authority, "transfer": _m.id,
            "team": _m.origin_team, "kind": literal("clock_late"), "says": literal("Late"),
            "raised_at": _m.changed_at,
        },
        _m.number % 3 == 0,
    ),
    t.disagreements: (
        {
            "transfer": _m.id, "position": literal(0), "authority": _m.authority, "id": _m.id,
            "kinds": literal([], t.disagreements.c.kinds.type), "about": literal("x"),
            "raised_by": _m.worker, "raised_at": _m.changed_at,
            "steps": literal([], t.disagreements.c.steps.type),
            "resolved_at": case((_m.settled, _m.changed_at)),
        },
        _m.number % 41 == 0,
    ),
    t.meeting_cases: (
        {
            "meeting": _m.meeting, "transfer": _m.id, "submitted_at": _m.opened_at,
            "submitted_by": _m.worker, "late": literal(value=False),
            "themes": literal([], t.meeting_cases.c.themes.type),
        },
        _m.meeting.is_not(None),
    ),
    t.idempotency_keys: (
        {
            "subject": _m.worker, "method": literal("POST"), "route": literal("/v1/transfers"),
            "key": _m.id, "fingerprint": literal("x"), "status": literal(201),
            "created_at": literal(NOW, Instant()),
        },
        _m.number % 5 == 0,
    ),
}  # fmt: skip
"""What a share of the members has, whatever its shape."""
