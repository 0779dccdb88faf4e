"""Every version of every protocol: which is in force on a day, and which a transfer keeps."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from app.domain.protocol import CouncilProtocol
from app.protocols.reader import ProtocolError, parse_protocol, read_text

SHIPPED = Path(__file__).parent


class NoSuchVersion(LookupError):
    """No such version of a protocol is on the shelf."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A protocol with the text that it was read from, and the text's SHA-256 in hex."""

    protocol: CouncilProtocol
    text: str
    digest: str


class Protocols:
    """The versions by code and version: those of the files, and those that transfers still need."""

    def __init__(self, files: Iterable[Kept]) -> None:
        self._files = sorted(files, key=_age)
        self._kept = {(k.protocol.code, k.protocol.version): k for k in self._files}

    def __iter__(self) -> Iterator[Kept]:
        """Every version of the files, the newest of a council last."""
        return iter(self._files)

    def in_force(self, code: str, on: date) -> CouncilProtocol | None:
        """The council's newest version that is in force on that London day, or None.

        A version whose file is gone counts only while no file's version has come into force: it
        bridges the time until the one that replaced it begins.
        """
        for versions in (self._files, sorted(self._kept.values(), key=_age)):
            ours = [k.protocol for k in versions if k.protocol.code == code]
            begun = [protocol for protocol in ours if protocol.in_force_from <= on]
            if begun:
                return begun[-1]
        return None

    def kept(self, code: str, version: str) -> Kept:
        """That version, with its text.

        Raises:
            NoSuchVersion: it is not on the shelf.
        """
        try:
            return self._kept[code, version]
        except KeyError:
            raise NoSuchVersion(f"{code} {version}") from None

    def add(self, kept: Kept) -> None:
        """Put a version on the shelf that has no file any more."""
        self._kept[kept.protocol.code, kept.protocol.version] = kept


@cache
def keep(text: str, name: str) -> Kept:
    """The protocol of a text, to be put on the shelf; a text is read once a process.

    Raises:
        ProtocolError: it is no sound protocol.
    """
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Kept(parse_protocol(text, name), text, digest)


def load_protocols(folder: Path | None) -> Protocols:
    """The protocols that come with the service, and a council's own of `folder`.

    Raises:
        ProtocolError: a file is not a sound protocol, one version is written twice, two begin on
            the same day, or there is no such folder.
    """
    if folder is not None and not folder.is_dir():
        raise ProtocolError(str(folder), [" is no folder of protocol files"])
    shelf: dict[tuple[str, str], Kept] = {}
    begun: dict[tuple[str, date], str] = {}
    for path in [*_files(SHIPPED), *(_files(folder) if folder else ())]:
        kept = keep(read_text(path), path.name)
        key = kept.protocol.code, kept.protocol.version
        if key in shelf:
            raise ProtocolError(path.name, [f" {key[0]} {key[1]} is written twice: add a version"])
        shelf[key] = kept
        start = kept.protocol.code, kept.protocol.in_force_from
        if start in begun:
            raise ProtocolError(path.name, [f" begins on the same day as {key[0]} {begun[start]}"])
        begun[start] = kept.protocol.version
    return Protocols(shelf.values())


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.toml"))


def _age(kept: Kept) -> tuple[str, date, str]:
    protocol = kept.protocol
    return protocol.code, protocol.in_force_from, protocol.version
