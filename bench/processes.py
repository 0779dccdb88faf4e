"""Apps in processes of their own, and what processor time they use."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from app.settings import Settings

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Served:
    """An app that answers."""

    url: str
    pid: int

    def cpu_seconds(self) -> float:
        """Processor time that its process has used so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS


def our_environment(settings: Settings) -> dict[str, str]:
    """Those of a development service's settings that a process of ours needs to be the same."""
    return {
        "TRANSFERS_ENVIRONMENT": "development",
        "TRANSFERS_DATABASE_URL": settings.database_url,
        "TRANSFERS_DATABASE_POOL_SIZE": str(settings.database_pool_size),
        "TRANSFERS_API_DRAIN": "0",
        "TRANSFERS_DEV_ISSUER_KEY": str(settings.dev_issuer_key),
        "TRANSFERS_LCS_CLIENT_SECRET": settings.lcs_client_secret.get_secret_value(),
        "TRANSFERS_EHM_CLIENT_SECRET": settings.ehm_client_secret.get_secret_value(),
        "TRANSFERS_LCS_CALLBACK_SECRETS": _listed(settings.lcs_callback_secrets),
        "TRANSFERS_EHM_CALLBACK_SECRETS": _listed(settings.ehm_callback_secrets),
    }


def _listed(secrets: object) -> str:
    assert isinstance(secrets, tuple)
    return "[" + ",".join(f'"{secret.get_secret_value()}"' for secret in secrets) + "]"


@contextmanager
def ours(settings: Settings) -> Iterator[Served]:
    """`transfers api`, as it is run."""
    command = [sys.executable, "-m", "app.cli", "api", "--port"]
    with _served(command, our_environment(settings), "/health/live") as one:
        yield one


@contextmanager
def bare(app: str, environment: Mapping[str, str]) -> Iterator[Served]:
    """An app of the bench, by uvicorn with the options of ours."""
    command = [
        *(sys.executable, "-m", "uvicorn", app, "--no-access-log", "--no-server-header"),
        *("--log-level", "warning", "--timeout-keep-alive", "15", "--port"),
    ]
    with _served(command, environment, "/openapi.json") as one:
        yield one


@contextmanager
def _served(command: list[str], environment: Mapping[str, str], path: str) -> Iterator[Served]:
    port = str(_free_port())
    with subprocess.Popen(
        [*command, port],
        env=os.environ | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for(url + path, process)
            yield Served(url, process.pid)
        finally:
            process.terminate()


def read(url: str) -> bytes:
    """What is there."""
    with urlopen(url, timeout=5) as answer:  # noqa: S310 - our own address
        found: bytes = answer.read()
        return found


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    while True:
        try:
            read(url)
        except (URLError, ConnectionError):
            assert process.poll() is None, "the app did not start"
            time.sleep(0.05)
        else:
            return
