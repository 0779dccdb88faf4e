"""A case system that answers with people's data in every place: none of it is logged or noted."""

import asyncio
import io
import json
import logging
import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest
import structlog
from builders import NOW, child
from canary import CANARIES, found_in
from receiving import answer, listening
from scripted_gateway import contract
from store.kept import delivered_rows, keep, message, numbered_transfer, queue

from adapters.gateway_codes import CODES
from app import logs
from app.domain.messages import MessageKind
from app.domain.transfer import Transfer
from app.relay import Relay
from app.settings import Settings
from app.store.alerts import list_alerts
from app.store.engine import Store

WORDS = " ".join(CANARIES)
TOKEN = answer("200 OK", body=b'{"access_token":"a","token_type":"Bearer","expires_in":3600}')
PROBLEM = json.dumps({"code": "Zebedee", "detail": WORDS, "title": WORDS, "held_by": 7}).encode()
HEADERS = (f"ETag: {WORDS}", f"Retry-After: {WORDS}", f"Location: http://x/?{WORDS}")
TASK = {"reference": WORDS, "state": WORDS, "worker": WORDS, "received_at": WORDS, "id": WORDS}
ANSWERS = {
    **{
        f"{status}": answer(f"{status} {WORDS}", *HEADERS, body=PROBLEM)
        for status in (301, 400, 403, 404, 409, 412, 422, 429, 500, 503)
    },
    "a task that is none": answer("200 OK", *HEADERS, body=json.dumps(TASK).encode()),
    "a list": answer("200 OK", body=json.dumps([WORDS]).encode()),
    "no JSON": answer("200 OK", body=f"<html>{WORDS}".encode()),
    "no HTTP": WORDS.encode() + b"\r\n\r\n",
    "half an answer": answer("200 OK", body=PROBLEM)[:-20],
    "a header that is none": f"HTTP/1.1 200 OK\r\n{WORDS}\r\n\r\n".encode(),
    "another encoding": answer("200 OK", f"Content-Encoding: {WORDS}", body=PROBLEM),
    "a status that is none": f"HTTP/1.1 {WORDS}\r\n\r\n".encode(),
    "a code in small letters": answer("409 C", body=b'{"code":"zebedee","detail":"quetzalcoatl"}'),
}
SAYABLE = tuple(kind for kind in MessageKind if kind is not MessageKind.EVENT)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What a relay process logs at its most talkative."""
    root, before, written = logging.getLogger(), logging.getLogger().handlers[:], io.StringIO()
    plain, sys.stderr = sys.stderr, written
    logs.configure("DEBUG")
    sys.stderr = plain
    yield written
    structlog.reset_defaults()
    root.handlers[:] = before
    root.setLevel(logging.WARNING)


def _sent(number: int) -> Transfer:
    """One for each message: those about the same transfer wait for each other."""
    named = replace(child(f"DURCANARY7{number}"), name="Zebedee Quetzalcoatl")
    return numbered_transfer(number, children=(named,))


@pytest.mark.parametrize(
    "token_too",
    [pytest.param(False, id="call"), pytest.param(True, id="token too", marks=pytest.mark.long)],
)
@pytest.mark.parametrize("said", ANSWERS.values(), ids=ANSWERS)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_h14_what_a_case_system_says_of_people_is_neither_logged_nor_noted(  # noqa: PLR0913
    store: Store, database_url: str, log: io.StringIO, capsys: pytest.CaptureFixture[str],
    said: bytes, *, token_too: bool,
) -> None:  # fmt: skip
    sent = {kind: _sent(number) for number, kind in enumerate(SAYABLE)}
    await keep(store, *sent.values())
    await queue(store, *(message(kind, transfer) for kind, transfer in sent.items()))

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        writer.write(TOKEN if b"/oauth/token" in head and not token_too else said)
        await writer.drain()
        writer.close()

    async with listening(serve) as port:
        relay = Relay(
            Settings(
                _env_file=None,
                environment="development",
                database_url=database_url,
                lcs_url=f"http://127.0.0.1:{port}",
                lcs_client_secret="Zebedee-secret",
                relay_call_deadline=2,
            ),
            lambda: NOW,
        )
        try:
            await relay.drain_once()
        finally:
            await relay.close()

    rows = await delivered_rows(store)
    async with store.read() as tx:
        alerts = await list_alerts(tx, "durham", frozenset({"op-bishop", "ff-bishop"}), 0, 50)
    printed = capsys.readouterr()
    assert [row for row in rows if row.attempts]
    assert "delivery attempted" in log.getvalue()
    assert found_in(log.getvalue(), printed.out, printed.err) == []
    assert found_in(*(str(row.outcome) for row in rows)) == []
    assert found_in(*(alert.says for alert in alerts)) == []


@pytest.mark.parametrize("system", ["lcs", "ehm"])
def test_the_codes_that_are_repeated_are_those_of_the_contract(system: str) -> None:
    shown = contract(system)["components"]["examples"].values()
    codes = {x["value"]["code"] for x in shown if "code" in x["value"]}

    assert codes == CODES
