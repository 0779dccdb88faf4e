"""Whatever goes wrong, what people wrote and whom it is about is in no log, problem or metric."""

import asyncio
import io
import json
import logging
import sqlite3
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any, NoReturn

import httpx
import psycopg
import pytest
import structlog
from api.doors import DOORS, HEADERS, Door
from api.seeding import DOWN, UP, call_back, callback, seed, seed_alert
from api.signing import forge
from builders import TRANSFER_ID
from canary import CANARIES, found_in
from service import Api, Person

from app import logs
from app.api import caller
from app.domain.pathway import Stage
from app.store.failures import StoreContended, StoreUnavailable

PERSON = "op.manager"
WORDS = " ".join(CANARIES)
SECRET_KEY = "Quetzalcoatl-key"
STAGES = (
    *(Stage.DRAFT, Stage.AWAITING_AUTHORISATION, Stage.DISPATCHED, Stage.PICKED_UP),
    *(Stage.STARTED, Stage.ALLOCATED, Stage.DECLINED),
)


class Said:
    """All that was answered and logged."""

    def __init__(self, log: io.StringIO, capsys: pytest.CaptureFixture[str]) -> None:
        self._log, self._capsys = log, capsys
        self.answers: list[httpx.Response] = []

    def logged(self) -> list[dict[str, Any]]:
        """Every line of the log; fails where a canary is in one, or was printed beside it."""
        beside = self._capsys.readouterr()
        assert found_in(self._log.getvalue(), beside.out, beside.err) == []
        return [json.loads(line) for line in self._log.getvalue().splitlines()]

    def nothing_personal(self, at_least: int, statuses: set[int]) -> None:
        """Fail where a canary came out, or where too little was provoked to say so."""
        lines = self.logged()
        refused = [answer for answer in self.answers if answer.status_code >= 400]
        headers = [str(answer.headers) for answer in self.answers]
        assert len(refused) >= at_least
        assert statuses <= {answer.status_code for answer in refused}
        assert sum(line["event"] == "request" for line in lines) >= len(self.answers)
        assert found_in(*headers) == []
        assert found_in(*(answer.text for answer in refused)) == []


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Said]:
    """Logs as a process writes them at its most talkative, until the end of the test."""
    root, before = logging.getLogger(), logging.getLogger().handlers[:]
    log = io.StringIO()
    with monkeypatch.context() as only_here:
        only_here.setattr(sys, "stderr", log)
        logs.configure("DEBUG")
    yield Said(log, capsys)
    structlog.reset_defaults()
    root.handlers[:] = before
    root.setLevel(logging.WARNING)


async def _send(person: Person, door: Door, path: str, **headers: str) -> httpx.Response:
    content = json.dumps(door.body).encode()
    return await person.send(door.method, path, content=content, headers=HEADERS | headers)


@pytest.mark.long
@pytest.mark.parametrize("stage", STAGES)
async def test_h14_what_the_rules_and_stages_refuse_tells_nobody_anything(
    api: Api, said: Said, stage: Stage
) -> None:
    for person in (PERSON, "ff.manager", "systems.team", "nobody.at.all"):
        gated = stage is Stage.AWAITING_AUTHORISATION
        transfer = await seed(api, stage, DOWN if gated else UP)
        for door in DOORS.values():
            path = door.path.replace(TRANSFER_ID, transfer.id)
            for version in (transfer.version, transfer.version + 7):
                key = f"{SECRET_KEY}-{person}-{len(said.answers)}"
                headers = {"If-Match": f'"{version}"', "Idempotency-Key": key}
                said.answers.append(await _send(api.as_(person), door, path, **headers))

    said.nothing_personal(at_least=100, statuses={403, 404, 412, 422})


async def test_h14_a_key_or_a_child_used_twice_tells_nobody_whose(api: Api, said: Said) -> None:
    worker, door = api.as_("op.worker"), DOORS["open"]
    good = json.loads(json.dumps(door.body))
    good["form"]["forms"][0]["fields"] = {"Zebedee": "Quetzalcoatl"}

    for key, changes in (("one", {}), ("one", {"route": "immediate_risk"}), ("two", {})):
        body = good | changes
        said.answers.append(await worker.post("/v1/transfers", body, key=f"Zebedee-{key}"))

    statuses = [answer.status_code for answer in said.answers]
    assert statuses[0] == 201, said.answers[0].text
    said.nothing_personal(at_least=2, statuses={422, 409})


class Odd(Exception):
    """Carries in every part of itself what should not be told."""


def _odd() -> Exception:
    error = Odd(WORDS, {"nhs_number": CANARIES[2]})
    error.add_note(WORDS)
    error.__cause__ = ValueError(WORDS)
    return ExceptionGroup(WORDS, [error, KeyError(WORDS)])


