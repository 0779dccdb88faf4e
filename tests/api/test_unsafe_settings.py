"""What the service refuses to start with in production: every reason at once."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from app.main import create_app
from app.settings import Settings, UnsafeSettings

SAFE: dict[str, Any] = {
    "jwt_issuer": "https://identity.durham.invalid",
    "jwt_audience": "transfers",
    "oidc_discovery_url": "https://identity.durham.invalid/.well-known/openid-configuration",
    "lcs_client_secret": "secret",
    "ehm_client_secret": "secret",
    "lcs_callback_secrets": ("whsec_c2VjcmV0c2VjcmV0",),
    "ehm_callback_secrets": ("whsec_c2VjcmV0c2VjcmV0",),
}
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


def _settings(**changes: Any) -> Settings:
    return Settings(_env_file=None, **changes)


def test_production_is_what_it_is_unless_said_otherwise() -> None:
    assert _settings().environment == "production"


def test_safe_settings_start_the_service() -> None:
    assert create_app(_settings(**SAFE)).title == "Transfer Pathways"


def test_every_reason_is_named_at_once(issuer_key: Path) -> None:
    with pytest.raises(UnsafeSettings) as refused:
        _settings(dev_issuer_key=issuer_key).refuse_if_unsafe()

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


def test_the_development_issuer_is_refused_in_production(issuer_key: Path) -> None:
    with pytest.raises(UnsafeSettings, match="TRANSFERS_DEV_ISSUER_KEY"):
        create_app(_settings(**SAFE, dev_issuer_key=issuer_key))


def test_a_clock_that_can_be_put_forward_is_refused_in_production(tmp_path: Path) -> None:
    with pytest.raises(UnsafeSettings, match="TRANSFERS_CLOCK_AHEAD_FILE"):
        create_app(_settings(**SAFE, clock_ahead_file=tmp_path / "ahead"))


def test_a_refusal_to_start_shows_no_secret(issuer_key: Path) -> None:
    secrets = {"lcs_client_secret": "Quetzalcoatl", "lcs_callback_secrets": ("Quetzalcoatl",)}

    with pytest.raises(UnsafeSettings) as refused:
        create_app(_settings(**SAFE | secrets, dev_issuer_key=issuer_key))

    assert "Quetzalcoatl" not in f"{refused.value}{_settings(**SAFE | secrets)!r}"


@pytest.mark.parametrize(
    "changes",
    [
        {"jwt_algorithms": ("HS256",)},
        {"jwt_algorithms": ("none",)},
        {"environment": "test"},
        {"database_pool_size": 0},
        {"oidc_discovery_url": "file:///etc/passwd"},
        {"relay_lease": 30, "relay_call_deadline": 30},
    ],
)
def test_settings_that_cannot_be_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        _settings(**changes)
