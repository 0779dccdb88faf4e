"""What the service refuses to start with in production: every reason, and never a value."""

import os
from collections.abc import Callable, Iterator, Mapping
from ipaddress import ip_address
from itertools import combinations
from urllib.parse import parse_qs, urlsplit

from app.dev_issuer import ISSUER
from app.settings import Settings
from app.weak_secrets import weakness_of_callback, weakness_of_sealing, weakness_of_text

VERIFIED_TLS = frozenset({"verify-ca", "verify-full"})
WORKERS = ("WEB_CONCURRENCY", "UVICORN_WORKERS")
"""How process managers are told of several web processes; `transfers api` is always one."""


class UnsafeSettings(Exception):
    """Settings that the service refuses to start with; the text says which and why."""


def refuse_if_unsafe(settings: Settings, environ: Mapping[str, str] | None = None) -> None:
    """Pass, or raise: what must not be so in production, or anywhere.

    Raises:
        UnsafeSettings: with every reason.
    """
    reasons = [*_several_on_sqlite(settings, os.environ if environ is None else environ)]
    checks = IN_DEVELOPMENT if settings.environment == "development" else IN_PRODUCTION
    reasons += [reason for check in checks for reason in check(settings)]
    if reasons:
        raise UnsafeSettings("; ".join(reasons))


def _several_on_sqlite(settings: Settings, environ: Mapping[str, str]) -> Iterator[str]:
    if not settings.database_url.startswith("sqlite"):
        return
    for name in WORKERS:
        if environ.get(name, "1").strip() not in ("", "0", "1"):
            yield f"{name} asks for several web processes: on SQLite there is one"


def _two_issuers(settings: Settings) -> Iterator[str]:
    if settings.dev_issuer_key is not None and settings.jwt_issuer:
        yield (
            "TRANSFERS_DEV_ISSUER_KEY and TRANSFERS_JWT_ISSUER: one issuer alone, "
            "or two people of the same name would be one"
        )


def _development(settings: Settings) -> Iterator[str]:
    if settings.dev_issuer_key is not None:
        yield "TRANSFERS_DEV_ISSUER_KEY is for development alone"
    if settings.clock_ahead_file is not None:
        yield "TRANSFERS_CLOCK_AHEAD_FILE is for development alone"
    if settings.mock_callback_base is not None:
        yield "TRANSFERS_MOCK_CALLBACK_BASE is for development alone"
    if settings.log_level == "DEBUG":
        yield "TRANSFERS_LOG_LEVEL=DEBUG is for development alone"


def _tokens(settings: Settings) -> Iterator[str]:
    if not (settings.jwt_issuer and settings.jwt_audience):
        yield "TRANSFERS_JWT_ISSUER and TRANSFERS_JWT_AUDIENCE must be set"
    if settings.jwt_issuer == ISSUER:
        yield "TRANSFERS_JWT_ISSUER is the development issuer"
    elif settings.jwt_issuer and _is_plain(settings.jwt_issuer):
        yield "TRANSFERS_JWT_ISSUER must be https"
    if not (settings.oidc_discovery_url or settings.jwks_file):
        yield "set TRANSFERS_OIDC_DISCOVERY_URL or TRANSFERS_JWKS_FILE"
    if settings.oidc_discovery_url and _is_plain(str(settings.oidc_discovery_url)):
        yield "TRANSFERS_OIDC_DISCOVERY_URL must be https"


def _gateways(settings: Settings) -> Iterator[str]:
    for system, gateway in settings.gateways.items():
        name = system.upper()
        if _is_plain(str(gateway.url)):
            yield f"TRANSFERS_{name}_URL must be https"
        if not gateway.client_secret.get_secret_value():
            yield f"TRANSFERS_{name}_CLIENT_SECRET must be set"
        if not gateway.callback_secrets:
            yield f"TRANSFERS_{name}_CALLBACK_SECRETS must be set"


def _sealing(settings: Settings) -> Iterator[str]:
    if (settings.webhook_hosts or settings.webhook_internal_hosts) and not settings.sealing_keys:
        yield "TRANSFERS_WEBHOOK_SEALING_KEYS must be set"


def _database(settings: Settings) -> Iterator[str]:
    """PostgreSQL elsewhere is spoken to under TLS, its certificate checked; a socket is local."""
    scheme, _, rest = settings.database_url.partition("://")
    if not scheme.startswith("postgresql"):
        return
    authority, _, words = rest.partition("?")
    asked = parse_qs(words)
    named = authority.partition("/")[0].rpartition("@")[2].split(",") + asked.get("host", [])
    hosts = [host for host in map(_host, named) if host]
    modes = set(asked.get("sslmode", []) + asked.get("ssl", []))
    verified = bool(modes) and modes <= VERIFIED_TLS
    if not verified and not all(host.startswith("/") or _is_loopback(host) for host in hosts):
        yield "TRANSFERS_DATABASE_URL must say sslmode=verify-full for a server elsewhere"


def _secrets(settings: Settings) -> Iterator[str]:
    secrets = list(_all_secrets(settings))
    told: dict[str, None] = {}
    for name, secret, weakness in secrets:
        if secret and (words := weakness(secret)):
            told[f"{name} {words}"] = None
    for (one, secret, _), (other, same, _) in combinations(secrets, 2):
        if secret and secret == same:
            told[f"{one} and {other} are the same" if one != other else f"{one} repeats one"] = None
    yield from told


def _all_secrets(settings: Settings) -> Iterator[tuple[str, str, Callable[[str], str | None]]]:
    for system, gateway in settings.gateways.items():
        name = f"TRANSFERS_{system.upper()}"
        yield f"{name}_CLIENT_SECRET", gateway.client_secret.get_secret_value(), weakness_of_text
        for secret in gateway.callback_secrets:
            yield f"{name}_CALLBACK_SECRETS", secret.get_secret_value(), weakness_of_callback
    for key in settings.webhook_sealing_keys:
        yield "TRANSFERS_WEBHOOK_SEALING_KEYS", key.get_secret_value(), weakness_of_sealing


Checks = tuple[Callable[[Settings], Iterator[str]], ...]
IN_DEVELOPMENT: Checks = (_two_issuers,)
IN_PRODUCTION: Checks = (
    _development, _tokens, _gateways, _sealing, _database, _secrets,
)  # fmt: skip


def _is_plain(url: str) -> bool:
    """Whether what is sent there can be read on the way."""
    parts = urlsplit(url)
    return parts.scheme == "http" and not _is_loopback(parts.hostname or "")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _host(named: str) -> str:
    """The host of `host:port`, an IPv6 address without its brackets; a socket's folder as it is."""
    if named.startswith("["):
        return named[1:].partition("]")[0]
    return named if named.startswith("/") else named.partition(":")[0]
