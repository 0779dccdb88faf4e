"""The temporary directory of a test server, which outlives no test run for long.

A process that is killed cannot clean up after itself. It does lose its file locks, so each
directory holds a locked file, and the next server removes any directory whose lock is free.
"""

import fcntl
import os
import shutil
import tempfile
from pathlib import Path

_PREFIX = "transfers-postgres-"
_LOCK = "owner.lock"


class ServerDirectory:
    """A temporary directory, locked by this process for as long as it lives."""

    def __init__(self, *, owner: int, group: int) -> None:
        _remove_abandoned()
        self.path = Path(tempfile.mkdtemp(prefix=_PREFIX))
        self._lock = _locked(self.path / f"{_LOCK}.new")
        (self.path / f"{_LOCK}.new").rename(self.path / _LOCK)
        os.chown(self.path, owner, group)

    def remove(self) -> None:
        """Remove the directory and all that the server left in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        os.close(self._lock)


def _locked(path: Path) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return descriptor


def _remove_abandoned() -> None:
    for lock in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*/{_LOCK}"):
        if _is_free(lock):
            shutil.rmtree(lock.parent, ignore_errors=True)


def _is_free(lock: Path) -> bool:
    try:
        descriptor = os.open(lock, os.O_RDWR)
    except OSError:  # another user's, or gone since it was listed
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    else:
        return True
    finally:
        os.close(descriptor)
