"""The processes of a storm, as they are run after their fork: web, relay, mock case system."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import uvicorn
from chaos.forgetful import make_forgetful
from chaos.plan import Plan, Promise
from serving import CALLBACK_SECRETS, CLIENT_SECRETS, address, listen, mock_app

from adapters.ehm.tray import EhmTray
from adapters.lcs.tray import LcsTray
from adapters.mock_gateway import callbacks
from app.domain.duty_task import CaseSystem
from app.main import create_app
from app.outbox import attempt
from app.outbox.tray import Capability
from app.relay import outlets, run_relay
from app.settings import Settings

SYSTEMS = ("lcs", "ehm")
CALL_DEADLINE = 1.0
BACKOFF = (0.0, *(0.2,) * 10, *(0.5,) * 40)
"""Many short steps: a killed relay uses up one each time, and none may be parked for that."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a storm rages: a database, a folder for its logs, and sockets that stay when a
    process behind them dies.
    """  # noqa: D205

    database_url: str
    issuer_key: Path
    folder: Path
    web: socket.socket
    mocks: dict[str, socket.socket]

    @property
    def api(self) -> str:
        """The address of the web processes, whichever of them answers."""
        return address(self.web)


@contextmanager
def a_place(database_url: str, issuer_key: Path, folder: Path) -> Iterator[Place]:
    """A place with sockets of its own."""
    with ExitStack() as open_sockets:
        listening = [open_sockets.enter_context(listen()) for _ in ("web", *SYSTEMS)]
        mocks = dict(zip(SYSTEMS, listening[1:], strict=True))
        yield Place(database_url, issuer_key, folder, listening[0], mocks)


def ahead_file(place: Place, who: str) -> Path:
    """Where the clock of `web` or `relay` reads how far it is ahead."""
    return place.folder / f"{who}-ahead"


def settings_of(place: Place, plan: Plan, who: str, asks_after: float = 3600) -> Settings:
    """How the web or the relay is set in a storm: everything that takes minutes takes seconds."""
    values: dict[str, Any] = {
        "environment": "development",
        "database_url": place.database_url,
        "dev_issuer_key": place.issuer_key,
        "clock_ahead_file": ahead_file(place, who),
        "log_level": "WARNING",
        "relay_poll": 0.02,
        "relay_lease": plan.lease,
        "relay_call_deadline": CALL_DEADLINE,
        "relay_backoff": BACKOFF,
        "reconcile_every": 1,
        "reconcile_after": asks_after,
    }
    for name in SYSTEMS:
        values[f"{name}_url"] = address(place.mocks[name])
        values[f"{name}_client_secret"] = CLIENT_SECRETS[name]
        values[f"{name}_callback_secrets"] = (CALLBACK_SECRETS[name],)
    return Settings(_env_file=None, **values)


def web(place: Place, plan: Plan) -> None:
    """Serve the API until killed."""
    _serve(create_app(settings_of(place, plan, "web")), place.web)


def relay(place: Place, plan: Plan, asks_after: float = 3600) -> None:
    """Drain the outbox until killed or told to stop (SIGTERM)."""
    if plan.promise is not Promise.DEDUPES:
        looks_up = plan.promise is Promise.LOOKED_UP
        capability = Capability.LOOKUP_BY_REFERENCE if looks_up else Capability.NONE
        for system, tray in ((CaseSystem.LCS, LcsTray), (CaseSystem.EHM, EhmTray)):
            outlets.TRAYS[system] = type("Tray", (tray,), {"capability": capability})
        attempt.LONGEST_PROCESSING = timedelta(seconds=plan.delay + CALL_DEADLINE)
    asyncio.run(run_relay(settings_of(place, plan, "relay", asks_after)))


def mock(place: Place, plan: Plan, system: str) -> None:
    """Serve a mock case system until killed."""
    app = mock_app(system, f"{place.api}/v1/callbacks/{system}")
    callbacks.WAITS = (0.05, 0.1, 0.1)  # else one refused callback holds up the others
    if plan.promise is not Promise.DEDUPES:
        make_forgetful(app)
    _serve(app, place.mocks[system])


def _serve(app: Any, listener: socket.socket) -> None:
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, ws="none", timeout_graceful_shutdown=1
    )
    uvicorn.Server(config).run([listener])
