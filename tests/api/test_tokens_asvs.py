"""OWASP ASVS 5.0, V9 and V10.3, item by item: what a token must be before it names anybody."""

import time
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from api.desk import ANOTHER, OURS, Desk
from api.signing import Forge, part, with_hmac
from joserfc import jwe, jws
from joserfc.jwk import ECKey, OKPKey, RSAKey
from service import Api, settings_for

from app import dev_issuer
from app.api.key_set import public_keys
from app.dev_issuer import AUDIENCE, ISSUER, KID
from app.main import create_app
from app.settings import Settings
from app.store.directory import Person, save_person
from app.store.failures import translated
from app.unsafe_settings import UnsafeSettings

Made = Callable[[], str]
GOOD, STRANGER = Forge(OURS), Forge(ANOTHER)
REFUSED, TAKEN = "not-authenticated", "op.worker"
HEAD = f'{{"alg":"RS256","kid":"{KID}"}}'
one_store = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(monkeypatch)


def _now(seconds: float = 0) -> int:
    return int(time.time() + seconds)


def _signed(head: str, claims: bytes | str, alg: str = "RS256", by: RSAKey = OURS) -> str:
    """These bytes exactly, with a signature over them that is good."""
    payload = claims.encode() if isinstance(claims, str) else claims
    text = f"{part(head.encode())}.{part(payload)}"
    signature = jws.JWSRegistry.algorithms[alg].sign(text.encode(), by)
    return f"{text}.{part(signature)}"


def _with_header(**more: Any) -> str:
    head = {"alg": "RS256", "kid": KID} | more
    return _signed(orjson.dumps(head).decode(), orjson.dumps(GOOD.claims()))


def _with_claims(**changes: Any) -> str:
    return _signed(HEAD, orjson.dumps(GOOD.claims(**changes)))


def _claims_as(raw: str) -> str:
    """Good claims, and behind them these bytes of JSON."""
    return _signed(HEAD, orjson.dumps(GOOD.claims()).decode().removesuffix("}") + f",{raw}}}")


def _nested() -> str:
    header = {"alg": "RSA-OAEP", "enc": "A256GCM", "kid": KID, "cty": "JWT"}
    return jwe.encrypt_compact(header, GOOD.token(), OURS)


async def _refused(desk: Desk, token: str) -> None:
    assert await desk.says(token) == REFUSED
    assert await desk.says(GOOD.token()) == TAKEN


TAMPERED: dict[str, Made] = {
    "other claims": lambda: ".".join(
        (GOOD.token().split(".")[0], part(GOOD.claims(sub="ff.manager")), "AAAA")
    ),
    "another header": lambda: (
        f"{part({'alg': 'RS256', 'kid': KID, 'typ': 'JWT'})}." + GOOD.token().split(".", 1)[1]
    ),
    "a stranger's signature": STRANGER.token,
    "half a signature": lambda: GOOD.token()[:-100],
    "a signature of zeros": lambda: GOOD.token().rpartition(".")[0] + "." + "A" * 342,
    "one letter more": lambda: GOOD.token() + "A",
    "a line break behind it": lambda: GOOD.token() + "\n",
    "a space before it": lambda: " " + GOOD.token(),
    "a line break in it": lambda: GOOD.token().replace(".", ".\n", 1),
    "padding": lambda: GOOD.token() + "==",
    "nested in an encrypted one": _nested,
    "unencoded": lambda: _with_header(b64=False, crit=["b64"]),
    "unencoded, and not critical": lambda: _with_header(b64=False),
    "compressed": lambda: _with_header(zip="DEF"),
    "of content that is a token": lambda: _with_header(cty="JWT"),
    "critical of what nobody knows": lambda: _with_header(crit=["zebedee"], zebedee=1),
    "critical of nothing": lambda: _with_header(crit=[]),
    "critical of what is understood": lambda: _with_header(crit=["alg"]),
    "the same header twice": lambda: _signed(
        f'{{"alg":"RS256","kid":"elsewhere","kid":"{KID}"}}', orjson.dumps(GOOD.claims())
    ),
    "the same claim twice": lambda: _claims_as('"sub":"ff.manager"'),
    "the same claim twice, the same": lambda: _claims_as('"sub":"op.worker"'),
    "claims 33 deep": lambda: _claims_as('"more":' + "[" * 33 + "]" * 33),
    "claims with NaN": lambda: _claims_as('"more":NaN'),
    "claims with a lone surrogate": lambda: _claims_as(r'"more":"\ud83d"'),
    "claims in UTF-16": lambda: _signed(HEAD, GOOD.token().encode("utf-16")),
    "claims behind a byte order mark": lambda: _signed(
        HEAD, b"\xef\xbb\xbf" + orjson.dumps(GOOD.claims())
    ),
    "claims that are a list": lambda: _signed(HEAD, "[]"),
    "claims that are null": lambda: _signed(HEAD, "null"),
    "a header that is a list": lambda: _signed("[]", orjson.dumps(GOOD.claims())),
}


