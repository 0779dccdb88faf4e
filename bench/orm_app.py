"""The same effect, written with SQLAlchemy's async ORM: mapped classes and a session a request."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import orjson
from fastapi import FastAPI, Header, Response
from sqlalchemy import inspect, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import registry

from app.store.tables import metadata
from app.store.urls import service_url
from bench.recording import KEY, record_finalise

URL = os.environ["BENCH_DATABASE"]
DRAFT = os.environ["BENCH_DRAFT"]
MAPPED: dict[str, Any] = {name: type(name, (), {}) for name in metadata.tables}
ADDED = ("milestones", "audit_events", "clocks", "deliveries")
PARTS = (
    *("milestones", "consents", "sharing_bases", "team_members", "clock_pauses"),
    *("disagreements", "reviews", "feedback", "closings", "clocks", "transfer_children"),
)

engine = create_async_engine(
    service_url(URL),
    pool_size=int(os.environ["BENCH_CONNECTIONS"]),
    max_overflow=0,
    json_serializer=lambda value: orjson.dumps(value).decode(),
    json_deserializer=orjson.loads,
)
sessions = async_sessionmaker(engine, expire_on_commit=False)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Map the tables; see what a finalise adds and changes."""
    mappings = registry()
    for name, table in metadata.tables.items():
        mappings.map_imperatively(MAPPED[name], table)
    async with sessions() as session:
        held = [len(await _of(session, name, DRAFT)) for name in ADDED]
    recording = await record_finalise(URL, Path(os.environ["BENCH_KEY"]), DRAFT)
    async with sessions() as session:
        app.state.added = {
            name: [_row(one) for one in (await _of(session, name, DRAFT))[before:]]
            for name, before in zip(ADDED, held, strict=True)
        }
        app.state.moved = _row(await session.get_one(MAPPED["transfers"], DRAFT))
        keys = select(MAPPED["idempotency_keys"]).filter_by(key=KEY)
        app.state.kept = _row((await session.scalars(keys)).one())
    app.state.recording = recording
    yield
    await engine.dispose()


app = FastAPI(lifespan=lifespan)


@app.post("/v1/transfers/{transfer}/finalise")
async def finalise(transfer: str, idempotency_key: Annotated[str, Header()]) -> Response:
    """Read what ours reads, write what ours writes."""
    body = app.state.recording.answer(transfer)
    async with sessions() as session, session.begin():
        people, memberships = MAPPED["people"], MAPPED["memberships"]
        who = (await session.scalars(select(people).filter_by(subject="op.worker"))).one()
        (await session.scalars(select(memberships).filter_by(person=who.id))).all()
        key = _made("idempotency_keys", app.state.kept | {"key": idempotency_key, "body": None})
        session.add(key)
        await session.flush()
        found = await session.get_one(MAPPED["transfers"], transfer, with_for_update=True)
        for name in PARTS:
            await _of(session, name, transfer)
        teams = MAPPED["teams"]
        wanted = select(teams).where(teams.id.in_((found.origin_team, found.recipient_team)))
        (await session.scalars(wanted.with_for_update(read=True))).all()
        for name, value in app.state.moved.items():
            if name != "id":
                setattr(found, name, value)
        found.changed_at = datetime.now(UTC)
        for name, rows in app.state.added.items():
            session.add_all(_made(name, _of_other(row, transfer)) for row in rows)
        key.body = body
    return Response(body, media_type="application/json")


async def _of(session: AsyncSession, name: str, transfer: str) -> list[Any]:
    found = select(MAPPED[name]).filter_by(transfer=transfer)
    if "position" in metadata.tables[name].c:
        found = found.order_by(MAPPED[name].position)
    return list((await session.scalars(found)).all())


def _row(one: object) -> dict[str, Any]:
    return {column.key: getattr(one, column.key) for column in inspect(one).mapper.column_attrs}


def _of_other(row: dict[str, Any], transfer: str) -> dict[str, Any]:
    """The same row, of another transfer; a new one has its id from the database."""
    other = {name: value for name, value in row.items() if name != "id"} | {"transfer": transfer}
    if "key" in other:
        other["key"] = other["key"].replace(DRAFT, transfer)
    return other


def _made(name: str, row: dict[str, Any]) -> Any:
    made = MAPPED[name]()
    for column, value in row.items():
        setattr(made, column, value)
    return made
