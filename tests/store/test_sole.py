"""One web process on an SQLite file."""

import subprocess
import sys
from pathlib import Path

import pytest
from cli.test_commands import Run, run

from app.store.sole import AnotherIsThere, sole

__all__ = ("run",)


def test_there_is_one_on_an_sqlite_file_and_another_when_it_has_ended(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'transfers.sqlite3'}"

    with sole(url), pytest.raises(AnotherIsThere), sole(url):
        pass
    with sole(url):
        pass


def test_other_files_and_postgresql_have_theirs(tmp_path: Path) -> None:
    urls = [f"sqlite:///{tmp_path / name}.sqlite3" for name in ("one", "other")]
    urls += ["postgresql://127.0.0.1:1/nothing"] * 2

    with sole(urls[0]), sole(urls[1]), sole(urls[2]), sole(urls[3]):
        assert len(list(tmp_path.iterdir())) == 2


def test_a_link_to_the_file_is_the_same_file(tmp_path: Path) -> None:
    (tmp_path / "link.sqlite3").symlink_to(tmp_path / "transfers.sqlite3")
    urls = [f"sqlite:///{tmp_path / name}.sqlite3" for name in ("transfers", "link")]

    with sole(urls[0]), pytest.raises(AnotherIsThere), sole(urls[1]):
        pass


def test_a_process_that_is_killed_leaves_the_place_free(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'transfers.sqlite3'}"
    code = (
        f"from app.store.sole import sole\nwith sole({url!r}):\n print('in', flush=True); input()"
    )
    with subprocess.Popen(  # noqa: S603 - our own code
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as held:
        assert held.stdout is not None
        held.stdout.readline()
        with pytest.raises(AnotherIsThere), sole(url):
            pass
        held.kill()

    with sole(url):
        pass


def test_a_second_api_on_the_same_file_says_that_several_need_postgresql(
    run: Run, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'transfers.sqlite3'}"

    with sole(url):
        answer = run("api", environment="development", database_url=url)

    assert (answer.exit_code, answer.stderr.splitlines()[-1]) == (
        1,
        "Error: another `transfers api` serves on this SQLite file: several need PostgreSQL",
    )
