"""What the service refuses to start with in production: every reason at once."""

import base64
import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from safe_settings import SAFE, callback_secret

from app.dev_issuer import ISSUER
from app.main import create_app
from app.settings import DEVELOPMENT_KEY, Settings
from app.unsafe_settings import UnsafeSettings, refuse_if_unsafe
from app.weak_secrets import weakness_of_callback, weakness_of_sealing, weakness_of_text

ROOT = Path(__file__).parents[2]
NAMED = (
    "TRANSFERS_JWT_ISSUER",
    "TRANSFERS_JWT_AUDIENCE",
    "TRANSFERS_OIDC_DISCOVERY_URL",
    "TRANSFERS_JWKS_FILE",
    "TRANSFERS_LCS_CLIENT_SECRET",
    "TRANSFERS_LCS_CALLBACK_SECRETS",
    "TRANSFERS_EHM_CLIENT_SECRET",
    "TRANSFERS_EHM_CALLBACK_SECRETS",
)
POSTGRES = "postgresql://transfers:Quetzalcoatl@"


def _settings(**changes: Any) -> Settings:
    return Settings(_env_file=None, **changes)


def _reasons(environ: dict[str, str] | None = None, **changes: Any) -> list[str]:
    """Why safe settings with these changes are refused."""
    try:
        refuse_if_unsafe(_settings(**SAFE | changes), environ or {})
    except UnsafeSettings as refused:
        return str(refused).split("; ")
    return []


def test_production_is_what_it_is_unless_said_otherwise() -> None:
    assert _settings().environment == "production"


def test_safe_settings_start_the_service() -> None:
    assert create_app(_settings(**SAFE)).title == "Transfer Pathways"


def test_every_reason_is_named_at_once(issuer_key: Path) -> None:
    with pytest.raises(UnsafeSettings) as refused:
        refuse_if_unsafe(_settings(dev_issuer_key=issuer_key))

    said = str(refused.value)
    assert [name for name in ("TRANSFERS_DEV_ISSUER_KEY", *NAMED) if name not in said] == []


@pytest.mark.parametrize("missing", SAFE)
def test_the_service_does_not_start_without_any_one_of_them(missing: str) -> None:
    given = {name: value for name, value in SAFE.items() if name != missing}

    with pytest.raises(UnsafeSettings) as refused:
        create_app(_settings(**given))

    assert f"TRANSFERS_{missing.upper()}" in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("jwt_issuer", ""),
        ("jwt_audience", ""),
        ("lcs_client_secret", ""),
        ("ehm_callback_secrets", ()),
    ],
)
def test_an_empty_setting_is_a_missing_one(name: str, value: object) -> None:
    with pytest.raises(UnsafeSettings, match=f"TRANSFERS_{name.upper()}"):
        create_app(_settings(**SAFE | {name: value}))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"dev_issuer_key": "key.json"}, "TRANSFERS_DEV_ISSUER_KEY is for development alone"),
        ({"clock_ahead_file": "ahead"}, "TRANSFERS_CLOCK_AHEAD_FILE is for development alone"),
        (
            {"mock_callback_base": "http://127.0.0.1:8000/v1/callbacks"},
            "TRANSFERS_MOCK_CALLBACK_BASE is for development alone",
        ),
        ({"log_level": "DEBUG"}, "TRANSFERS_LOG_LEVEL=DEBUG is for development alone"),
        ({"jwt_issuer": ISSUER}, "TRANSFERS_JWT_ISSUER is the development issuer"),
        ({"jwt_issuer": "http://identity.invalid"}, "TRANSFERS_JWT_ISSUER must be https"),
        (
            {"oidc_discovery_url": "http://identity.invalid/discovery"},
            "TRANSFERS_OIDC_DISCOVERY_URL must be https",
        ),
        ({"lcs_url": "http://lcs.durham.invalid"}, "TRANSFERS_LCS_URL must be https"),
        ({"ehm_url": "http://10.0.0.7:8102"}, "TRANSFERS_EHM_URL must be https"),
        ({"ehm_url": "http://127.0.0.1.nip.invalid"}, "TRANSFERS_EHM_URL must be https"),
        (
            {"webhook_hosts": ("events.durham.invalid",)},
            "TRANSFERS_WEBHOOK_SEALING_KEYS must be set",
        ),
    ],
)
def test_what_is_for_development_or_can_be_read_on_its_way_is_refused_in_production(
    changes: dict[str, Any], reason: str
) -> None:
    assert _reasons(**changes) == [reason]


