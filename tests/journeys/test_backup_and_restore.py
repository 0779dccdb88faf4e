"""Backups of a service in use, by the commands of docs/backup.md as they stand."""

import asyncio
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import httpx
import pytest
from journeys.forms import dispatched_step_up, step_up
from journeys.world import Person, World
from postgres_binaries import embedded_directories
from service import token_at
from serving import served
from sqlalchemy import create_engine, text

from app.main import create_app
from app.relay import Relay
from app.settings import Settings
from app.store.migrate import is_current
from app.store.urls import tool_url

pytestmark = pytest.mark.long
ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "backup.md").read_text(encoding="utf-8")
COMMANDS = {
    title: re.findall(r"```sh\n(.*?)```", section, re.DOTALL)
    for title, section in re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
}
WITHOUT_A_TRACE = """
    SELECT count(*) FROM transfers t WHERE NOT EXISTS (
        SELECT 1 FROM audit_events e WHERE e.transfer = t.id)
"""
SENT_WITHOUT_A_TASK = """
    SELECT count(*) FROM transfers t WHERE stage = 'dispatched' AND NOT EXISTS (
        SELECT 1 FROM deliveries d WHERE d.transfer = t.id)
"""


class Operator:
    """Somebody at the command line, where the page's variables are set."""

    def __init__(self, folder: Path, database: str) -> None:
        (folder / ".venv").symlink_to(Path(sys.prefix))
        self._folder = folder
        self._database = database
        if database.startswith("sqlite"):
            self._blocks = COMMANDS["SQLite"]
            self.restored = f"sqlite:///{folder / 'site' / 'transfers.sqlite3'}"
        else:
            self._blocks = COMMANDS["PostgreSQL"]
            self._name = f"restored_{uuid4().hex}"
            self.restored = urlunsplit(urlsplit(database)._replace(path=f"/{self._name}"))

    def back_up(self) -> None:
        self._run(self._blocks[0], DATABASE=self._database, TRANSFERS_DATABASE_URL=self._database)

    def restore(self) -> None:
        """Where the service was, with its old database there; or beside it."""
        if self._database.startswith("sqlite"):
            place = Path(self.restored.removeprefix("sqlite:///"))
            place.parent.mkdir()
            old = Path(self._database.removeprefix("sqlite:///"))
            for end in ("", "-wal"):
                shutil.copy(f"{old}{end}", f"{place}{end}")
            names = {"DATABASE": str(place), "ASIDE": str(self._folder / "aside")}
        else:
            names = {"SERVER": self._database, "NAME": self._name}
        self._run(self._blocks[1], TRANSFERS_DATABASE_URL=self.restored, **names)

    def _run(self, script: str, **names: str) -> None:
        bins = [str(folder) for folder in embedded_directories()]
        path = os.pathsep.join([*bins, os.environ["PATH"]])
        done = subprocess.run(  # noqa: S603 - the page's own words
            ["sh", "-eu", "-c", script],  # noqa: S607 - of any machine
            cwd=self._folder,
            env=os.environ | names | {"PATH": path, "BACKUP": str(self._folder / "backup")},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr


class Restored:
    """The service on the restored database, with a relay that works when it is told to."""

    def __init__(self, world: World, url: str, address: str) -> None:
        self.settings = world.settings.model_copy(update={"database_url": url})
        self.world = world
        self.http = httpx.Client(base_url=address, trust_env=False, timeout=10)

    def as_(self, person: str) -> Person:
        assert self.settings.dev_issuer_key is not None
        return Person(self.http, token_at(self.world.clock(), self.settings.dev_issuer_key, person))

    def relay(self, *, asks: bool = False) -> None:
        """Push all that is due; with `asks`, after it was asked how quiet tasks stand."""

        async def work() -> None:
            relay = Relay(self.settings, self.world.clock)
            if asks:
                await relay.ticks.reconcile()
            await relay.drain_once()
            await relay.close()

        asyncio.run(work())

    def count(self, statement: str) -> int:
        engine = create_engine(tool_url(self.settings.database_url))
        with engine.connect() as connection:
            found = connection.execute(text(statement)).scalar_one()
        engine.dispose()
        return int(found)


@contextmanager
def restored_service(world: World, url: str) -> Iterator[Restored]:
    settings: Settings = world.settings.model_copy(update={"database_url": url})
    with served(create_app(settings, world.clock)) as address:
        service = Restored(world, url, address)
        yield service
        service.http.close()


@contextmanager
def somebody_works(world: World) -> Iterator[list[Any]]:
    """Transfers are opened and finalised, one after the other; those that were."""
    made: list[Any] = []
    enough, begun = threading.Event(), threading.Event()

    def work() -> None:
        while not enough.is_set():
            made.append(dispatched_step_up(world))
            begun.set()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        assert begun.wait(20)
        yield made
    finally:
        enough.set()
        thread.join()


def test_a_service_in_use_is_backed_up_and_restored_as_the_page_says(
    world: World, tmp_path: Path
) -> None:
    operator = Operator(tmp_path, world.settings.database_url)
    quiet = dispatched_step_up(world)
    world.settle()
    waiting = dispatched_step_up(world)
    opening, key = step_up(world), {"Idempotency-Key": str(uuid4())}
    first = _post(world.api, world.as_("op.worker"), opening, key)
    with somebody_works(world) as made:
        at_first = len(made)
        operator.back_up()
    world.lcs.press(f"/duty-tasks/{quiet['reference']}/pick-up", {"worker": "ff.manager"})
    world.settle()
    lost = dispatched_step_up(world)

    operator.restore()

    with restored_service(world, operator.restored) as service:
        worker = service.as_("op.worker")
        assert is_current(operator.restored)
        assert _without_clocks(worker.read(waiting)) == _without_clocks(waiting)
        assert worker.read(quiet)["stage"] == "dispatched"
        for kept in made[:at_first]:
            assert worker.read(kept)["stage"] == "dispatched"
        assert worker.status_of(lost) == 404
        assert service.count(WITHOUT_A_TRACE) == service.count(SENT_WITHOUT_A_TASK) == 0

        again = _post(str(service.http.base_url), worker, opening, key)
        assert (again.status_code, again.json()) == (201, first.json())
        assert again.headers["Idempotency-Replayed"] == "true"

        service.relay()
        (delivery,) = worker.deliveries(waiting)
        assert delivery["state"] == "delivered"
        tasks = [task["reference"] for task in world.lcs.tray("FF-BISHOP")]
        assert tasks.count(waiting["reference"]) == 1
        assert len(tasks) == len(set(tasks)) == len(made) + 2

        world.clock.move(seconds=service.settings.reconcile_after + 60)
        service.relay(asks=True)
        assert service.as_("op.worker").read(quiet)["stage"] == "picked_up"


def _without_clocks(view: Any) -> Any:
    """What does not change as time goes by."""
    return {name: value for name, value in view.items() if name != "clocks"}


def _post(api: str, person: Person, body: Any, headers: dict[str, str]) -> httpx.Response:
    sent = person._bearer | headers  # noqa: SLF001 - a key of our own, given twice
    return httpx.post(f"{api}/v1/transfers", json=body, headers=sent, trust_env=False)
