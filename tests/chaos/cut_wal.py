"""What a power cut may leave of SQLite's write-ahead log, and what is read from the rest."""

import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

Seen = tuple[object, ...]
STATE = """
    SELECT (SELECT count(*) FROM transfers), (SELECT sum(version) FROM transfers),
        (SELECT count(*) FROM audit_events), (SELECT count(*) FROM deliveries),
        (SELECT count(*) FROM clocks), (SELECT count(*) FROM idempotency_keys)
"""
"""What every commit of a service changes at least one of."""
HEADER, FRAME_HEADER = 32, 24


@dataclass(frozen=True, slots=True)
class Commit:
    """How long the log was once a commit was answered, and what a reader saw then."""

    length: int
    seen: Seen


def log_of(file: Path) -> Path:
    """The write-ahead log beside a database file."""
    return file.with_name(f"{file.name}-wal")


def seen_in(file: Path) -> Seen:
    """What a reader sees in a database that others have open."""
    with closing(sqlite3.connect(file)) as connection:
        return tuple(connection.execute(STATE).fetchone())


@contextmanager
def cuttable(file: Path, folder: Path) -> Iterator["Cuttable"]:
    """A copy of a database and its log as they are at this moment, to be cut."""
    copy = folder / "cut.sqlite3"
    shutil.copy(file, copy)
    shutil.copy(log_of(file), log_of(copy))
    yield Cuttable(copy, log_of(copy).read_bytes())


@dataclass(frozen=True, slots=True)
class Cuttable:
    """Opened read-only each time, so that no reader folds the log into the file."""

    file: Path
    log: bytes

    def cut(self, lengths: Iterable[int], *, lost: bytes = b"") -> Iterator[tuple[int, Seen]]:
        """What is seen where the log ends at each of these lengths, in falling order.

        `lost` stands behind the cut: a file may have grown before what was written reached it.
        """
        log = log_of(self.file)
        log.write_bytes(self.log)
        for length in lengths:
            os.truncate(log, length)
            if lost:
                with log.open("ab") as file:
                    file.write(lost)
            yield length, self._opened(STATE)

    def is_sound(self) -> bool:
        """Whether SQLite finds nothing wrong in what is left."""
        return self._opened("PRAGMA integrity_check") == ("ok",)

    def page(self) -> int:
        """The size of a page, as the log says it."""
        return int.from_bytes(self.log[8:12], "big")

    def _opened(self, query: str) -> Seen:
        self.file.with_name(f"{self.file.name}-shm").unlink(missing_ok=True)
        with closing(sqlite3.connect(f"file:{self.file}?mode=ro", uri=True)) as connection:
            return tuple(connection.execute(query).fetchone())
