"""The whole system on real sockets: mock LCS, mock EHM, our API, and a relay that is told to."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import httpx
from builders import sample_directory
from journeys.mock_system import MockSystem
from service import token_at
from serving import CALLBACK_SECRETS, CLIENT_SECRETS, address, listen, mock_app, served
from sqlalchemy import create_engine, delete, select, update

from app.domain.london import local_date
from app.main import create_app
from app.relay import Relay
from app.settings import Settings
from app.store import tables
from app.store.engine import Store
from app.store.urls import tool_url
from app.usecases.load_directory import load_directory

Json = Any
T = TypeVar("T")
KEPT = (tables.authorities, tables.teams, tables.people, tables.memberships)
"""The directory; every other table is emptied between tests."""


class Clock:
    """The service's time: real, ahead of it, or stopped."""

    def __init__(self) -> None:
        self._ahead = timedelta()
        self._stopped: datetime | None = None

    def __call__(self) -> datetime:
        return (self._stopped or datetime.now(UTC)) + self._ahead

    def move(self, **by: float) -> None:
        """Move on by a timedelta's keywords."""
        self._ahead += timedelta(**by)

    def stop_at(self, now: datetime) -> None:
        self._ahead, self._stopped = timedelta(), now

    def reset(self) -> None:
        self._ahead, self._stopped = timedelta(), None


class Loop:
    """An event loop on a thread of its own, for the relay."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class Person:
    """Somebody of the sample directory, signed in at our API."""

    def __init__(self, http: httpx.Client, bearer: str) -> None:
        self._http = http
        self._bearer = {"Authorization": f"Bearer {bearer}"}

    def get(self, path: str, **params: Any) -> Json:
        answer = self._http.get(path, params=params, headers=self._bearer)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def read(self, transfer: Json) -> Json:
        return self.get(f"/v1/transfers/{transfer['id']}")

    def status_of(self, transfer: Json) -> int:
        """What reading the transfer answers."""
        path = f"/v1/transfers/{transfer['id']}"
        return self._http.get(path, headers=self._bearer).status_code

    def deliveries(self, transfer: Json) -> list[Json]:
        return list(self.get(f"/v1/transfers/{transfer['id']}/deliveries"))

    def try_to_open(self, opening: Json) -> httpx.Response:
        return self._post("/v1/transfers", opening)

    def open(self, opening: Json) -> Json:
        return _expected(self.try_to_open(opening), 201)

    def try_to_edit(self, transfer: Json, change: Json) -> httpx.Response:
        seen = {"If-Match": f'"{self.read(transfer)["version"]}"'}
        path = f"/v1/transfers/{transfer['id']}"
        return self._http.patch(path, json=change, headers=self._bearer | seen)

    def edit(self, transfer: Json, change: Json) -> Json:
        return _expected(self.try_to_edit(transfer, change), 200)

    def try_to(self, action: str, transfer: Json, body: Json = None) -> httpx.Response:
        """Take an action on the transfer as it is now."""
        seen = {"If-Match": f'"{self.read(transfer)["version"]}"'}
        return self._post(f"/v1/transfers/{transfer['id']}/{action}", body, seen)

    def act(self, action: str, transfer: Json, body: Json = None) -> Json:
        return _expected(self.try_to(action, transfer, body), 200)

    def replay(self, delivery: Json) -> Json:
        path = f"/v1/deliveries/{delivery['id']}/replay"
        return _expected(self._post(path, {"reason": "tray_mended"}), 200)

    def _post(self, path: str, body: Json, headers: Json = None) -> httpx.Response:
        sent = self._bearer | {"Idempotency-Key": str(uuid4())} | (headers or {})
        return self._http.post(path, json=body, headers=sent)


class World:
    """Everything at once. The relay works when it is told to, so that nothing is waited for."""

    def __init__(  # noqa: PLR0913 - a world has as many parts
        self, settings: Settings, clock: Clock, loop: Loop, api: str, lcs: MockSystem,
        ehm: MockSystem,
    ) -> None:  # fmt: skip
        self.settings = settings
        self.clock = clock
        self.api = api
        self.lcs = lcs
        self.ehm = ehm
        self._loop = loop
        self._http = httpx.Client(base_url=api, trust_env=False, timeout=10)
        self._engine = create_engine(tool_url(settings.database_url))
        self._relay = loop.run(self._new_relay())

    @property
    def today(self) -> date:
        return local_date(self.clock())

    def as_(self, person: str) -> Person:
        assert self.settings.dev_issuer_key is not None
        return Person(self._http, token_at(self.clock(), self.settings.dev_issuer_key, person))

    def begin(self) -> None:
        """Begin again: no transfers, empty mocks, real time."""
        self.clock.reset()
        for mock in (self.lcs, self.ehm):
            mock.reset()
        with self._engine.begin() as connection:
            for table in reversed(tables.metadata.sorted_tables):
                if table not in KEPT:
                    connection.execute(delete(table))

    def close(self) -> None:
        self._loop.run(self._relay.close())
        self._http.close()
        self._engine.dispose()
        self.lcs.close()
        self.ehm.close()

    def drain(self) -> int:
        """Let the relay push everything that is due now."""
        return self._loop.run(self._relay.drain_once())

    def drain_together(self, relays: int) -> list[int]:
        """Let that many relays push at once everything that is due now; how much each claimed."""
        return self._loop.run(self._drain_together(relays))

    def reconcile(self) -> int:
        """Let the relay ask for tasks that were quiet for too long, and hear the answers."""
        asked = self._loop.run(self._relay.ticks.reconcile())
        self.settle()
        return asked

    @contextmanager
    def holding(self, transfer: Json) -> Iterator[Callable[[], object]]:
        """Hold a transfer as a callback does, then what proves its task delivered."""
        held, told = tables.transfers, tables.deliveries
        row = select(held.c.id).where(held.c.id == transfer["id"]).with_for_update()
        proof = update(told).where(told.c.transfer == transfer["id"])
        with self._engine.begin() as connection:
            connection.execute(row)
            yield lambda: connection.execute(proof.values(state="delivered"))

    def settle(self) -> None:
        """Let the relay push, and the callbacks come, until all is quiet."""
        claimed = -1
        while claimed != 0:
            for mock in (self.lcs, self.ehm):
                mock.wait_for_callbacks()
            claimed = self.drain()

    def alerts(self, transfer: Json) -> list[str]:
        """The kinds of alert about a transfer, oldest first."""
        found = self.as_("systems.team").get("/v1/alerts", limit=200)["items"]
        return [alert["kind"] for alert in found if alert["transfer"] == transfer["id"]]

    def call_back(self, system: str, body: bytes, headers: dict[str, str]) -> httpx.Response:
        """Send a callback of one's own making."""
        sent = {"content-type": "application/json"} | headers
        return self._http.post(f"/v1/callbacks/{system}", content=body, headers=sent)

    async def _drain_together(self, number: int) -> list[int]:
        relays = [Relay(self.settings, self.clock) for _ in range(number)]
        claimed = await asyncio.gather(*(relay.drain_once() for relay in relays))
        for relay in relays:
            await relay.close()
        return claimed

    async def _new_relay(self) -> Relay:
        return Relay(self.settings, self.clock)