@pytest.mark.parametrize("made", TAMPERED.values(), ids=TAMPERED)
async def test_asvs_9_1_1_claims_are_believed_only_under_a_signature_over_those_very_bytes(
    desk: Desk, made: Made
) -> None:
    await _refused(desk, made())


NOT_LISTED = (
    *("none", "None", "NONE", "nOnE", "none ", "", "HS256", "HS384", "HS512", "hs256"),
    *("RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "EdDSA", "Ed25519", "rs256", "RS1"),
)


@pytest.mark.parametrize("alg", NOT_LISTED)
async def test_asvs_9_1_2_an_algorithm_that_is_not_on_the_list_is_refused(
    desk: Desk, alg: str
) -> None:
    head = orjson.dumps({"alg": alg, "kid": KID})
    by_us = _signed(head.decode(), orjson.dumps(GOOD.claims()))

    for token in (by_us, by_us.rpartition(".")[0] + ".", by_us.rpartition(".")[0]):
        await _refused(desk, token)


@pytest.mark.parametrize("alg", [None, 7, ["RS256"], {"RS256": 1}, True])
async def test_asvs_9_1_2_an_algorithm_that_is_no_text_is_refused(desk: Desk, alg: Any) -> None:
    await _refused(desk, _with_header(alg=alg))


def _secrets() -> Iterator[bytes]:
    for private, form in product((False,), ("as_pem", "as_der")):
        yield getattr(OURS, form)(private=private)
    yield orjson.dumps(OURS.as_dict(private=False))
    yield str(OURS.as_dict(private=False)["n"]).encode()
    yield KID.encode()
    yield b""


@pytest.mark.parametrize("secret", list(_secrets()), ids=["PEM", "DER", "JWK", "n", "kid", "none"])
async def test_asvs_9_1_2_a_public_key_is_no_secret_to_sign_with(desk: Desk, secret: bytes) -> None:
    await _refused(desk, with_hmac({"alg": "HS256", "kid": KID}, GOOD.claims(), secret))


def test_asvs_9_1_2_settings_have_no_place_for_none_or_a_shared_secret() -> None:
    listed = Settings.model_json_schema()["properties"]["jwt_algorithms"]["items"]["enum"]

    assert listed == ["RS256", "PS256", "ES256", "Ed25519", "EdDSA"]


async def test_asvs_9_1_2_a_key_signs_with_its_own_algorithm_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk = Desk(monkeypatch, ("RS256", "PS256", "ES256"))
    declared = RSAKey.import_key(OURS.as_dict(private=True) | {"alg": "RS256"})
    curve = ECKey.generate_key("P-256", parameters={"kid": "curve"})
    desk.published.held = (declared, curve)

    with_its_own = await desk.says(GOOD.token())
    with_another = await desk.says(GOOD.token({"alg": "PS256"}))
    with_a_curves = await desk.says(Forge(curve).token({"alg": "ES256", "kid": "curve"}))
    of_another_kind = [
        await desk.says(_signed(head, orjson.dumps(GOOD.claims())))
        for head in (HEAD.replace("RS256", "ES256"), HEAD.replace(KID, "curve"))
    ]

    assert (with_its_own, with_another, with_a_curves) == (TAKEN, REFUSED, TAKEN)
    assert of_another_kind == [REFUSED] * 2


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
@pytest.mark.parametrize("alg", ["EdDSA", "Ed25519"])
async def test_asvs_9_1_2_keys_of_edwards_curves_are_taken_where_settings_say_so(
    monkeypatch: pytest.MonkeyPatch, alg: str
) -> None:
    desk = Desk(monkeypatch, (alg,))
    key = OKPKey.generate_key("Ed25519", parameters={"kid": KID})
    desk.published.held = (key,)
    head = f'{{"alg":"{alg}","kid":"{KID}"}}'
    text = f"{part(head.encode())}.{part(GOOD.claims())}"
    signature = jws.JWSRegistry.algorithms[alg].sign(text.encode(), key)

    assert await desk.says(f"{text}.{part(signature)}") == TAKEN
    assert await desk.says(GOOD.token()) == REFUSED


OWN = {
    "jku": "https://elsewhere.invalid/keys",
    "x5u": "https://elsewhere.invalid/certificate",
    "jwk": ANOTHER.as_dict(private=False),
    "x5c": ["MIIB"],
}


@pytest.mark.parametrize("name", OWN)
async def test_asvs_9_1_3_a_token_never_brings_its_own_key(desk: Desk, name: str) -> None:
    for token in (STRANGER.token({name: OWN[name]}), _with_header(**{name: OWN[name]})):
        await _refused(desk, token)


KIDS = {
    "unknown": "another",
    "a path": "../../../../dev/null",
    "a file": "file:///etc/passwd",
    "an address": "https://elsewhere.invalid/key",
    "a query": "x' UNION SELECT 'key",
    "a command": "| cat /etc/passwd",
    "long": "k" * 4000,
    "NUL": f"{KID}\x00",
    "capitals": KID.upper(),
    "a space": f"{KID} ",
    "empty": "",
    "none": None,
    "a number": 7,
    "true": True,
    "a list": [KID],
    "an object": {KID: KID},
}


@pytest.mark.parametrize("kid", KIDS.values(), ids=KIDS)
async def test_asvs_9_1_3_a_key_is_called_by_the_very_name_that_the_issuer_published(
    desk: Desk, kid: Any
) -> None:
    await _refused(desk, _with_header(kid=kid))
    assert desk.verified == 1, "no signature is looked at for the sake of such a name"


async def test_asvs_9_1_3_of_two_keys_of_one_name_neither_is_used(desk: Desk) -> None:
    desk.published.held = (OURS, ANOTHER)

    assert [await desk.says(x.token()) for x in (GOOD, STRANGER)] == [REFUSED, REFUSED]


WEAK: dict[str, Callable[[], dict[str, Any]]] = {
    "RSA of 1024 bits": lambda: _shown(RSAKey.generate_key(1024, parameters={"kid": "weak"})),
    "for encryption": lambda: _shown(OURS) | {"kid": "weak", "use": "enc"},
    "for wrapping keys": lambda: _shown(OURS) | {"kid": "weak", "key_ops": ["wrapKey"]},
    "of a curve of coins": lambda: _shown(ECKey.generate_key("secp256k1")) | {"kid": "weak"},
    "of a curve for agreeing on keys": lambda: (
        _shown(OKPKey.generate_key("X25519")) | {"kid": "weak"}
    ),
}


def _shown(key: RSAKey | ECKey | OKPKey) -> dict[str, Any]:
    return dict(key.as_dict(private=False))


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
@pytest.mark.parametrize("made", WEAK.values(), ids=WEAK)
def test_asvs_9_1_3_a_published_key_that_is_weak_or_for_something_else_is_passed_over(
    made: Callable[[], dict[str, Any]],
) -> None:
    keys = public_keys(orjson.dumps({"keys": [made(), _shown(OURS)]}))

    assert [key.kid for key in keys.keys] == [KID]


async def test_asvs_9_1_3_an_unknown_issuer_makes_us_ask_for_no_keys(desk: Desk) -> None:
    asked: list[str | None] = []

    async def told(kid: str | None) -> object:
        asked.append(kid)
        return None

    desk.published.keys = told  # type: ignore[method-assign,assignment]

    assert await desk.says(_with_claims(iss="https://elsewhere.invalid")) == REFUSED
    assert asked == []


NOT_NOW: dict[str, Callable[[], dict[str, Any]]] = {
    "no expiry": lambda: {"exp": None},
    "expired": lambda: {"exp": _now(-31), "iat": _now(-90), "nbf": _now(-90)},
    "expired long ago": lambda: {"exp": 0, "iat": 0, "nbf": 0},
    "begins later": lambda: {"nbf": _now(90)},
    "issued later": lambda: {"iat": _now(90)},
    "no issue": lambda: {"iat": None},
    "expires before it was issued": lambda: {"exp": _now(-10), "iat": _now(10), "nbf": _now(-60)},
    "expires as it was issued": lambda: {"exp": _now(5), "iat": _now(5), "nbf": _now(-60)},
    "expires before it begins": lambda: {"exp": _now(-5), "iat": _now(-60), "nbf": _now(20)},
    "lives for two days": lambda: {"exp": _now(2 * 86400)},
    "lived for a month, on its last day": lambda: {
        "iat": _now(-30 * 86400),
        "nbf": _now(-30 * 86400),
        "exp": _now(3600),
    },
}


@pytest.mark.parametrize("changes", NOT_NOW.values(), ids=NOT_NOW)
async def test_asvs_9_2_1_a_token_is_taken_within_its_time_alone(
    desk: Desk, changes: Callable[[], dict[str, Any]]
) -> None:
    await _refused(desk, _with_claims(**changes()))


@pytest.mark.parametrize("name", ["exp", "nbf", "iat"])
@pytest.mark.parametrize(
    "value", [True, "today", "1e400", -1, 1e30, 2**53, [], {}, str(_now(60))], ids=range(9)
)
async def test_asvs_9_2_1_a_time_that_is_no_moment_of_this_age_is_none(
    desk: Desk, name: str, value: object
) -> None:
    await _refused(desk, _with_claims(**{name: value}))


@pytest.mark.parametrize("raw", ["NaN", "Infinity", "1e400", "null", '"\\u0661"'])
async def test_asvs_9_2_1_an_expiry_that_is_no_number_is_none(desk: Desk, raw: str) -> None:
    claims = orjson.dumps(GOOD.claims(exp=None)).decode().removesuffix("}")

    await _refused(desk, _signed(HEAD, f'{claims},"exp":{raw}}}'))


@pytest.mark.parametrize(
    ("ours_is_ahead", "says"),
    [(-29, TAKEN), (-31, REFUSED), (3600 + 29, TAKEN), (3600 + 31, REFUSED)],
)
async def test_asvs_9_2_1_two_clocks_may_be_thirty_seconds_apart_either_way(
    desk: Desk, ours_is_ahead: float, says: str
) -> None:
    now = int(desk.now.timestamp())
    desk.now = desk.now.fromtimestamp(now + ours_is_ahead, desk.now.tzinfo)

    assert await desk.says(_with_claims(iat=now, nbf=now, exp=now + 3600)) == says


OF_ANOTHER_KIND: dict[str, Made] = {
    "an ID token by its nonce": lambda: _with_claims(nonce="n"),
    "an ID token by a digest of the access token": lambda: _with_claims(at_hash="h"),
    "an ID token by a digest of the code": lambda: _with_claims(c_hash="h"),
    "an ID token that says so": lambda: _with_claims(typ="ID"),
    "an ID token that says how it is used": lambda: _with_claims(token_use="id"),
    "a refresh token": lambda: _with_claims(typ="Refresh"),
    "a notice to log out": lambda: _with_claims(events={"logout": {}}),
    "a notice to log out by its type": lambda: _with_header(typ="logout+jwt"),
    "a security event": lambda: _with_header(typ="secevent+jwt"),
    "a proof of possession": lambda: _with_header(typ="dpop+jwt"),
    "a client's request": lambda: _with_header(typ="oauth-authz-req+jwt"),
    "of an empty type": lambda: _with_header(typ=""),
    "of a type that is a number": lambda: _with_header(typ=7),
    "bound to a key that is not shown": lambda: _with_claims(cnf={"jkt": "k"}),
    "bound to a certificate that is not shown": lambda: _with_claims(cnf={"x5t#S256": "k"}),
}


@pytest.mark.parametrize("made", OF_ANOTHER_KIND.values(), ids=OF_ANOTHER_KIND)
async def test_asvs_9_2_2_a_token_that_is_for_something_else_opens_nothing(
    desk: Desk, made: Made
) -> None:
    await _refused(desk, made())


@pytest.mark.parametrize("typ", ["JWT", "jwt", "at+jwt", "AT+JWT", "application/at+jwt"])
async def test_asvs_9_2_2_an_access_token_is_taken_by_any_name_of_its_type(
    desk: Desk, typ: str
) -> None:
    assert await desk.says(_with_header(typ=typ)) == TAKEN


@pytest.mark.parametrize(
    ("typ", "says"),
    [("at+jwt", TAKEN), ("application/at+jwt", TAKEN), ("JWT", REFUSED), (None, REFUSED)],
)
async def test_asvs_9_2_2_where_settings_say_so_only_declared_access_tokens_are_taken(
    monkeypatch: pytest.MonkeyPatch, typ: str | None, says: str
) -> None:
    desk = Desk(monkeypatch, typed=True)

    assert await desk.says(_with_header(typ=typ) if typ else _with_header()) == says


@pytest.mark.parametrize(
    ("claims", "says"),
    [
        ({"scp": "transfers.act"}, TAKEN),
        ({"scp": "openid transfers.act"}, TAKEN),
        ({"scope": "openid transfers.act"}, TAKEN),
        ({"scp": ["openid", "transfers.act"]}, TAKEN),
        ({}, REFUSED),
        ({"scp": "openid"}, REFUSED),
        ({"scp": "transfers.act.more"}, REFUSED),
        ({"scp": 7}, REFUSED),
        ({"scp": {"transfers.act": 1}}, REFUSED),
        ({"roles": ["transfers.act"]}, REFUSED),
    ],
)
async def test_asvs_9_2_2_where_settings_name_a_scope_a_token_without_it_is_refused(
    monkeypatch: pytest.MonkeyPatch, claims: dict[str, Any], says: str
) -> None:
    desk = Desk(monkeypatch, scope="transfers.act")

    assert await desk.says(_with_claims(**claims)) == says


NOT_FOR_US = {
    "another service": "another-service",
    "nobody": None,
    "an empty name": "",
    "almost us": AUDIENCE + "/",
    "us in capitals": AUDIENCE.upper(),
    "us with a space": AUDIENCE + " ",
    "us in a list": [AUDIENCE],
    "us among others": [AUDIENCE, "another-service"],
    "everybody": "*",
    "an object": {AUDIENCE: 1},
    "a number": 7,
    "the issuer": ISSUER,
}


@pytest.mark.parametrize("aud", NOT_FOR_US.values(), ids=NOT_FOR_US)
async def test_asvs_9_2_3_and_10_3_1_a_token_is_taken_if_it_is_for_us_alone(
    desk: Desk, aud: object
) -> None:
    await _refused(desk, _with_claims(aud=aud))


def test_asvs_9_2_4_the_development_issuer_names_its_one_audience(
    issuer_key: Path, desk: Desk
) -> None:
    token = dev_issuer.token(issuer_key, "op.worker", desk.now)

    claims = orjson.loads(jws.extract_compact(token.encode()).payload)

    assert claims["aud"] == AUDIENCE


OF_ANOTHER_ISSUER = ["https://elsewhere.invalid", ISSUER + "/", ISSUER.upper(), [ISSUER], None, 7]


@pytest.mark.parametrize("iss", OF_ANOTHER_ISSUER)
async def test_asvs_10_3_3_a_person_is_known_by_the_one_issuer_and_its_name_for_them(
    desk: Desk, iss: object
) -> None:
    await _refused(desk, _with_claims(iss=iss))


def test_asvs_10_3_3_two_issuers_would_mix_up_people_of_the_same_name(issuer_key: Path) -> None:
    mixed = settings_for(
        "sqlite:///nowhere.sqlite3",
        issuer_key,
        jwt_issuer="https://identity.durham.invalid",
        jwt_audience="transfers",
        jwks_file=issuer_key,
        dev_issuer_key=issuer_key,
    )

    with pytest.raises(UnsafeSettings, match="one issuer alone"):
        create_app(mixed)


@pytest.mark.parametrize("claim", ["email", "upn", "preferred_username", "name", "unique_name"])
def test_asvs_10_3_3_nobody_is_known_by_what_can_become_somebody_else_s(
    issuer_key: Path, claim: str
) -> None:
    with pytest.raises(ValueError, match="jwt_identity_claim"):
        settings_for("sqlite:///nowhere.sqlite3", issuer_key, jwt_identity_claim=claim)


async def test_asvs_10_3_3_no_two_people_of_the_directory_have_one_subject(api: Api) -> None:
    with pytest.raises(Exception, match=r"(?i)unique") as refused:
        async with api.store.write() as tx:
            await save_person(tx, Person("op.twin", "durham", "Twin", "op.worker"), [])

    assert translated(refused.value) is None


async def test_asvs_10_3_3_a_subject_is_compared_letter_by_letter(api: Api) -> None:
    async with api.store.write() as tx:
        await save_person(tx, Person("op.twin", "durham", "Twin", "OP.WORKER"), [])

    told = [(await api.as_(who).get("/v1/me")).json()["id"] for who in ("op.worker", "OP.WORKER")]

    assert told == ["op.worker", "op.twin"]


SUBJECTS = ["", "w" * 201, "op.worker\n", "\x00", "op\x7f", "op\x85", 7, None, ["op.worker"], True]


@pytest.mark.parametrize("sub", SUBJECTS)
async def test_asvs_10_3_3_a_name_that_is_no_name_is_nobody_s(desk: Desk, sub: object) -> None:
    await _refused(desk, _with_claims(sub=sub))


async def test_a_token_is_read_from_the_one_header_alone(storeless: Api) -> None:
    bearer = storeless.as_("op.worker").bearer["Authorization"]
    plain = bearer.removeprefix("Bearer ")
    ways: dict[str, tuple[str, list[tuple[str, str]]]] = {
        "query": (f"?access_token={plain}", []),
        "cookie": ("", [("Cookie", f"access_token={plain}; Authorization={plain}")]),
        "another header": ("", [("X-Authorization", bearer), ("Proxy-Authorization", bearer)]),
        "twice": ("", [("Authorization", bearer), ("Authorization", bearer)]),
        "behind a bad one": ("", [("Authorization", "Bearer x.y.z"), ("Authorization", bearer)]),
        "before a bad one": ("", [("Authorization", bearer), ("Authorization", "Bearer x.y.z")]),
        "two in one": ("", [("Authorization", f"{bearer}, {bearer}")]),
        "another scheme": ("", [("Authorization", f"Token {plain}")]),
        "no scheme": ("", [("Authorization", plain)]),
        "proof of possession": ("", [("Authorization", f"DPoP {plain}")]),
    }

    told = {
        name: (await _me(storeless, query, headers)).status_code
        for name, (query, headers) in ways.items()
    }
    lower = await _me(
        storeless, "", [("Authorization", f"bearer {plain}")], "/v1/transfers?limit=0"
    )

    assert told == dict.fromkeys(ways, 401)
    assert lower.status_code == 422, "a scheme has no case: the request itself is looked at"


async def _me(
    api: Api, query: str, headers: list[tuple[str, str]], path: str = "/v1/me"
) -> httpx.Response:
    return await api.client.get(f"{path}{query}", headers=headers)
