"""One web process on an SQLite file: a locked file beside it, as long as the process lives."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from app.store.failures import StoreUnavailable
from app.store.urls import is_sqlite, sqlite_file


class AnotherIsThere(Exception):
    """Another web process serves on the same SQLite file."""


@contextmanager
def sole(url: str) -> Iterator[None]:
    """Be the only web process on the file at `url`; on PostgreSQL there may be many.

    Raises:
        AnotherIsThere: there is one already.
        StoreUnavailable: the folder of the file is not there or cannot be written.
    """
    if not is_sqlite(url):
        yield
        return
    database = sqlite_file(url).resolve()  # one file, whatever links to it
    try:
        lock = os.open(database.with_name(f"{database.name}-api"), os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        raise StoreUnavailable(f"its folder: {error.strerror}") from error
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AnotherIsThere from None
        yield
    finally:
        os.close(lock)