@pytest.mark.parametrize("url", ["http://127.0.0.1:8101", "http://localhost:8101", "http://[::1]"])
def test_a_gateway_beside_the_service_on_its_machine_may_be_plain(url: str) -> None:
    assert _reasons(lcs_url=url) == []


@pytest.mark.parametrize(
    "secret",
    [
        "x",
        "Tr0ub4dor&3",
        "a" * 40,
        "0123456789" * 4,
        "correcthorse",
        "8f14e45fceea167a",
        "please-change-me-before-use",
        "PASSWORD-of-the-gateway-42",
        "lcs-client-secret",
    ],
)
def test_a_client_secret_that_could_be_guessed_is_refused(secret: str) -> None:
    (reason,) = _reasons(lcs_client_secret=secret)

    assert reason.startswith("TRANSFERS_LCS_CLIENT_SECRET is") or "repeats itself" in reason
    assert secret not in reason


@pytest.mark.parametrize(
    "secret",
    [
        callback_secret(23),
        callback_secret(65),
        callback_secret().removeprefix("whsec_"),
        "whsec_",
        "whsec_%%%",
        "whsec_" + base64.b64encode(b"\0" * 32).decode(),
        "whsec_" + base64.b64encode(b"abcdefghij" * 3).decode(),
        "whsec_" + base64.b64encode(b"please-change-it-please-now!").decode(),
    ],
    ids=range(8),
)
def test_a_callback_secret_that_could_be_guessed_is_refused(secret: str) -> None:
    (reason,) = _reasons(ehm_callback_secrets=(callback_secret(), secret))

    assert reason.startswith("TRANSFERS_EHM_CALLBACK_SECRETS ")
    assert len(secret) < 8 or secret not in reason


@pytest.mark.parametrize("size", [24, 64])
def test_callback_secrets_may_be_as_long_as_standard_webhooks_says(size: int) -> None:
    assert _reasons(lcs_callback_secrets=(callback_secret(size), callback_secret(size))) == []


@pytest.mark.parametrize(
    "key",
    [
        DEVELOPMENT_KEY,
        base64.b64encode(b"k" * 32).decode(),
        base64.b64encode(secrets.token_bytes(16)).decode(),
        "no base64!",
    ],
    ids=range(4),
)
def test_a_sealing_key_that_is_known_or_none_is_refused(key: str) -> None:
    (reason,) = _reasons(webhook_sealing_keys=(key,))

    assert reason.startswith("TRANSFERS_WEBHOOK_SEALING_KEYS ")


def test_secrets_made_at_random_are_taken() -> None:
    texts = [secrets.token_urlsafe(24) for _ in range(200)]
    texts += [secrets.token_hex(20) for _ in range(200)]
    callbacks = [callback_secret(24) for _ in range(200)]
    keys = [base64.b64encode(secrets.token_bytes(32)).decode() for _ in range(200)]

    assert {weakness_of_text(text) for text in texts} == {None}
    assert {weakness_of_callback(text) for text in callbacks} == {None}
    assert {weakness_of_sealing(text) for text in keys} == {None}


def test_no_secret_serves_twice() -> None:
    one, other = secrets.token_urlsafe(24), callback_secret()

    reasons = _reasons(
        lcs_client_secret=one,
        ehm_client_secret=one,
        lcs_callback_secrets=(other, other),
        ehm_callback_secrets=(other,),
    )

    assert reasons == [
        "TRANSFERS_LCS_CLIENT_SECRET and TRANSFERS_EHM_CLIENT_SECRET are the same",
        "TRANSFERS_LCS_CALLBACK_SECRETS repeats one",
        "TRANSFERS_LCS_CALLBACK_SECRETS and TRANSFERS_EHM_CALLBACK_SECRETS are the same",
    ]


