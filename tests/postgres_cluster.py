"""A throw-away PostgreSQL cluster: a data directory and the server over it."""

import secrets
import socket
import subprocess
import time
from pathlib import Path

import psycopg
from postgres_binaries import missing_programs
from postgres_directory import ServerDirectory
from postgres_process import end, reachable, server_account, spawn

_START_SECONDS = 30.0
_POLL_SECONDS = 0.02
_PORT_TRIES = 3

# Without fsync a power cut could lose data; a killed server cannot, as the kernel holds what it
# wrote. synchronous_commit stays on, so a commit still survives restart(immediate=True).
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "fsync": "off",
    "full_page_writes": "off",
    "timezone": "UTC",
}
_DURABLE = {"fsync": "on", "full_page_writes": "on"}


class ClusterError(RuntimeError):
    """A cluster could not be made or started."""


class Cluster:
    """One server of our own; `url` names its empty maintenance database."""

    def __init__(self, programs: Path, *, durable: bool = False) -> None:
        """Make a data directory and start a server over it; `durable`: fit for a power cut.

        Raises:
            ClusterError: The programs are missing or did not work.
        """
        if missing := missing_programs(programs):
            raise ClusterError(f"no {' or '.join(missing)} in {programs}")
        self._settings = _SETTINGS | (_DURABLE if durable else {})
        self._account = server_account()
        self._directory = ServerDirectory(owner=self._account.user, group=self._account.group)
        self._process: subprocess.Popen[bytes] | None = None
        try:
            self._create(programs)
            self._start_on_a_free_port()
        except (ClusterError, OSError) as error:
            self.destroy()
            raise ClusterError(f"{programs}: {error}") from error

    @property
    def url(self) -> str:
        """The address of the maintenance database."""
        return f"postgresql://postgres:{self._password}@127.0.0.1:{self._port}/postgres"

    def restart(self, *, immediate: bool) -> None:
        """Stop the server, as a crash would if immediate, and start it at the same address."""
        self._end(immediate=immediate)
        self._start()

    def destroy(self) -> None:
        """Stop the server and remove its directory."""
        self._end(immediate=False)
        self._directory.remove()

    def _create(self, programs: Path) -> None:
        self._programs = reachable(programs, self._directory.path, self._account)
        self._password = secrets.token_hex(16)
        password_file = self._directory.path / "password"
        password_file.write_text(self._password)
        command: list[str | Path] = [
            *(self._programs / "initdb", "-D", "data", "-U", "postgres"),
            *("-E", "UTF8", "--locale=C", "--no-sync"),
            *("--auth=scram-sha-256", "--pwfile=password"),
        ]
        if spawn(command, self._directory.path, self._account).wait() != 0:
            raise ClusterError(f"initdb failed:\n{self._log()}")

    def _start_on_a_free_port(self) -> None:
        for tries_left in reversed(range(_PORT_TRIES)):
            self._port = _free_port()
            try:
                self._start()
            except ClusterError:  # another process may have taken the port meanwhile
                if not tries_left:
                    raise
            else:
                return

    def _start(self) -> None:
        settings = self._settings | {
            "port": str(self._port),
            "unix_socket_directories": str(self._directory.path),
        }
        options = [f"--{name}={value}" for name, value in settings.items()]
        command: list[str | Path] = [self._programs / "postgres", "-D", "data", *options]
        self._process = spawn(command, self._directory.path, self._account)
        self._wait_until_ready(self._process)

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            if process.poll() is not None:
                raise ClusterError(f"the server ended at its start:\n{self._log()}")
            try:
                psycopg.connect(self.url, connect_timeout=5).close()
            except psycopg.OperationalError:
                time.sleep(_POLL_SECONDS)
            else:
                return
        raise ClusterError(f"the server was not ready in {_START_SECONDS} s:\n{self._log()}")

    def _end(self, *, immediate: bool) -> None:
        if self._process is not None:
            end(self._process, immediate=immediate)
            self._process = None

    def _log(self) -> str:
        return (self._directory.path / "log").read_text(errors="replace")[-2000:]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
