"""The key set of a file, which may be replaced while the service runs."""

import time
from collections.abc import Callable
from pathlib import Path

import structlog
from joserfc.jwk import KeySet

from app.api.key_set import public_keys

LOOK_AGAIN_AFTER = 5.0
"""Seconds between looks at whether the file is another."""
log = structlog.get_logger()


class KeyFileError(ValueError):
    """A file of keys that cannot be used; the text names it, and nothing that it holds."""


class FileKeys:
    """Keys of a file: read at the start, and again once the file is another."""

    def __init__(self, path: Path, tick: Callable[[], float] = time.monotonic) -> None:
        """Read it.

        Raises:
            KeyFileError: it cannot be read, or holds no key set.
        """
        self._path = path
        self._tick = tick
        self._looked_at = tick()
        try:
            self._read = self._mark()
            self._keys = public_keys(path.read_bytes())
        except OSError as error:
            raise KeyFileError(f"{path.name} cannot be read: {error.strerror}") from error
        except ValueError as error:
            raise KeyFileError(f"{path.name} holds no JWK set with a key to verify by") from error

    async def keys(self, kid: str | None) -> KeySet:
        """The key set, whatever the key id; the last that was sound, where the file is not."""
        del kid
        if self._tick() - self._looked_at > LOOK_AGAIN_AFTER:
            self._looked_at = self._tick()
            self._look()
        return self._keys

    def _look(self) -> None:
        try:
            mark = self._mark()
            if mark != self._read:
                self._keys, self._read = public_keys(self._path.read_bytes()), mark
        except (OSError, ValueError) as error:
            log.warning("key_file_unusable", error=type(error).__name__)

    def _mark(self) -> tuple[int, int, int]:
        found = self._path.stat()
        return found.st_mtime_ns, found.st_size, found.st_ino
