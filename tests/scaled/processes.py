"""The service's processes as an operator runs them, to be stopped and killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
from serving import address, listen

from app.cli.development import development_environment

STARTS_WITHIN, ENDS_WITHIN = 120.0, 60.0
"""Seconds, on a machine that has much else to do."""


class Process:
    """`transfers api` or `transfers relay`; `url` is where an API listens."""

    def __init__(self, command: list[str], environment: dict[str, str], log: Path) -> None:
        self._command = command
        self._environment = environment
        self._log = log
        self.url = f"http://127.0.0.1:{command[-1]}"
        self.start()

    def start(self) -> None:
        """Start it, for the first time or again, at the same address."""
        with self._log.open("ab") as log:
            self._running = subprocess.Popen(  # noqa: S603 - our own command
                [sys.executable, "-m", "app.cli", *self._command],
                env=self._environment,
                stdout=log,
                stderr=log,
            )

    def wait_until_ready(self) -> None:
        """Wait until an API serves, with its database."""
        end = time.monotonic() + STARTS_WITHIN
        while not _ready(self.url):
            assert time.monotonic() < end, self.log
            assert self._running.poll() is None, self.log
            time.sleep(0.05)

    def kill(self) -> None:
        """End it in the middle of whatever it does."""
        self._running.kill()
        self._running.wait()

    def ask_to_stop(self) -> None:
        """Ask as an orchestrator does."""
        self._running.send_signal(signal.SIGTERM)

    def stopped(self) -> int:
        """How it ended, having been asked to."""
        return self._running.wait(ENDS_WITHIN)

    @property
    def log(self) -> str:
        return self._log.read_text(errors="replace")[-3000:]


class Site:
    """Where a service runs: its settings, and every process that was started there."""

    def __init__(self, folder: Path, database_url: str, **settings: str) -> None:
        self._folder = folder
        self.environment = {
            **{name: it for name, it in os.environ.items() if not name.startswith("TRANSFERS_")},
            **development_environment(folder / "kept"),
            "TRANSFERS_DATABASE_URL": database_url,
            **{f"TRANSFERS_{name.upper()}": value for name, value in settings.items()},
        }
        self.processes: list[Process] = []

    @property
    def issuer_key(self) -> Path:
        return Path(self.environment["TRANSFERS_DEV_ISSUER_KEY"])

    def api(self) -> Process:
        """Another web process, on a port of its own."""
        with listen() as listener:
            port = address(listener).rpartition(":")[2]
        return self._started("api", "--port", port)

    def relay(self) -> Process:
        """Another relay."""
        return self._started("relay")

    def end(self) -> None:
        """Kill whatever still runs."""
        for process in self.processes:
            process.kill()

    def _started(self, *command: str) -> Process:
        log = self._folder / f"{command[0]}-{len(self.processes)}.log"
        self.processes.append(Process(list(command), self.environment, log))
        return self.processes[-1]


@contextmanager
def site(folder: Path, database_url: str, **settings: str) -> Iterator[Site]:
    """A site whose processes end with the test."""
    with ExitStack() as stack:
        made = Site(folder, database_url, **settings)
        stack.callback(made.end)
        yield made


def _ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health/ready", timeout=2, trust_env=False).is_success
    except httpx.HTTPError:
        return False