@contextmanager
def new_world(database_url: str, issuer_key: Path) -> Iterator[World]:
    """A world on a migrated, empty database."""
    clock, listener = Clock(), listen()
    loop = Loop()
    with ExitStack() as stack:
        stack.callback(loop.stop)
        callbacks = f"{address(listener)}/v1/callbacks"
        urls = {
            system: stack.enter_context(served(mock_app(system, f"{callbacks}/{system}")))
            for system in ("lcs", "ehm")
        }
        settings = Settings(
            _env_file=None,
            environment="development",
            database_url=database_url,
            dev_issuer_key=issuer_key,
            relay_call_deadline=5,
            **{f"{system}_url": url for system, url in urls.items()},  # type: ignore[arg-type]
            **{f"{system}_client_secret": secret for system, secret in CLIENT_SECRETS.items()},  # type: ignore[arg-type]
            **{f"{system}_callback_secrets": (key,) for system, key in CALLBACK_SECRETS.items()},  # type: ignore[arg-type]
        )
        loop.run(_load_directory(database_url))
        api = stack.enter_context(served(create_app(settings, clock), listener))
        world = World(
            settings, clock, loop, api, *(MockSystem(name, url) for name, url in urls.items())
        )
        stack.callback(world.close)
        yield world


async def _load_directory(database_url: str) -> None:
    store = Store(database_url)
    async with store.write() as tx:
        await load_directory(tx, sample_directory())
    await store.close()


def _expected(answer: httpx.Response, status: int) -> Json:
    assert answer.status_code == status, answer.text
    return answer.json()