def test_every_secret_that_anybody_can_read_in_this_repository_is_refused() -> None:
    written = {*_written(r"whsec_[A-Za-z0-9+/]{16,}={0,2}")}

    assert len(written) > 3
    assert {text for text in written if weakness_of_callback(text) is None} == set()
    assert weakness_of_sealing(DEVELOPMENT_KEY)


@pytest.mark.parametrize(
    ("where", "refused"),
    [
        ("db.durham.invalid/transfers", True),
        ("db.durham.invalid/transfers?sslmode=require", True),
        ("db.durham.invalid/transfers?sslmode=prefer", True),
        ("db.durham.invalid/transfers?sslmode=verify-full", False),
        ("db.durham.invalid:6432/transfers?sslmode=verify-ca", False),
        ("db.durham.invalid/transfers?sslmode=verify-full&sslmode=disable", True),
        ("one:5432,two:5432/transfers", True),
        ("one:5432,two:5432/transfers?sslmode=verify-full", False),
        ("127.0.0.1,two/transfers", True),
        ("/transfers?host=db.durham.invalid", True),
        ("[2001:db8::7]:5432/transfers", True),
        ("[::1]:5432/transfers", False),
        ("127.0.0.1:5432/transfers", False),
        ("localhost/transfers", False),
        ("/transfers?host=/var/run/postgresql", False),
        ("/transfers", False),
    ],
)
def test_postgresql_elsewhere_is_spoken_to_under_tls_with_its_certificate_checked(
    where: str, *, refused: bool
) -> None:
    reasons = _reasons(database_url=POSTGRES + where)

    assert bool(reasons) is refused
    assert reasons[:1] in (
        [],
        ["TRANSFERS_DATABASE_URL must say sslmode=verify-full for a server elsewhere"],
    )


@pytest.mark.parametrize("environment", ["production", "development"])
@pytest.mark.parametrize("name", ["WEB_CONCURRENCY", "UVICORN_WORKERS"])
def test_several_web_processes_are_refused_on_sqlite_alone(environment: str, name: str) -> None:
    on_sqlite = _reasons({name: "4"}, environment=environment)
    on_postgresql = _reasons(
        {name: "4"}, environment=environment, database_url=f"{POSTGRES}localhost/transfers"
    )

    assert on_sqlite == [f"{name} asks for several web processes: on SQLite there is one"]
    assert (on_postgresql, _reasons({name: "1"}), _reasons({name: ""})) == ([], [], [])


def test_a_refusal_to_start_shows_no_secret(issuer_key: Path) -> None:
    given = SAFE | {
        "lcs_client_secret": "Quetzalcoatl",
        "lcs_callback_secrets": ("Quetzalcoatl",),
        "webhook_sealing_keys": ("Quetzalcoatl",),
        "database_url": f"{POSTGRES}db.durham.invalid/transfers",
    }

    with pytest.raises(UnsafeSettings) as refused:
        create_app(_settings(**given, dev_issuer_key=issuer_key))

    assert "Quetzalcoatl" not in f"{refused.value}{_settings(**given)!r}"


@pytest.mark.parametrize(
    "changes",
    [
        {"jwt_algorithms": ("HS256",)},
        {"jwt_algorithms": ("none",)},
        {"jwt_algorithms": ()},
        {"environment": "test"},
        {"database_pool_size": 0},
        {"oidc_discovery_url": "file:///etc/passwd"},
        {"relay_lease": 30, "relay_call_deadline": 30},
    ],
)
def test_settings_that_cannot_be_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        _settings(**changes)


def test_a_setting_that_cannot_be_is_not_repeated() -> None:
    with pytest.raises(ValidationError) as refused:
        _settings(database_url="mysql://transfers:Quetzalcoatl@db", relay_poll="Quetzalcoatl")

    assert "database_url" in str(refused.value)
    assert "Quetzalcoatl" not in str(refused.value)


def _written(pattern: str) -> Iterator[str]:
    """What a pattern finds in everything that people read here."""
    for folder in ("app", "adapters", "bench", "docs", "openapi", "tests"):
        for file in (ROOT / folder).rglob("*"):
            if file.suffix in (".py", ".md", ".json", ".toml", ".yaml"):
                yield from re.findall(pattern, file.read_text(encoding="utf-8"))
