"""A callback whose signature does not hold is heard by nobody (hazard 16)."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from api.seeding import call_back, callback, seed, signature
from builders import TRANSFER_ID
from service import CALLBACK_SECRETS, Api, in_process, settings_for

from app.domain.pathway import Stage

CONTENT = json.dumps(
    callback("duty_task.received", reference=f"{TRANSFER_ID}.1"), ensure_ascii=False
).encode()
OURS = CALLBACK_SECRETS["lcs"]
ANOTHER = "whsec_" + "c3RyYW5nZXItc3RyYW5nZXItc3RyYW5nZXI="


def _good(content: bytes = CONTENT, secret: str = OURS, minutes: float = 0) -> dict[str, str]:
    at = datetime.now(UTC) + timedelta(minutes=minutes)
    return signature(content, "msg_1", secret=secret, at=at)


def _with(**changes: str) -> dict[str, str]:
    return _good() | {f"webhook-{name}": value for name, value in changes.items()}


def _signed(change: Callable[[str], str]) -> dict[str, str]:
    return _with(signature=change(_good()["webhook-signature"]))


FORGED: dict[str, Callable[[], Mapping[str, str]]] = {
    "another secret": lambda: _good(secret=ANOTHER),
    "the secret of the other system": lambda: _good(secret=CALLBACK_SECRETS["ehm"]),
    "another body": lambda: _good(CONTENT + b" "),
    "another id": lambda: _with(id="msg_2"),
    "another second": lambda: (
        _good() | {"webhook-timestamp": _good(minutes=-1)["webhook-timestamp"]}
    ),
    "six minutes old": lambda: _good(minutes=-6),
    "far ahead": lambda: _good(minutes=30),
    "no comma": lambda: _signed(lambda v1: v1.replace(",", "")),
    "two commas": lambda: _signed(lambda v1: f"{v1},x"),
    "no base64": lambda: _with(signature="v1,%%%"),
    "base64 cut short": lambda: _with(signature="v1,A"),
    "no ASCII": lambda: _with(signature="v1,\u00e9\u00e9"),
    "another version": lambda: _signed(lambda v1: v1.replace("v1", "v2")),
    "an asymmetric version": lambda: _signed(lambda v1: v1.replace("v1", "v1a")),
    "an empty signature": lambda: _with(signature=""),
    "an empty part": lambda: _with(signature="v1,"),
    "only spaces": lambda: _with(signature="  "),
    "a timestamp of words": lambda: _with(timestamp="now"),
    "a timestamp without a number": lambda: _with(timestamp="NaN"),
    "a timestamp without end": lambda: _with(timestamp="Infinity"),
    "a timestamp beyond the calendar": lambda: _with(timestamp="1e30"),
    "a negative timestamp": lambda: _with(timestamp="-62135596801"),
    "an empty timestamp": lambda: _with(timestamp=""),
    "an empty id": lambda: _with(id=""),
    "an id that is no ASCII": lambda: _with(id="\u00e9"),
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
async def test_h16_a_signature_that_does_not_hold_answers_401(
    storeless: Api, forged: Callable[[], Mapping[str, str]]
) -> None:
    answer = await _send(storeless, CONTENT, forged())

    assert answer.status_code == 401
    assert answer.json()["type"] == "/problems/bad-signature"


@pytest.mark.parametrize(("own", "other"), [("lcs", "ehm"), ("ehm", "lcs")])
async def test_h16_a_message_of_one_system_is_not_heard_when_it_is_replayed_at_the_other(
    storeless: Api, own: str, other: str
) -> None:
    headers = _good(secret=CALLBACK_SECRETS[own])

    answers = [await _send(storeless, CONTENT, headers, system) for system in (own, other)]

    assert answers[0].status_code != 401
    assert (answers[1].status_code, answers[1].json()["type"]) == (401, "/problems/bad-signature")


@pytest.mark.parametrize("missing", _good())
async def test_h16_a_callback_without_one_of_its_headers_is_refused(
    storeless: Api, missing: str
) -> None:
    headers = {name: value for name, value in _good().items() if name != missing}

    answer = await _send(storeless, CONTENT, headers)

    assert answer.status_code == 401


async def test_h16_a_header_longer_than_any_answers_401(storeless: Api) -> None:
    answers = [await _send(storeless, CONTENT, {**_good(), name: "x" * 2001}) for name in _good()]

    assert {answer.status_code for answer in answers} == {401}


async def test_h16_a_token_signs_no_callback(storeless: Api) -> None:
    headers = {"Content-Type": "application/json", **_good(secret=ANOTHER)}

    answer = await storeless.as_("lcs.service").send(
        "POST", "/v1/callbacks/lcs", content=CONTENT, headers=headers
    )

    assert answer.status_code == 401


@pytest.mark.parametrize(
    "secrets",
    [
        (),
        ("whsec_",),
        ("",),
        ("whsec_%%%",),
        ("whsec_A",),
        ("not-base64!",),
        ("whsec_\u00e9",),
        (ANOTHER,),
    ],
)
async def test_h16_a_secret_that_is_none_verifies_nothing(
    issuer_key: Path, secrets: tuple[str, ...]
) -> None:
    settings = settings_for("sqlite:///nowhere.sqlite3", issuer_key, lcs_callback_secrets=secrets)

    answers = [
        await _send(in_process(settings), CONTENT, headers)
        for headers in (_good(), _with(signature="v1,"))
    ]

    assert {answer.status_code for answer in answers} == {401}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_while_secrets_are_rotated_both_hold(database_url: str, issuer_key: Path) -> None:
    settings = settings_for(
        database_url, issuer_key, lcs_callback_secrets=("whsec_", ANOTHER, OURS)
    )
    api = in_process(settings)

    old, new, stranger = [
        await _send(api, CONTENT, signature(CONTENT, f"msg_{secret}", secret=secret))
        for secret in (OURS, ANOTHER, CALLBACK_SECRETS["ehm"])
    ]

    assert old.status_code == new.status_code == 404, "heard, though no task has that name"
    assert stranger.status_code == 401
    await api.store.close()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_one_good_signature_among_several_is_enough(api: Api) -> None:
    another = _good(secret=ANOTHER)["webhook-signature"]

    answer = await _send(api, CONTENT, _signed(lambda v1: f"v1a,x {another} {v1}"))

    assert answer.status_code == 404


@pytest.mark.parametrize("minutes", [-4, 4])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_clocks_may_be_minutes_apart(api: Api, minutes: int) -> None:
    answer = await _send(api, CONTENT, _good(minutes=minutes))

    assert answer.status_code == 404


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_h16_a_forged_callback_changes_nothing(api: Api) -> None:
    transfer = await seed(api, Stage.DISPATCHED)
    body = callback("duty_task.picked_up", reference=transfer.reference, worker="w")
    content = json.dumps(body).encode()

    forged = await _send(api, content, signature(content, "msg_1", secret=ANOTHER))
    after = await api.as_("op.manager").get(f"/v1/transfers/{transfer.id}")
    good = await call_back(api, "lcs", body, "msg_1")

    assert forged.status_code == 401
    assert after.json()["stage"] == "dispatched"
    assert good.json() == {"noted": True}, "a forged message does not use up the id"


async def _send(
    api: Api, content: bytes, headers: Mapping[str, str], system: str = "lcs"
) -> httpx.Response:
    sent = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    sent.append((b"Content-Type", b"application/json"))
    return await api.client.post(f"/v1/callbacks/{system}", content=content, headers=sent)
