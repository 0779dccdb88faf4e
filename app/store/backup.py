"""Backing up an SQLite database while the service writes to it, and putting a backup in place.

PostgreSQL has programs of its own for both (docs/backup.md).
"""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import mkstemp

from app.store.failures import StoreUnavailable
from app.store.lookout_sqlite import is_watched
from app.store.migrate import knows
from app.store.sole import AnotherIsThere, sole
from app.store.urls import is_sqlite, read_only, sqlite_file

BESIDE = ("", "-wal", "-shm", "-journal")
"""A database's files: a log that is left of another would be played into this one."""


class BackupError(Exception):
    """Nothing was written; the text says why, in words for the operator."""


def back_up(url: str, file: Path) -> int:
    """Copy the database at `url`, as it is at one moment, to a new file; how many transfers it has.

    The file is the owner's alone, whole or not there, and was checked.

    Raises:
        BackupError: there is no such database, the file is there already, or the copy is not sound.
    """
    database = _database(url)
    if not database.exists():
        raise BackupError("there is no such database")
    if file.exists():
        raise BackupError(f"{file.name} is there already")
    part = _part(file)
    try:
        with (
            closing(sqlite3.connect(read_only(database), uri=True)) as source,
            closing(sqlite3.connect(part)) as target,
        ):
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
            transfers = _sound(target)
        _keep(part, file)
    except (sqlite3.Error, OSError) as error:
        raise BackupError(f"it could not be written: {type(error).__name__}") from error
    finally:
        part.unlink(missing_ok=True)
    return transfers


def restore(file: Path, url: str) -> int:
    """Put a backup where the database at `url` will be; how many transfers it has.

    Raises:
        BackupError: the backup is not sound or of a newer version, a database is there, or API or
            relay still run on the one that was.
    """
    database = _database(url)
    if not file.is_file():
        raise BackupError(f"there is no {file.name}")
    if any(file.with_name(f"{file.name}{end}").exists() for end in ("-wal", "-journal")):
        raise BackupError(f"{file.name} is no backup: what was written last is in a log beside it")
    found = [
        f"{database.name}{end}"
        for end in BESIDE
        if database.with_name(f"{database.name}{end}").exists()
    ]
    if found:
        raise BackupError(f"move what is there aside first: {', '.join(found)}")
    try:
        with closing(sqlite3.connect(f"{read_only(file)}&immutable=1", uri=True)) as source:
            transfers = _sound(source)
        with sole(url):
            if is_watched(database):
                raise BackupError("a relay still runs: stop it first")
            _copy(file, database)
    except AnotherIsThere:
        raise BackupError("an API still runs: stop it first") from None
    except (sqlite3.Error, OSError, StoreUnavailable) as error:
        raise BackupError(f"it cannot be put in place: {type(error).__name__}") from error
    return transfers


def _copy(file: Path, database: Path) -> None:
    part = _part(database)
    try:
        shutil.copyfile(file, part)
        _keep(part, database)
    finally:
        part.unlink(missing_ok=True)


def _database(url: str) -> Path:
    if not is_sqlite(url):
        raise BackupError("for PostgreSQL use its own programs: docs/backup.md")
    return sqlite_file(url)


def _sound(copy: sqlite3.Connection) -> int:
    """How many transfers it has.

    Raises:
        BackupError: it is damaged, not ours, or of a newer version.
    """
    (verdict,) = copy.execute("PRAGMA integrity_check(1)").fetchone()
    if verdict != "ok" or copy.execute("PRAGMA foreign_key_check").fetchone():
        raise BackupError("it is damaged")
    try:
        revisions = [revision for (revision,) in copy.execute("SELECT * FROM alembic_version")]
        (transfers,) = copy.execute("SELECT count(*) FROM transfers").fetchone()
    except sqlite3.OperationalError:
        raise BackupError("it is no database of this service") from None
    if not all(map(knows, revisions)):
        raise BackupError("it is of a newer version of the service than this one")
    return int(transfers)


def _part(file: Path) -> Path:
    """A new file of its owner's alone beside it, by a name that nobody else uses."""
    try:
        opened, part = mkstemp(prefix=f"{file.name}.", suffix=".part", dir=file.parent)
    except OSError as error:
        raise BackupError(f"nothing can be written there: {type(error).__name__}") from error
    os.close(opened)
    return Path(part)


def _keep(part: Path, file: Path) -> None:
    """Give it its name once it is on the disk."""
    _sync(part)
    part.rename(file)
    _sync(file.parent)


def _sync(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
