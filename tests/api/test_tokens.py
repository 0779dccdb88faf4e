"""Who is calling: a token that is not good in every respect names nobody."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from api.contract import operations
from api.signing import Forge, forge, part, with_hmac
from builders import TRANSFER_ID
from joserfc.jwk import RSAKey
from service import Api

from app import dev_issuer

Made = Callable[[Forge], str]

CLOSED = [
    (found["method"], found["path"].replace("{transfer_id}", TRANSFER_ID).replace("{", "x"))
    for found in operations().values()
    if found.get("security") == [{"bearer": []}]
]
STRANGER = RSAKey.generate_key(2048, parameters={"kid": dev_issuer.KID})
NONE = {"alg": "none", "kid": dev_issuer.KID}
HS256 = {"alg": "HS256", "kid": dev_issuer.KID}


def _public(made: Forge, form: str) -> bytes:
    return made.key.as_pem(private=False) if form == "pem" else made.key.as_der(private=False)


def _now(seconds: float) -> int:
    return int(time.time() + seconds)


def _cut(made: Forge) -> tuple[str, str, str]:
    head, claims, signature = made.token().split(".")
    return head, claims, signature


FORGED: dict[str, Made] = {
    "unsigned": lambda f: f"{part(NONE)}.{part(f.claims())}.",
    "unsigned with a signature": lambda f: f"{part(NONE)}.{part(f.claims())}.{part(b'x')}",
    "unsigned in capitals": lambda f: f"{part(NONE | {'alg': 'NONE'})}.{part(f.claims())}.AA",
    "HS256 with the public key, PEM": lambda f: with_hmac(HS256, f.claims(), _public(f, "pem")),
    "HS256 with the public key, DER": lambda f: with_hmac(HS256, f.claims(), _public(f, "der")),
    "HS256 with nothing": lambda f: with_hmac(HS256, f.claims(), b""),
    "HS256 with the key id": lambda f: with_hmac(HS256, f.claims(), dev_issuer.KID.encode()),
    "another algorithm of the same key": lambda f: f.token({"alg": "PS256"}),
    "a longer digest of the same key": lambda f: f.token({"alg": "RS512"}),
    "another key under our key's name": lambda _: Forge(STRANGER).token(),
    "a key of its own in the header": lambda _: Forge(STRANGER).token(
        {"jwk": STRANGER.as_dict(private=False)}
    ),
    "a key set of its own": lambda _: Forge(STRANGER).token(
        {"jku": "https://elsewhere.invalid/keys", "kid": "elsewhere"}
    ),
    "a key set of its own under our key's name": lambda _: Forge(STRANGER).token(
        {"jku": "https://elsewhere.invalid/keys"}
    ),
    "a certificate of its own": lambda _: Forge(STRANGER).token(
        {"x5u": "https://elsewhere.invalid/certificate"}
    ),
    "an unknown key": lambda f: f.token({"kid": "another"}),
    "a key by a path": lambda f: f.token({"kid": "../../../../dev/null"}),
    "a key by an address": lambda f: f.token({"kid": "https://elsewhere.invalid/key"}),
    "a key by a query": lambda f: f.token({"kid": "x' UNION SELECT 'key"}),
    "no key": lambda f: f.token({"kid": None}),
    "an empty key": lambda f: f.token({"kid": ""}),
    "something critical": lambda f: f.token({"crit": ["zebedee"], "zebedee": 1}),
    "no expiry": lambda f: f.token(exp=None),
    "an expiry of 10 to the 30": lambda f: f.token(exp=10**30 // 1.0),
    "an expiry after every calendar": lambda f: f.token(exp=2**53),
    "an expiry as text": lambda f: f.token(exp=str(_now(60))),
    "an expiry that is true": lambda f: f.token(exp=True),
    "an expiry in a list": lambda f: f.token(exp=[_now(60)]),
    "an expiry before time": lambda f: f.token(exp=-1),
    "expired": lambda f: f.token(exp=_now(-31)),
    "not yet valid": lambda f: f.token(nbf=_now(90)),
    "issued in the future": lambda f: f.token(iat=_now(90)),
    "issued as text": lambda f: f.token(iat="today"),
    "valid for two days": lambda f: f.token(exp=_now(2 * 86400)),
    "issued when nobody says": lambda f: f.token(iat=None),
    "for somebody else": lambda f: f.token(aud="another-service"),
    "for us and somebody else": lambda f: f.token(aud=[dev_issuer.AUDIENCE, "another-service"]),
    "for us in a list": lambda f: f.token(aud=[dev_issuer.AUDIENCE]),
    "for nobody": lambda f: f.token(aud=None),
    "for almost us": lambda f: f.token(aud=dev_issuer.AUDIENCE + "/"),
    "of another issuer": lambda f: f.token(iss="https://elsewhere.invalid"),
    "of almost our issuer": lambda f: f.token(iss=dev_issuer.ISSUER + "/"),
    "of two issuers": lambda f: f.token(iss=[dev_issuer.ISSUER]),
    "of no issuer": lambda f: f.token(iss=None),
    "of nobody": lambda f: f.token(sub=None),
    "of an empty name": lambda f: f.token(sub=""),
    "of a number": lambda f: f.token(sub=7),
    "of a list": lambda f: f.token(sub=["op.worker"]),
    "of a name without end": lambda f: f.token(sub="w" * 201),
    "without its signature": lambda f: ".".join(_cut(f)[:2]),
    "with an empty signature": lambda f: ".".join(_cut(f)[:2]) + ".",
    "with half its signature": lambda f: f.token()[:-100],
    "with other claims": lambda f: f"{_cut(f)[0]}.{part(f.claims(sub='ff.manager'))}.{_cut(f)[2]}",
    "in five parts": lambda f: f.token() + ".AA.AA",
    "as JSON": lambda f: f'{{"payload":"{_cut(f)[1]}"}}',
    "with a header that is a list": lambda f: f"{part([])}.{part(f.claims())}.AA",
    "with a header that is text": lambda f: f"{part('RS256')}.{part(f.claims())}.AA",
    "with a header that is null": lambda f: f"{part(None)}.{part(f.claims())}.AA",
    "with a header that is no JSON": lambda f: f"{part(b'{')}.{part(f.claims())}.AA",
    "with a header that is no UTF-8": lambda f: f"{part(bytes([255]))}.{part(f.claims())}.AA",
    "with two algorithms": lambda f: f"{part({'alg': ['RS256'], 'kid': 'x'})}.{_cut(f)[1]}.AA",
    "with a number for a key": lambda f: f"{part({'alg': 'RS256', 'kid': 7})}.{_cut(f)[1]}.AA",
    "with claims that are a list": lambda f: f"{_cut(f)[0]}.{part([])}.AA",
    "with claims that are null": lambda f: f"{_cut(f)[0]}.{part(None)}.AA",
    "with claims that are no JSON": lambda f: f"{_cut(f)[0]}.{part(b'[' * 3000)}.AA",
    "longer than any token": lambda f: f.token(more="w" * 9000),
    "garbage": lambda _: "garbage",
    "dots": lambda _: "..",
    "nothing": lambda _: "",
    "no ASCII": lambda _: "\u00e9.\u00e9.\u00e9",
}


@pytest.mark.parametrize("made", FORGED.values(), ids=FORGED)
async def test_h16_a_token_that_is_not_good_opens_nothing(
    storeless: Api, issuer_key: Path, made: Made
) -> None:
    token = made(forge(issuer_key))

    answers = [await _ask(storeless, where, f"Bearer {token}") for where in CLOSED]

    assert {_refusal(answer) for answer in answers} == {
        (401, "/problems/not-authenticated", "Bearer")
    }
    assert len(answers) >= 24


@pytest.mark.parametrize(
    "credentials",
    [None, "", "Bearer", "Bearer ", "Basic b3Aud29ya2VyOg==", "op.worker", "Digest x", "\u00e9"],
)
async def test_without_a_bearer_token_nothing_opens(
    storeless: Api, credentials: str | None
) -> None:
    answers = [await _ask(storeless, where, credentials) for where in CLOSED]

    assert {_refusal(answer) for answer in answers} == {
        (401, "/problems/not-authenticated", "Bearer")
    }


TAKEN: dict[str, Callable[[], dict[str, Any]]] = {
    "good": dict,
    "bare": lambda: {"nbf": None},
    "just expired": lambda: {"exp": _now(-20), "iat": _now(-90), "nbf": _now(-90)},
    "clocks apart": lambda: {"iat": _now(20), "nbf": _now(20)},
    "a day": lambda: {"exp": _now(86400)},
    "with a fraction": lambda: {"exp": _now(60) + 0.5},
}


@pytest.mark.parametrize("changes", TAKEN.values(), ids=TAKEN)
async def test_with_a_good_token_the_request_itself_is_looked_at(
    storeless: Api, issuer_key: Path, changes: Callable[[], dict[str, Any]]
) -> None:
    token = forge(issuer_key).token(**changes())

    answer = await _ask(storeless, ("GET", "/v1/transfers?limit=0"), f"Bearer {token}")

    assert answer.status_code == 422


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_roles_come_from_the_directory_whatever_a_token_says(api: Api) -> None:
    claims: dict[str, Any] = {
        "roles": ["administrator"],
        "scope": "administrator",
        "groups": ["op-chester"],
    }
    token = forge(api.key).token(**claims)

    answer = await _ask(api, ("GET", "/v1/me"), f"Bearer {token}")

    assert answer.json()["memberships"] == [
        {"role": "practitioner", "team": "op-bishop", "meeting": None, "delegated_by": []}
    ]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("subject", ["nobody", "OP.WORKER", "op.worker ", "w" * 200, "é"])
async def test_somebody_whom_the_directory_does_not_know_may_do_nothing(
    api: Api, subject: str
) -> None:
    token = forge(api.key).token(sub=subject)
    reading = [where for where in CLOSED if where[0] == "GET" and "x" not in where[1]]

    answers = [await _ask(api, where, f"Bearer {token}") for where in reading]

    assert {answer.status_code for answer in answers} == {403}


async def _ask(api: Api, where: tuple[str, str], credentials: str | None) -> httpx.Response:
    headers = {} if credentials is None else {"Authorization": credentials.encode()}
    sent = [(name.encode(), value) for name, value in headers.items()]
    return await api.client.request(*where, headers=sent)


def _refusal(answer: httpx.Response) -> tuple[int, str, str | None]:
    return answer.status_code, answer.json()["type"], answer.headers.get("WWW-Authenticate")
