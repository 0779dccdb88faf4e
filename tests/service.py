"""The API under test in this process: its people, its clock, its settings."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from api.contract import answers_as_documented
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import RSAKey

from app.dev_issuer import AUDIENCE, ISSUER, KID, LIFETIME
from app.main import create_app
from app.settings import Settings
from app.store.engine import Store

CALLBACK_SECRETS = {
    "lcs": "whsec_bGNzLWxjcy1sY3MtbGNzLWxjcy1sY3M=",
    "ehm": "whsec_ZWhtLWVobS1laG0tZWhtLWVobS1laG0=",
}


class FrozenClock:
    """The service's clock: stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC).replace(microsecond=0)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        """Move on by a timedelta's keywords."""
        self.now += timedelta(**by)


class Person:
    """Somebody with a token, calling the API."""

    def __init__(self, client: httpx.AsyncClient, token: str) -> None:
        self._client = client
        self.bearer = {"Authorization": f"Bearer {token}"}

    async def get(self, path: str, **params: Any) -> httpx.Response:
        return await self._client.get(path, params=params, headers=self.bearer)

    async def post(
        self,
        path: str,
        body: Any = None,
        *,
        version: int | None = None,
        key: str | None = None,
    ) -> httpx.Response:
        """POST with an Idempotency-Key (a new one unless given) and, with `version`, If-Match."""
        headers = self.bearer | {"Idempotency-Key": key or str(uuid4())} | _if_match(version)
        return await self._client.post(path, json=body, headers=headers)

    async def patch(self, path: str, body: Any, *, version: int | None) -> httpx.Response:
        headers = self.bearer | _if_match(version)
        return await self._client.patch(path, json=body, headers=headers)

    async def send(
        self, method: str, path: str, *, content: bytes, headers: Mapping[str, str | bytes]
    ) -> httpx.Response:
        """Send exactly these bytes with exactly these headers besides the token."""
        sent = [
            (name.encode(), _bytes(value)) for name, value in {**self.bearer, **headers}.items()
        ]
        return await self._client.request(method, path, content=content, headers=sent)


class Api:
    """The API under test, with its store, its clock and its people."""

    def __init__(self, app: FastAPI, client: httpx.AsyncClient, clock: FrozenClock) -> None:
        self.app = app
        self.client = client
        self.clock = clock
        self.store: Store = app.state.service.store
        self.key: Path = app.state.issuer_key
        self.url: str = app.state.database_url

    def as_(self, person: str) -> Person:
        """Somebody of the sample directory, signed in at the service's time."""
        return Person(self.client, token_at(self.clock(), self.key, person))


def settings_for(database_url: str, issuer_key: Path, **changes: Any) -> Settings:
    """Settings of a service in development; `changes` replace some.

    With an issuer of its own it does not have the development issuer besides.
    """
    values: dict[str, Any] = {
        "environment": "development",
        "database_url": database_url,
        "dev_issuer_key": None if "jwt_issuer" in changes else issuer_key,
        "lcs_client_secret": "lcs-client-secret",
        "ehm_client_secret": "ehm-client-secret",
        "lcs_callback_secrets": (CALLBACK_SECRETS["lcs"],),
        "ehm_callback_secrets": (CALLBACK_SECRETS["ehm"],),
        "webhook_hosts": ("events.council.example",),
    }
    return Settings(_env_file=None, **(values | changes))


def in_process(settings: Settings, clock: FrozenClock | None = None) -> Api:
    """The API on these settings, without anything in its database."""
    app = create_app(settings, clock) if clock else create_app(settings)
    app.state.issuer_key = settings.dev_issuer_key
    app.state.database_url = settings.database_url
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    client = httpx.AsyncClient(transport=transport, base_url="http://transfers")
    client.event_hooks = {"response": [answers_as_documented]}
    return Api(app, client, clock or FrozenClock())


def token_at(now: datetime, key_file: Path, person: str) -> str:
    """A token that holds at that time, which may be far from the real one."""
    return _token(key_file, person, now.replace(minute=0, second=0, microsecond=0))


@cache
def _token(key_file: Path, person: str, hour: datetime) -> str:
    at = int(hour.timestamp())
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": person, "iat": at, "nbf": at}
    claims["exp"] = at + LIFETIME
    return jwt.encode({"alg": "RS256", "kid": KID}, claims, _key(key_file))


@cache
def _key(key_file: Path) -> RSAKey:
    """Once a run: reading a private key takes longer than a request."""
    (key,) = json.loads(key_file.read_bytes())["keys"]
    return RSAKey.import_key(key)


def _bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode()


def _if_match(version: int | None) -> dict[str, str]:
    return {} if version is None else {"If-Match": json.dumps(str(version))}
