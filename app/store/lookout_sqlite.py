"""The lookout on SQLite: a locked file beside the database, and a connection that only looks.

What it asks takes microseconds, and so is asked on the event loop itself.
"""

import asyncio
import fcntl
import os
import sqlite3
from contextlib import closing, suppress
from glob import escape
from pathlib import Path
from typing import Any

from app.store.failures import StoreUnavailable
from app.store.signs_of_life import Missing, number_of
from app.store.urls import read_only, sqlite_file

_LAST = "SELECT max(id) FROM deliveries"
_HOLDERS = "SELECT DISTINCT leased_by FROM deliveries WHERE state = 'leased'"


class SqliteLookout:
    """See app/store/lookout.py. The file is locked as long as the process lives, and no longer."""

    def __init__(self, url: str, worker: str) -> None:
        self._database = sqlite_file(url)
        self._worker = worker
        self._sign: int | None = None
        self._reader: sqlite3.Connection | None = None
        self._missing = Missing()
        self._seen: tuple[int, int | None] = (0, None)

    async def keep(self) -> None:
        """Lock the file, where it is not locked already."""
        if self._sign is not None:
            return
        try:
            self._sign = os.open(self._file(self._worker), os.O_CREAT | os.O_RDWR, 0o600)
            fcntl.flock(self._sign, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StoreUnavailable(type(error).__name__) from error

    async def news(self, seconds: float) -> bool:
        """As the port says: by the version of the data, and then by the last id."""
        await asyncio.sleep(seconds)
        version = self._ask("PRAGMA data_version")[0]
        if version == self._seen[0]:
            return False
        last = self._ask(_LAST)[0]
        before, self._seen = self._seen[1], (version, last)
        return bool(last != before)

    async def dead(self) -> frozenset[str]:
        """As the port says."""
        holders = set(self._ask(_HOLDERS)) - {self._worker}
        return self._missing.dead(frozenset(worker for worker in holders if self._is_dead(worker)))

    async def close(self) -> None:
        """Take the file away, and with it the lock."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None
        if self._sign is not None:
            with suppress(OSError):
                self._file(self._worker).unlink()
            os.close(self._sign)
            self._sign = None

    def _ask(self, statement: str) -> list[Any]:
        try:
            if self._reader is None:
                self._reader = sqlite3.connect(
                    read_only(self._database), uri=True, timeout=0, isolation_level=None
                )
            return [row[0] for row in self._reader.execute(statement)]
        except sqlite3.Error as error:
            raise StoreUnavailable(type(error).__name__) from error

    def _file(self, worker: str) -> Path:
        number = number_of(worker) or 0
        return self._database.with_name(f"{self._database.name}-relay-{number:08x}")

    def _is_dead(self, worker: str) -> bool:
        """Whether nobody holds that worker's lock; the file of a dead one is taken away."""
        if number_of(worker) is None:
            return False
        file = self._file(worker)
        try:
            sign = os.open(file, os.O_RDWR)
        except FileNotFoundError:
            return True
        with closing(os.fdopen(sign)) as opened:
            try:
                fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                return False
            with suppress(OSError):
                file.unlink()
            return True


def is_watched(database: Path) -> bool:
    """Whether a relay lives that looks at that file."""
    signs = database.parent.glob(f"{escape(database.name)}-relay-*")
    return any(_is_held(sign) for sign in signs)


def _is_held(sign: Path) -> bool:
    try:
        opened = os.open(sign, os.O_RDWR)
    except FileNotFoundError:
        return False
    with closing(os.fdopen(opened)) as mine:
        try:
            fcntl.flock(mine, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
