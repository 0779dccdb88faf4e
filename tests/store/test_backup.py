"""Copies of an SQLite database: whole or not there, checked, and never over anything."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from app.store.backup import BESIDE, BackupError, back_up, restore
from app.store.lookout import worker_name
from app.store.lookout_sqlite import SqliteLookout
from app.store.migrate import is_current, migrate
from app.store.sole import sole

one_store = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
COUNT = "SELECT count(*) FROM beats"


def _file(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def _count(file: Path) -> int:
    with closing(sqlite3.connect(file)) as opened:
        (found,) = opened.execute(COUNT).fetchone()
    return int(found)


@contextmanager
def _somebody_writes(url: str) -> Iterator[threading.Event]:
    """Two rows a transaction, again and again; set once some were written."""
    begun, enough = threading.Event(), threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(_file(url), isolation_level=None)) as writer:
            writer.execute("PRAGMA journal_mode=WAL")
            writer.execute("CREATE TABLE beats (number INTEGER)")
            while not enough.is_set():
                writer.execute("BEGIN IMMEDIATE")
                writer.executemany("INSERT INTO beats VALUES (?)", [(1,), (2,)])
                writer.execute("COMMIT")
                begun.set()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield begun
    finally:
        enough.set()
        thread.join()


@one_store
def test_a_backup_is_of_one_moment_while_somebody_writes_and_holds_nobody_up(
    database_url: str, tmp_path: Path
) -> None:
    with _somebody_writes(database_url) as begun:
        assert begun.wait(10)
        at_first = _count(_file(database_url))
        back_up(database_url, tmp_path / "copy")
    at_last = _count(_file(database_url))

    kept = _count(tmp_path / "copy")
    assert at_first <= kept <= at_last
    assert kept % 2 == 0
    assert (tmp_path / "copy").stat().st_mode & 0o777 == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["copy"]


@one_store
def test_what_was_written_last_and_is_in_the_log_is_in_the_backup(
    database_url: str, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(_file(database_url))) as writer:
        writer.execute("PRAGMA journal_mode=WAL")
        writer.execute("CREATE TABLE beats (number INTEGER)")
        writer.execute("INSERT INTO beats VALUES (1)")
        writer.commit()
        back_up(database_url, tmp_path / "copy")

    assert _count(tmp_path / "copy") == 1


@one_store
def test_a_backup_is_put_in_place_as_it_was(database_url: str, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'restored.sqlite3'}"

    kept = back_up(database_url, tmp_path / "copy")
    restored = restore(tmp_path / "copy", url)

    assert (kept, restored) == (0, 0)
    assert is_current(url)


@one_store
async def test_nothing_is_restored_while_an_api_or_a_relay_still_runs_there(
    database_url: str, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'moved-aside.sqlite3'}"
    watching = SqliteLookout(url, worker_name())
    back_up(database_url, tmp_path / "copy")

    with sole(url), pytest.raises(BackupError, match="an API still runs"):
        restore(tmp_path / "copy", url)
    await watching.keep()
    with pytest.raises(BackupError, match="a relay still runs"):
        restore(tmp_path / "copy", url)
    await watching.close()

    assert restore(tmp_path / "copy", url) == 0


@one_store
@pytest.mark.parametrize("end", BESIDE)
def test_nothing_is_restored_over_or_beside_what_is_there(
    database_url: str, tmp_path: Path, end: str
) -> None:
    back_up(database_url, tmp_path / "copy")
    there = tmp_path / f"there.sqlite3{end}"
    there.write_bytes(b"somebody's")

    with pytest.raises(BackupError, match=there.name):
        restore(tmp_path / "copy", f"sqlite:///{tmp_path / 'there.sqlite3'}")

    assert there.read_bytes() == b"somebody's"


@one_store
@pytest.mark.parametrize("end", ["-wal", "-journal"])
def test_a_database_with_a_log_beside_it_is_not_restored_without_what_the_log_holds(
    database_url: str, tmp_path: Path, end: str
) -> None:
    back_up(database_url, tmp_path / "copy")
    (tmp_path / f"copy{end}").write_bytes(b"what was written last")

    with pytest.raises(BackupError, match="in a log beside it"):
        restore(tmp_path / "copy", f"sqlite:///{tmp_path / 'there.sqlite3'}")


@one_store
def test_a_backup_is_never_written_over_another(database_url: str, tmp_path: Path) -> None:
    (tmp_path / "copy").write_bytes(b"somebody's")

    with pytest.raises(BackupError, match="there already"):
        back_up(database_url, tmp_path / "copy")

    assert (tmp_path / "copy").read_bytes() == b"somebody's"


@one_store
def test_what_is_damaged_is_neither_kept_nor_put_in_place(
    database_url: str, tmp_path: Path
) -> None:
    back_up(database_url, tmp_path / "copy")
    whole = (tmp_path / "copy").read_bytes()
    middle = len(whole) // 2
    for damaged in (b"no database", whole[:middle], whole[:middle] + b"\xff" * 9000):
        (tmp_path / "copy").write_bytes(damaged)

        with pytest.raises(BackupError):
            restore(tmp_path / "copy", f"sqlite:///{tmp_path / 'new.sqlite3'}")

        assert [file.name for file in tmp_path.iterdir()] == ["copy"]


def test_a_database_of_something_else_is_not_ours(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "other")) as other:
        other.execute("CREATE TABLE transfers (id INTEGER)")
        other.commit()

    with pytest.raises(BackupError, match="no database of this service"):
        restore(tmp_path / "other", f"sqlite:///{tmp_path / 'new.sqlite3'}")


@pytest.mark.long
@one_store
def test_a_backup_of_a_newer_version_is_refused_and_one_of_an_older_brought_on(
    database_url: str, tmp_path: Path
) -> None:
    old = f"sqlite:///{tmp_path / 'old.sqlite3'}"
    migrate(old, "+20")
    back_up(old, tmp_path / "old")
    back_up(database_url, tmp_path / "newer")
    with closing(sqlite3.connect(tmp_path / "newer")) as newer:
        newer.execute("UPDATE alembic_version SET version_num = 'of_next_year'")
        newer.commit()

    with pytest.raises(BackupError, match="newer version"):
        restore(tmp_path / "newer", f"sqlite:///{tmp_path / 'new.sqlite3'}")
    restored = f"sqlite:///{tmp_path / 'restored.sqlite3'}"
    restore(tmp_path / "old", restored)
    migrate(restored)

    assert is_current(restored)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql://127.0.0.1/transfers", "its own programs"),
        ("sqlite:////nowhere/transfers.sqlite3", "no such database"),
    ],
)
def test_what_cannot_be_backed_up_is_told_in_words(tmp_path: Path, url: str, words: str) -> None:
    with pytest.raises(BackupError, match=words):
        back_up(url, tmp_path / "copy")

    assert list(tmp_path.iterdir()) == []


@one_store
def test_a_place_that_cannot_be_written_to_is_told_in_words(
    database_url: str, tmp_path: Path
) -> None:
    with pytest.raises(BackupError, match="FileNotFoundError"):
        back_up(database_url, tmp_path / "nowhere" / "copy")
    with pytest.raises(BackupError, match="no copy"):
        restore(tmp_path / "copy", f"sqlite:///{tmp_path / 'new.sqlite3'}")


@one_store
def test_two_backups_to_one_file_at_once_share_nothing_that_is_being_written(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename

    def meanwhile(part: Path, file: Path) -> Path:
        monkeypatch.undo()
        back_up(database_url, file)
        return rename(part, file)

    monkeypatch.setattr(Path, "rename", meanwhile)

    assert back_up(database_url, tmp_path / "copy") == 0
    assert [file.name for file in tmp_path.iterdir()] == ["copy"]


@one_store
def test_a_backup_and_a_database_may_have_any_name(database_url: str, tmp_path: Path) -> None:
    copy, again = tmp_path / "a?b#c%41.sqlite3", tmp_path / "r?s#t%42.sqlite3"

    back_up(database_url, copy)
    restore(copy, f"sqlite:///{tmp_path}/r%3Fs%23t%2542.sqlite3")

    assert {found.name for found in tmp_path.iterdir() if found.suffix == ".sqlite3"} == {
        copy.name, again.name,
    }  # fmt: skip
    with closing(sqlite3.connect(again)) as opened:
        assert opened.execute("SELECT count(*) FROM transfers").fetchone() == (0,)
