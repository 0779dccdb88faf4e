"""Where public keys come from: a file, or the council's identity provider."""

import asyncio
import base64
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from api.signing import Forge
from builders import sample_directory
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID
from joserfc.jwk import ECKey, RSAKey
from service import Api, in_process, settings_for

from app.api.discovered_keys import DiscoveredKeys
from app.api.key_set import public_keys
from app.api.problem_handlers import Refusal
from app.store.directory import DatedMembership, Person
from app.usecases.load_directory import Directory, load_directory

TENANT = "7d1f0c3a-4f6e-4f0e-9a53-2f8f4f1c7f10"
ENTRA = f"https://login.microsoftonline.com/{TENANT}/v2.0"
CLIENT = "c3a4b7de-8a1f-4c6b-9d27-0b5c9e1f2a33"
OID = "5e2a7f5c-9b1d-4f77-8a55-1f0f3f7b9c21"
ISSUER = "https://identity.durham.invalid"
DISCOVERY = f"{ISSUER}/.well-known/openid-configuration"
JWKS = f"{ISSUER}/keys"
one_store = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def _key(kid: str) -> RSAKey:
    return RSAKey.generate_key(2048, parameters={"kid": kid})


OLD, NEW = _key("old"), _key("new")


class Provider:
    """An identity provider whose documents a test can change, and a clock to go with it."""

    def __init__(self, *keys: RSAKey | ECKey) -> None:
        self.issuer = ISSUER
        self.keys = keys
        self.down: Exception | None = None
        self.asked: list[str] = []
        self.seconds = 0.0

    async def get(self, url: str) -> bytes:
        self.asked.append(url)
        await asyncio.sleep(0)
        if self.down:
            raise self.down
        documents: dict[str, Any] = {
            DISCOVERY: {"issuer": self.issuer, "jwks_uri": JWKS},
            JWKS: {"keys": [key.as_dict(private=False) for key in self.keys]},
        }
        return orjson.dumps(documents[url])

    def discovered(self) -> DiscoveredKeys:
        return DiscoveredKeys(DISCOVERY, ISSUER, self.get, lambda: self.seconds)

    @property
    def fetches(self) -> int:
        return self.asked.count(DISCOVERY)


async def _kids(keys: DiscoveredKeys, kid: str = "old") -> list[str | None]:
    return [key.kid for key in (await keys.keys(kid)).keys]


async def test_keys_are_fetched_once_and_kept_for_an_hour() -> None:
    provider = Provider(OLD)
    keys = provider.discovered()

    await asyncio.gather(*(_kids(keys) for _ in range(20)))
    provider.seconds = 3600
    await _kids(keys)

    assert provider.asked == [DISCOVERY, JWKS]


async def test_keys_are_fetched_again_after_an_hour() -> None:
    provider = Provider(OLD)
    keys = provider.discovered()
    await _kids(keys)

    provider.keys, provider.seconds = (NEW,), 3601

    assert await _kids(keys) == ["new"]


async def test_a_rotated_key_is_found_at_its_first_use() -> None:
    provider = Provider(OLD)
    keys = provider.discovered()
    await _kids(keys)

    provider.keys, provider.seconds = (OLD, NEW), 31

    assert await _kids(keys, "new") == ["old", "new"]


async def test_unknown_keys_make_us_ask_at_most_each_thirty_seconds() -> None:
    provider = Provider(OLD)
    keys = provider.discovered()

    for second in range(0, 100, 5):
        provider.seconds = second
        await asyncio.gather(*(_kids(keys, f"made-up-{n}") for n in range(5)))

    assert provider.fetches == 3


FAILURES = [
    httpx.ConnectError("down"),
    httpx.ReadTimeout("slow"),
    httpx.DecodingError("the document is too large"),
    httpx.InvalidURL("what"),
    ValueError("no JSON"),
]


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: type(failure).__name__)
async def test_while_the_provider_is_down_the_old_keys_go_on(failure: Exception) -> None:
    provider = Provider(OLD)
    keys = provider.discovered()
    await _kids(keys)

    provider.down, provider.seconds = failure, 4000

    assert await _kids(keys) == ["old"]
    assert await _kids(keys, "new") == ["old"]
    assert provider.fetches == 2, "it is not asked with every request"


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: type(failure).__name__)
async def test_without_any_keys_nobody_is_let_in_until_there_are_some(failure: Exception) -> None:
    provider = Provider(OLD)
    keys = provider.discovered()

    provider.down = failure
    with pytest.raises(Refusal) as refused:
        await _kids(keys)
    provider.down = None
    with pytest.raises(Refusal):
        await _kids(keys)
    provider.seconds += 6

    assert refused.value.kind == "unavailable"
    assert await _kids(keys) == ["old"]


async def test_a_provider_of_another_name_is_not_believed_until_it_says_the_right_one() -> None:
    provider = Provider(OLD)
    keys = provider.discovered()
    provider.issuer = f"{ISSUER}/another"

    with pytest.raises(Refusal):
        await _kids(keys)
    asked = provider.asked.copy()
    provider.issuer, provider.seconds = ISSUER, provider.seconds + 6

    assert asked == [DISCOVERY]
    assert await _kids(keys) == ["old"]


async def test_a_provider_that_changes_its_name_does_not_replace_the_keys() -> None:
    provider = Provider(OLD)
    keys = provider.discovered()
    await _kids(keys)

    provider.issuer, provider.keys, provider.seconds = "https://elsewhere.invalid", (NEW,), 4000

    assert await _kids(keys) == ["old"]


@pytest.mark.parametrize(
    "document", [b"", b"{", b"[]", b"null", b"{}", b'{"keys": null}', b'{"keys": [7]}', b"\xff"]
)
def test_what_is_no_key_set_is_refused(document: bytes) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        public_keys(document)