FAULTS: dict[str, tuple[Any, int]] = {
    "unexpected": (_odd, 500),
    "SQLite's": (lambda: sqlite3.IntegrityError(WORDS), 500),
    "SQLite's disk": (lambda: sqlite3.OperationalError(f"disk I/O error {WORDS}"), 503),
    "PostgreSQL's": (lambda: psycopg.errors.UniqueViolation(f"Key (name)=({WORDS})"), 500),
    "PostgreSQL's end": (lambda: psycopg.OperationalError(WORDS), 503),
    "a lock": (lambda: StoreContended(WORDS), 409),
    "no store": (lambda: StoreUnavailable(WORDS), 503),
}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("fault", FAULTS)
async def test_h14_an_error_tells_where_it_was_and_nothing_of_what_it_was_about(
    api: Api, said: Said, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    made, _ = FAULTS[fault]
    transfer = await seed(api, Stage.DRAFT)
    api.client.event_hooks = {}  # a 500 is in no document
    opened = api.store.write

    @asynccontextmanager
    async def failing() -> AsyncIterator[Any]:
        async with opened() as tx:
            yield tx
            raise made()

    async def raising(*_: object) -> NoReturn:
        raise made()

    monkeypatch.setattr(type(api.store), "write", lambda _: failing())
    monkeypatch.setattr(caller, "actor_of_subject", raising)
    for door in DOORS.values():
        path = door.path.replace(TRANSFER_ID, transfer.id)
        said.answers.append(await _send(api.as_(PERSON), door, path))
    for path in (f"/v1/transfers/{transfer.id}?Zebedee=1", "/v1/transfers?child_id=DURCANARY7"):
        said.answers.append(await api.as_(PERSON).get(path))

    assert {500, 503, 409} & {answer.status_code for answer in said.answers}
    said.nothing_personal(at_least=len(DOORS), statuses=set())


async def test_h14_a_callback_that_is_refused_is_not_repeated(api: Api, said: Said) -> None:
    sent = await seed(api, Stage.DISPATCHED)
    data: dict[str, Any] = {
        "reference": sent.reference,
        "worker": WORDS,
        "records": [
            {
                "child_id": "DURCANARY7",
                "record_id": "9434765919",
                "created_at": "2026-11-20T10:00:00Z",
                "dated": "2026-11-20",
            }
        ],
    }
    bodies = [
        callback("referral_created", **data),
        callback("referral_created", **data | {"reference": "Zebedee"}),
        callback("task_declined", **data, reason=WORDS),
        callback(WORDS, **data),
        callback("task_picked_up", reference=7, worker=WORDS),
    ]

    for system in ("lcs", "ehm"):
        for body in bodies:
            said.answers.append(await call_back(api, system, body, "msg_Quetzalcoatl"))
    headers = {"webhook-id": WORDS, "webhook-timestamp": WORDS, "webhook-signature": WORDS}
    forged = await api.client.post(
        "/v1/callbacks/lcs", json=bodies[0], headers={**headers, "X-Request-Id": WORDS}
    )
    said.answers.append(forged)

    said.nothing_personal(at_least=5, statuses={401, 422})


async def test_h14_metrics_count_and_name_nobody(api: Api, said: Said) -> None:
    await seed_alert(api, "op-bishop", await seed(api, Stage.DRAFT))
    for path in ("/v1/transfers/Zebedee", "/Zebedee/9434765919", "/v1/teams/Quetzalcoatl/members"):
        said.answers.append(await api.as_(PERSON).get(path))
    metrics = await api.client.get("/metrics")

    assert found_in(metrics.text) == []
    assert "op.manager" not in metrics.text
    said.nothing_personal(at_least=2, statuses={404, 422})


async def test_h14_a_token_is_in_no_log(api: Api, said: Said) -> None:
    good = forge(api.key)
    tokens = [good.token(sub=WORDS), good.token(exp=1, sub=WORDS), WORDS, good.token(name=WORDS)]

    for token in tokens:
        headers = {"Authorization": f"Bearer {token}"}
        said.answers.append(await api.client.get("/v1/me", headers=headers))

    assert [answer.status_code for answer in said.answers] == [403, 401, 401, 200]
    said.nothing_personal(at_least=3, statuses={401, 403})


def test_h14_what_libraries_say_of_an_error_is_cut_to_its_kind(
    said: Said,
) -> None:
    async def abandoned() -> None:
        task = asyncio.create_task(_raises())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        del task

    asyncio.run(abandoned())
    for name in ("uvicorn.error", "asyncio", "sqlalchemy.pool", "psycopg", "httpx", "aiohttp"):
        try:
            raise _odd()
        except ExceptionGroup:
            logging.getLogger(name).exception("It failed")

    events = said.logged()
    assert {event["error"] for event in events} == {"ExceptionGroup"}
    assert "Task exception was never retrieved" in {event["event"] for event in events}


async def _raises() -> None:
    raise _odd()


def test_h14_what_nobody_catches_is_told_by_kind_and_place(
    said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module, name in ((sys, "excepthook"), (sys, "unraisablehook"), (threading, "excepthook")):
        monkeypatch.setattr(module, name, getattr(module, name))
    logs.keep_last_words()
    error = _odd()

    sys.excepthook(type(error), error, None)
    thread = threading.Thread(target=_raise)
    thread.start()
    thread.join()
    last = Last()
    del last

    told = said.logged()
    assert [line["where"] for line in told] == ["process", "thread", "nobody"]
    assert {line["error"] for line in told} == {"ExceptionGroup"}


def _raise() -> NoReturn:
    raise _odd()


class Last:
    """Fails as it goes."""

    def __del__(self) -> None:
        raise _odd()
