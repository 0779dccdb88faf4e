"""Two PostgreSQL servers, of which one writes and the other follows it as a streaming standby."""

import os
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree

import psycopg
from postgres_binaries import embedded_directories, installed_directories
from postgres_directory import ServerDirectory
from postgres_process import end, reachable, server_account, spawn

WITHIN = 30.0
AGAIN = 0.02
IN_STEP = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND sync_state = %s"


@dataclass(frozen=True, slots=True)
class Node:
    """One server of the pair: the folder of its data, and its port."""

    data: str
    port: int


class Pair:
    """Both servers, their programs and their password. `primary` writes."""

    def __init__(self, programs: Path) -> None:
        self._account = server_account()
        self._directory = ServerDirectory(owner=self._account.user, group=self._account.group)
        self._programs = reachable(programs, self._directory.path, self._account)
        self._password = secrets.token_hex(16)
        (self._directory.path / "password").write_text(self._password)
        passfile = self._directory.path / "pgpass"
        passfile.touch(mode=0o600)
        passfile.write_text(f"*:*:*:postgres:{self._password}\n")
        self._chown(passfile)
        self._running: dict[Node, subprocess.Popen[bytes]] = {}
        self.primary, self.standby = Node("one", _free_port()), Node("two", _free_port())
        self._do(
            "initdb", "-D", self.primary.data, "-U", "postgres", "-E", "UTF8", "--locale=C",
            "--no-sync", "--auth=scram-sha-256", "--pwfile=password",
        )  # fmt: skip
        self._start(self.primary)

    @property
    def url(self) -> str:
        """The database by both its hosts, the standby first."""
        hosts = ",".join(f"127.0.0.1:{node.port}" for node in (self.standby, self.primary))
        return f"postgresql://postgres:{self._password}@{hosts}/postgres"

    def follow(self, *, synchronous: bool) -> None:
        """Make the standby anew from the primary and wait until it is in step.

        From then on a commit waits for it, where `synchronous`.
        """
        self._set("synchronous_standby_names", "")
        passfile = self._directory.path / "pgpass"
        rmtree(self._directory.path / self.standby.data, ignore_errors=True)
        self._do(
            "pg_basebackup", "-D", self.standby.data, "--write-recovery-conf", "--checkpoint=fast",
            "--no-sync", "-d", f"{self._words(self.primary)} passfile={passfile}",
        )  # fmt: skip
        self._start(self.standby)
        if synchronous:
            self._set("synchronous_standby_names", "*")
        self._wait_for("sync" if synchronous else "async")

    def kill_primary(self) -> None:
        """End every process of the primary at once, as when its machine loses power."""
        _end_family(self._running.pop(self.primary))

    def promote(self) -> None:
        """Have the standby take over, and the lost primary be the one to follow it later."""
        with self._connected(self.standby) as connection:
            connection.execute("SELECT pg_promote(true, 30)")
        self.primary, self.standby = self.standby, self.primary

    def lose_standby(self) -> None:
        """Stop the standby, while the primary goes on."""
        end(self._running.pop(self.standby), immediate=True)

    def end_sessions(self) -> None:
        """Have the primary end every session of others, even one that waits for the standby."""
        self.rows(
            "SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity "
            "WHERE application_name = 'transfers'"
        )

    def find_standby(self) -> None:
        """Start the standby again as it was."""
        self._start(self.standby)

    def freeze_primary(self) -> None:
        """Stop every process of the primary in its tracks: it neither answers nor refuses."""
        self._signal_primary(signal.SIGSTOP)

    def thaw_primary(self) -> None:
        self._signal_primary(signal.SIGCONT)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """Ask the primary."""
        with self._connected(self.primary) as connection:
            return connection.execute(query.encode()).fetchall()

    def destroy(self) -> None:
        """Stop both, frozen or not, and remove what they kept."""
        for server in self._running.values():
            _end_family(server)
        self._directory.remove()

    def _signal_primary(self, number: int) -> None:
        server = self._running[self.primary]
        for process in [server.pid, *_children(server.pid)]:
            _kill(process, number)

    def _set(self, name: str, value: str) -> None:
        with self._connected(self.primary) as connection:
            connection.execute(f"ALTER SYSTEM SET {name} = '{value}'".encode())
            connection.execute("SELECT pg_reload_conf()")

    def _wait_for(self, state: str) -> None:
        deadline = time.monotonic() + WITHIN
        with self._connected(self.primary) as connection:
            while connection.execute(IN_STEP, [state]).fetchone() != (1,):
                assert time.monotonic() < deadline, self._log()
                time.sleep(AGAIN)

    def _start(self, node: Node) -> None:
        settings = {
            "port": node.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": self._directory.path,
            "wal_keep_size": "256MB",
            "hot_standby": "on",
        }
        options = [f"--{name}={value}" for name, value in settings.items()]
        command: list[str | Path] = [self._programs / "postgres", "-D", node.data, *options]
        self._running[node] = spawn(command, self._directory.path, self._account)
        deadline = time.monotonic() + WITHIN
        while True:
            assert self._running[node].poll() is None, self._log()
            try:
                return self._connected(node).close()
            except psycopg.OperationalError:
                assert time.monotonic() < deadline, self._log()
                time.sleep(AGAIN)

    def _do(self, program: str, *words: str) -> None:
        command: list[str | Path] = [self._programs / program, *words]
        ended = spawn(command, self._directory.path, self._account).wait()
        assert ended == 0, self._log()

    def _connected(self, node: Node) -> psycopg.Connection:
        password = f"password={self._password}"
        return psycopg.connect(f"{self._words(node)} {password}", autocommit=True)

    def _words(self, node: Node) -> str:
        return f"host=127.0.0.1 port={node.port} user=postgres dbname=postgres connect_timeout=5"

    def _chown(self, path: Path) -> None:
        os.chown(path, self._account.user, self._account.group)

    def _log(self) -> str:
        return (self._directory.path / "log").read_text(errors="replace")[-2000:]


@contextmanager
def pair() -> Iterator[Pair]:
    """A primary, alone as yet, and nothing of it left behind.

    Raises:
        IndexError: no PostgreSQL's programs are here.
    """
    found = [*embedded_directories(), *installed_directories()]
    made = Pair(next(path for path in found if (path / "pg_basebackup").exists()))
    try:
        yield made
    finally:
        made.destroy()


def _end_family(server: subprocess.Popen[bytes]) -> None:
    for process in [server.pid, *_children(server.pid)]:
        _kill(process)
    server.wait()


def _children(parent: int) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def _kill(process: int, number: int = signal.SIGKILL) -> None:
    try:
        os.kill(process, number)
    except ProcessLookupError:
        return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