def test_a_key_of_a_kind_that_we_do_not_know_is_passed_over() -> None:
    curve = {"kty": "EC", "crv": "P-1", "x": "eA", "y": "eQ", "kid": "curve"}
    document = {"keys": [{"kty": "AKP", "kid": "later"}, curve, OLD.as_dict(private=False)]}

    keys = public_keys(orjson.dumps(document))

    assert [key.kid for key in keys.keys] == ["old"]


def test_a_symmetric_key_is_refused_and_private_parts_are_dropped() -> None:
    symmetric = {"keys": [{"kty": "oct", "k": "c2VjcmV0", "kid": "old"}]}

    with pytest.raises(ValueError, match="symmetric"):
        public_keys(orjson.dumps(symmetric))
    keys = public_keys(orjson.dumps({"keys": [OLD.as_dict(private=True)]}))

    assert not keys.keys[0].is_private


@one_store
async def test_a_token_of_microsoft_entra_names_the_person_by_their_object_id(
    database_url: str, issuer_key: Path, tmp_path: Path
) -> None:
    (tmp_path / "entra.json").write_bytes(orjson.dumps({"keys": [_as_entra_shows(OLD)]}))
    entra = Forge(OLD, ENTRA, CLIENT)
    token = entra.signed(
        {"typ": "JWT", "alg": "RS256", "kid": "old", "x5t": "old"},
        {"sub": "pairwise-of-one-application", "oid": OID, "tid": TENANT, "ver": "2.0"},
    )
    other = entra.token({"kid": "old"}, sub=OID)
    api = in_process(
        settings_for(
            database_url,
            issuer_key,
            jwt_issuer=ENTRA,
            jwt_audience=CLIENT,
            jwt_identity_claim="oid",
            jwks_file=tmp_path / "entra.json",
        )
    )
    await _load_somebody_called(api, OID)

    told = await _me(api, token)
    without_oid = await _me(api, other)

    assert told.json()["id"] == "op.entra"
    assert without_oid.status_code == 401
    await api.store.close()


@one_store
async def test_keys_of_elliptic_curves_are_taken_where_settings_say_so(
    database_url: str, issuer_key: Path, tmp_path: Path
) -> None:
    curve = ECKey.generate_key("P-256", parameters={"kid": "curve"})
    document = {"keys": [curve.as_dict(private=False), OLD.as_dict(private=False)]}
    (tmp_path / "keys.json").write_bytes(orjson.dumps(document))
    api = in_process(
        settings_for(
            database_url,
            issuer_key,
            jwt_issuer=ISSUER,
            jwt_audience="transfers",
            jwt_algorithms=("ES256",),
            jwks_file=tmp_path / "keys.json",
        )
    )
    await _load_somebody_called(api, "op.entra")

    signed = Forge(curve, ISSUER, "transfers").token(
        {"alg": "ES256", "kid": "curve"}, sub="op.entra"
    )
    rsa = Forge(OLD, ISSUER, "transfers").token({"kid": "old"}, sub="op.entra")

    assert (await _me(api, signed)).status_code == 200
    assert (await _me(api, rsa)).status_code == 401
    await api.store.close()


async def test_a_token_of_another_issuer_is_not_taken_whoever_signed_it(
    issuer_key: Path, tmp_path: Path
) -> None:
    (tmp_path / "keys.json").write_bytes(orjson.dumps({"keys": [OLD.as_dict(private=False)]}))
    settings = settings_for(
        "sqlite:///nowhere.sqlite3",
        issuer_key,
        jwt_issuer=ISSUER,
        jwt_audience="transfers",
        jwks_file=tmp_path / "keys.json",
    )
    api = in_process(settings)

    forged = Forge(OLD).token({"kid": "old"})

    assert (await _me(api, forged)).status_code == 401


async def test_while_the_keys_cannot_be_had_the_answer_is_503(
    issuer_key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def down(_self: DiscoveredKeys) -> None: ...

    monkeypatch.setattr(DiscoveredKeys, "_fetch", down)
    api = in_process(
        settings_for(
            "sqlite:///nowhere.sqlite3",
            issuer_key,
            jwt_issuer=ISSUER,
            jwt_audience="transfers",
            oidc_discovery_url=DISCOVERY,
        )
    )

    answer = await _me(api, Forge(OLD, ISSUER, "transfers").token({"kid": "old"}))

    assert answer.status_code == 503
    assert answer.headers["Retry-After"]


def _as_entra_shows(key: RSAKey) -> dict[str, Any]:
    """A key as Microsoft publishes it: with its certificate, without its algorithm."""
    assert key.private_key is not None
    shown = key.as_dict(private=False)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "accounts")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key)
        .serial_number(7)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .sign(key.private_key, hashes.SHA256())
    )
    der = certificate.public_bytes(serialization.Encoding.DER)
    return {
        "kty": "RSA",
        "use": "sig",
        "kid": shown["kid"],
        "x5t": shown["kid"],
        "n": shown["n"],
        "e": shown["e"],
        "x5c": [base64.b64encode(der).decode()],
        "cloud_instance_name": "microsoftonline.com",
        "issuer": ENTRA,
    }


async def _load_somebody_called(api: Api, subject: str) -> None:
    sample = sample_directory()
    held = next(m for m in sample.memberships if m.person == "op.worker")
    person = Person("op.entra", "durham", "Somebody", subject)
    membership = DatedMembership("op.entra", held.role, held.team, held.from_date)
    async with api.store.write() as tx:
        await load_directory(
            tx, Directory(sample.authorities, sample.teams, (person,), (membership,))
        )


async def _me(api: Api, token: str) -> httpx.Response:
    return await api.client.get("/v1/me", headers={"Authorization": f"Bearer {token}"})
