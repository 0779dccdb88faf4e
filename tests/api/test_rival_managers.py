"""Eight managers authorise the same form at once, through two processes' stores: one wins.

Ten rounds in the fast lane, a thousand on each store in the long one.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import date
from typing import Any
from uuid import uuid4

import httpx
import pytest
from api.seeding import DOWN, seed
from service import Api, in_process, settings_for
from sqlalchemy import func, select

from app.domain.pathway import Stage
from app.domain.people import Role
from app.domain.transfer import Transfer
from app.store.directory import DatedMembership, Person, save_person
from app.store.tables import audit_events, deliveries, transfers

MANAGERS = [f"ff.manager.{n}" for n in range(8)]
ROUNDS = [pytest.param(10, id="10 rounds"), pytest.param(1000, id="1000", marks=pytest.mark.long)]
LOST = {"/problems/illegal-transition", "/problems/stale-version"}


@pytest.fixture
async def processes(api: Api) -> AsyncIterator[list[httpx.AsyncClient]]:
    """Two services on one database, each with connections and a writer of its own."""
    async with api.store.write() as tx:
        for name in MANAGERS:
            held = DatedMembership(name, Role.TEAM_MANAGER, "ff-bishop", date(2020, 1, 1))
            await save_person(tx, Person(name, "durham", name, name), [held])
    other = in_process(settings_for(api.url, api.key), api.clock)
    plain = []
    for app in (api.app, other.app):
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        plain.append(httpx.AsyncClient(transport=transport, base_url="http://transfers"))
    for client in plain:
        await asyncio.gather(*(client.get("/health/ready") for _ in range(8)))
    yield plain
    for client in plain:
        await client.aclose()
    await other.store.close()


@pytest.mark.parametrize("rounds", ROUNDS)
async def test_h06_of_eight_managers_at_once_one_authorises_in_every_round(
    api: Api, processes: list[httpx.AsyncClient], rounds: int
) -> None:
    forms = [await seed(api, Stage.AWAITING_AUTHORISATION, DOWN) for _ in range(rounds)]

    told = [await _race(api, processes, form) for form in forms]

    assert Counter(len(of[200]) for of in told) == {1: rounds}
    losers = Counter(kind for of in told for status in of for kind in of[status] if status != 200)
    assert set(losers) <= LOST
    assert losers.total() == 7 * rounds
    assert {status for of in told for status in of} <= {200, 409, 412}
    assert await _kept(api) == (
        {(form.id, "dispatched", form.version + 1) for form in forms},
        {form.id: 1 for form in forms},
        {form.id: 1 for form in forms},
    )


@pytest.mark.parametrize("rounds", ROUNDS)
async def test_h05_eight_twins_with_one_key_have_one_effect_and_one_answer_in_every_round(
    api: Api, processes: list[httpx.AsyncClient], rounds: int
) -> None:
    forms = [await seed(api, Stage.AWAITING_AUTHORISATION, DOWN) for _ in range(rounds // 10)]

    told = [await _twins(api, processes, form) for form in forms]

    assert all(len({answer.content for answer in of}) == 1 for of in told)
    assert {answer.status_code for of in told for answer in of} == {200}
    replayed = Counter(a.headers.get("Idempotency-Replayed") for of in told for a in of)
    assert replayed == {"true": 7 * len(forms), None: len(forms)}
    assert await _kept(api) == (
        {(form.id, "dispatched", form.version + 1) for form in forms},
        {form.id: 1 for form in forms},
        {form.id: 1 for form in forms},
    )


async def _race(
    api: Api, processes: list[httpx.AsyncClient], form: Transfer
) -> dict[int, list[str]]:
    """What the eight were told: by status the kinds of problem, "" of the winner."""
    answers = await asyncio.gather(
        *(
            _authorise(processes[n % 2], form, api.as_(name).bearer, uuid4().hex)
            for n, name in enumerate(MANAGERS)
        )
    )
    told: dict[int, list[str]] = {200: []}
    for answer in answers:
        told.setdefault(answer.status_code, []).append(answer.json().get("type", ""))
    return told


async def _twins(
    api: Api, processes: list[httpx.AsyncClient], form: Transfer
) -> list[httpx.Response]:
    bearer, key = api.as_(MANAGERS[0]).bearer, uuid4().hex
    return await asyncio.gather(
        *(_authorise(processes[n % 2], form, bearer, key) for n in range(8))
    )


async def _authorise(
    client: httpx.AsyncClient, form: Transfer, bearer: dict[str, str], key: str
) -> httpx.Response:
    headers = bearer | {"Idempotency-Key": key, "If-Match": f'"{form.version}"'}
    return await client.post(f"/v1/transfers/{form.id}/authorise", headers=headers)


async def _kept(api: Api) -> tuple[Any, Any, Any]:
    """Each transfer with its stage and version; how many tasks and events it has."""
    authorised = audit_events.c.action == "authorise"
    async with api.store.read() as tx:
        stages = await tx.connection.execute(
            select(transfers.c.id, transfers.c.stage, transfers.c.version)
        )
        tasks = await tx.connection.execute(
            select(deliveries.c.transfer, func.count())
            .where(deliveries.c.kind == "deliver_task")
            .group_by(deliveries.c.transfer)
        )
        events = await tx.connection.execute(
            select(audit_events.c.transfer, func.count())
            .where(authorised)
            .group_by(audit_events.c.transfer)
        )
        return set(map(tuple, stages)), dict(map(tuple, tasks)), dict(map(tuple, events))
