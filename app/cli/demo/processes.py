"""The four processes of the demonstration, on free ports, ended with it whatever happens."""

import math
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import httpx

from app.cli.development import development_environment
from app.service_clock import clock_ahead, this_moment

STARTS_WITHIN = 30.0
TRANSFERS = [sys.executable, "-m", "app.cli"]


@dataclass(frozen=True, slots=True)
class Running:
    """Where everything listens, the environment it runs in, where it logs; and its clock."""

    api: str
    lcs: str
    ehm: str
    environment: dict[str, str]
    logs: Path

    @property
    def now(self) -> datetime:
        """What the service's clock says."""
        return clock_ahead(self._ahead)()

    def let_it_be(self, at: datetime) -> None:
        """Put the service's clock forward, for all its processes at once.

        Raises:
            ValueError: it is later already.
        """
        ahead = math.ceil((at - this_moment()).total_seconds())
        if at < self.now:
            raise ValueError("the clock goes forward alone")
        written = self._ahead.with_suffix(".new")
        written.write_text(str(ahead), encoding="ascii")
        written.replace(self._ahead)

    @property
    def _ahead(self) -> Path:
        return Path(self.environment["TRANSFERS_CLOCK_AHEAD_FILE"])


class DidNotStart(Exception):
    """A process of the demonstration did not come up; the text says which and where it logged."""


@contextmanager
def processes(folder: Path, council: str, directory: Path) -> Iterator[Running]:
    """Migrate, load the council's directory, start mock LCS, mock EHM, API and relay.

    Raises:
        DidNotStart: one of them ended or did not answer in time.
    """
    api_port, lcs_port, ehm_port = _free_ports(3)
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("TRANSFERS_")
    } | development_environment(folder, api_port=api_port, lcs_port=lcs_port, ehm_port=ehm_port)
    environment["TRANSFERS_CLOCK_AHEAD_FILE"] = str(folder / "clock-ahead")
    running = Running(
        f"http://127.0.0.1:{api_port}",
        f"http://127.0.0.1:{lcs_port}",
        f"http://127.0.0.1:{ehm_port}",
        environment,
        folder,
    )
    for command in (["migrate"], ["directory", "load", str(directory)]):
        subprocess.run(  # noqa: S603 - our own command
            [*TRANSFERS, *command], env=environment, check=True, capture_output=True
        )
    of = ["--authority", council, "--directory", str(directory)]
    with ExitStack() as stack:
        wanted = {
            "mock-lcs": (["mock", "lcs", "--port", str(lcs_port), *of], f"{running.lcs}/"),
            "mock-ehm": (["mock", "ehm", "--port", str(ehm_port), *of], f"{running.ehm}/"),
            "api": (["api", "--port", str(api_port)], f"{running.api}/health/ready"),
            "relay": (["relay"], None),
        }
        started = {
            name: stack.enter_context(_process(name, command, environment, folder))
            for name, (command, _) in wanted.items()
        }
        for name, (_, url) in wanted.items():
            _wait(name, started[name], url, folder)
        yield running


@contextmanager
def _process(
    name: str, command: list[str], environment: dict[str, str], folder: Path
) -> Iterator[subprocess.Popen[bytes]]:
    with (
        (folder / f"{name}.log").open("wb") as log,
        subprocess.Popen(  # noqa: S603 - our own command
            [*TRANSFERS, *command],
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        ) as process,
    ):
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait(name: str, process: subprocess.Popen[bytes], url: str | None, folder: Path) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        if url is None or _answers(url):
            return
        time.sleep(0.1)
    raise DidNotStart(f"{name} did not start; see {folder / name}.log")


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=1).is_success
    except httpx.HTTPError:
        return False


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        listening = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in listening:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in listening]
