"""What every test may ask for: both stores, the API on them, people with tokens, a clock."""

import json
import shutil
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from api.contract import answers_as_documented
from builders import sample_directory
from fastapi import FastAPI
from postgres_server import PostgresServer

from app import dev_issuer
from app.main import create_app
from app.settings import Settings
from app.store.engine import Store
from app.store.migrate import migrate
from app.usecases.load_directory import load_directory

STORES = ("sqlite", "postgresql")


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
        self._bearer = {"Authorization": f"Bearer {token}"}

    async def get(self, path: str, **params: Any) -> httpx.Response:
        return await self._client.get(path, params=params, headers=self._bearer)

    async def post(
        self,
        path: str,
        body: Any = None,
        *,
        version: int | None = None,
        key: str | None = None,
    ) -> httpx.Response:
        """POST with an Idempotency-Key (a new one unless given) and, with `version`, If-Match."""
        headers = self._bearer | {"Idempotency-Key": key or str(uuid4())} | _if_match(version)
        return await self._client.post(path, json=body, headers=headers)

    async def patch(self, path: str, body: Any, *, version: int | None) -> httpx.Response:
        headers = self._bearer | _if_match(version)
        return await self._client.patch(path, json=body, headers=headers)

    async def send(
        self, method: str, path: str, *, content: bytes, headers: Mapping[str, str | bytes]
    ) -> httpx.Response:
        """Send exactly these bytes with exactly these headers besides the token."""
        sent = [
            (name.encode(), _bytes(value)) for name, value in {**self._bearer, **headers}.items()
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

    def as_(self, person: str) -> Person:
        """Somebody of the sample directory, signed in."""
        return Person(self.client, _token(self.key, person))


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    with PostgresServer() as server:
        yield server


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory, postgres: PostgresServer) -> dict[str, str]:
    """A migrated, empty database of each kind, to be copied and never used itself."""
    file = tmp_path_factory.mktemp("migrated") / "transfers.sqlite3"
    urls = {"sqlite": f"sqlite:///{file}", "postgresql": postgres.create_database()}
    for url in urls.values():
        migrate(url)
    return urls


@pytest.fixture(params=STORES)
def database_url(
    request: pytest.FixtureRequest,
    migrated: dict[str, str],
    postgres: PostgresServer,
    tmp_path: Path,
) -> str:
    """A migrated, empty database of this test's own."""
    url = migrated[request.param]
    if request.param == "postgresql":
        return postgres.create_database(like=url)
    shutil.copy(url.removeprefix("sqlite:///"), tmp_path / "transfers.sqlite3")
    return f"sqlite:///{tmp_path / 'transfers.sqlite3'}"


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    """An open store with the sample directory in it."""
    opened = Store(database_url)
    async with opened.write() as tx:
        await load_directory(tx, sample_directory())
    yield opened
    await opened.close()


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture(scope="session")
def issuer_key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("issuer") / "key.json"
    dev_issuer.make_key(path)
    return path


CALLBACK_SECRETS = {
    "lcs": "whsec_bGNzLWxjcy1sY3MtbGNzLWxjcy1sY3M=",
    "ehm": "whsec_ZWhtLWVobS1laG0tZWhtLWVobS1laG0=",
}


def settings_for(database_url: str, issuer_key: Path, **changes: Any) -> Settings:
    """Settings of a service in development; `changes` replace some."""
    values: dict[str, Any] = {
        "environment": "development",
        "database_url": database_url,
        "dev_issuer_key": issuer_key,
        "lcs_client_secret": "lcs-client-secret",
        "ehm_client_secret": "ehm-client-secret",
        "lcs_callback_secrets": (CALLBACK_SECRETS["lcs"],),
        "ehm_callback_secrets": (CALLBACK_SECRETS["ehm"],),
    }
    return Settings(_env_file=None, **(values | changes))


@pytest.fixture
async def api(database_url: str, issuer_key: Path, clock: FrozenClock) -> AsyncIterator[Api]:
    """The API in this process, on a database with the sample directory.

    Every answer is held to the OpenAPI document.
    """
    made = in_process(settings_for(database_url, issuer_key), clock)
    async with made.client:
        async with made.store.write() as tx:
            await load_directory(tx, sample_directory())
        yield made
        await made.store.close()


@pytest.fixture(scope="session")
def storeless(tmp_path_factory: pytest.TempPathFactory, issuer_key: Path) -> Api:
    """The API without its store, for what it refuses before it would look there."""
    nowhere = tmp_path_factory.mktemp("storeless") / "no-such-folder" / "transfers.sqlite3"
    return in_process(settings_for(f"sqlite:///{nowhere}", issuer_key))


def in_process(settings: Settings, clock: FrozenClock | None = None) -> Api:
    """The API on these settings, without anything in its database."""
    app = create_app(settings, clock) if clock else create_app(settings)
    app.state.issuer_key = settings.dev_issuer_key
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    client = httpx.AsyncClient(transport=transport, base_url="http://transfers")
    client.event_hooks = {"response": [answers_as_documented]}
    return Api(app, client, clock or FrozenClock())


_token = cache(dev_issuer.token)
"""Once a run for each person: reading a private key takes longer than a request."""


def _bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode()


def _if_match(version: int | None) -> dict[str, str]:
    return {} if version is None else {"If-Match": json.dumps(str(version))}
