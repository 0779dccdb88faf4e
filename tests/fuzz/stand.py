"""What is fuzzed: a web process of its own on a database that holds a bit of everything."""

import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import uvicorn
from chaos.forked import ended, fork, kill
from fuzz.people import load_people
from fuzz.stock import stock
from service import FrozenClock, in_process, settings_for, token_at
from serving import address, listen

from app.main import create_app
from app.settings import Settings

PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Stand:
    """A service that answers at `url`; what it logs is in `log`."""

    url: str
    issuer_key: Path
    settings: Settings
    log: Path

    def token(self, person: str) -> str:
        """A token that holds for the next hour."""
        return token_at(datetime.now(UTC), self.issuer_key, person)

    def restock(self) -> None:
        """Put fresh transfers, meetings, deliveries and subscriptions beside those there are."""
        asyncio.run(_fill(self.settings, known=True))


@contextmanager
def standing(database_url: str, issuer_key: Path, folder: Path) -> Iterator[Stand]:
    """Serve a migrated, empty database with a bit of everything in it."""
    settings = settings_for(database_url, issuer_key, log_level="ERROR")
    asyncio.run(_fill(settings, known=False))
    log = folder / "web.log"
    with listen() as listener:
        child = fork(lambda: _serve(settings, listener), log)
        try:
            url = address(listener)
            _wait(url, child, log)
            yield Stand(url, issuer_key, settings, log)
        finally:
            if ended(child) is None:
                kill(child)


async def _fill(settings: Settings, *, known: bool) -> None:
    api = in_process(settings, FrozenClock())
    if not known:
        await load_people(api.store)
    await stock(api)
    await api.client.aclose()
    await api.store.close()


def _serve(settings: Settings, listener: socket.socket) -> None:
    config = uvicorn.Config(
        create_app(settings), log_level="critical", access_log=False, timeout_keep_alive=60
    )
    uvicorn.Server(config).run([listener])


def _wait(url: str, child: int, log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if ended(child) is not None:
            break
        try:
            with urlopen(f"{url}/health/ready", timeout=2) as answer:  # noqa: S310 - our own
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.02)
    raise RuntimeError(f"the service did not start: {log.read_text()}")
