"""Checkpoints in a folder: a file of JSON lines for each stream, which is only ever added to.

The folder is best a mount of another machine, or one that keeps what was written (WORM).
"""

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote, unquote

from app.outbox.checkpoint_place import PlaceUnavailable

SUFFIX = ".jsonl"
TAIL = 64 * 1024
"""Bytes that hold the last line, and more."""


class CheckpointFolder:
    """A place for checkpoints; several relays may share it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def append(self, stream: str, make: Callable[[str | None], str | None]) -> None:
        """Add a line under the file's lock, and wait for the disk.

        Raises:
            PlaceUnavailable: it could not be written.
        """
        path = self._path(stream)
        try:
            is_new = not path.exists()
            with path.open("ab+") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                last, is_whole = _last(file)
                made = make(last)
                if made is None:
                    return
                line = json.dumps({"jws": made}).encode() + b"\n"
                file.write(line if is_whole else b"\n" + line)
                file.flush()
                os.fsync(file.fileno())
            if is_new:
                _sync_folder(self._folder)
        except OSError as error:
            raise PlaceUnavailable(f"{path}: {error.strerror}") from error

    def kept(self, stream: str) -> Iterator[str]:
        """The lines that are whole, oldest first; one that a power cut tore is none.

        Raises:
            PlaceUnavailable: the file cannot be read; a stream without one has none.
        """
        path = self._path(stream)
        try:
            if path.exists():
                with path.open("rb") as file:
                    yield from filter(None, map(_jws, file))
        except OSError as error:
            raise PlaceUnavailable(f"{path}: {error.strerror}") from error

    def streams(self) -> list[str]:
        """The streams with a file.

        Raises:
            PlaceUnavailable: the folder cannot be read.
        """
        try:
            names = sorted(os.listdir(self._folder))  # noqa: PTH208 - glob hides what cannot be read
        except OSError as error:
            raise PlaceUnavailable(f"{self._folder}: {error.strerror}") from error
        return [unquote(name.removesuffix(SUFFIX)) for name in names if name.endswith(SUFFIX)]

    def _path(self, stream: str) -> Path:
        return self._folder / (quote(stream, safe="").replace(".", "%2E") + SUFFIX)


def _last(file: BinaryIO) -> tuple[str | None, bool]:
    """The last line that is whole, and whether the file ends with a whole line."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - TAIL))
    tail = file.read()
    lines = [jws for jws in map(_jws, tail.splitlines()) if jws]
    return (lines[-1] if lines else None), tail[-1:] in {b"", b"\n"}


def _jws(line: bytes) -> str | None:
    with suppress(ValueError, TypeError, KeyError):
        return str(json.loads(line)["jws"])
    return None


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
