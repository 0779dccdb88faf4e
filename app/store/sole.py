"""One web process on an SQLite file: a locked file beside it, as long as the process lives."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.store.urls import is_sqlite


class AnotherIsThere(Exception):
    """Another web process serves on the same SQLite file."""


@contextmanager
def sole(url: str) -> Iterator[None]:
    """Be the only web process on the file at `url`; on PostgreSQL there may be many.

    Raises:
        AnotherIsThere: there is one already.
        OSError: the folder of the file is not there or cannot be written.
    """
    if not is_sqlite(url):
        yield
        return
    database = Path(url.removeprefix("sqlite:///")).resolve()  # one file, whatever links to it
    lock = os.open(database.with_name(f"{database.name}-api"), os.O_CREAT | os.O_RDWR, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AnotherIsThere from None
        yield
    finally:
        os.close(lock)
