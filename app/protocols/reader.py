"""Reads protocol files strictly and hands the domain frozen values; the domain never sees TOML."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import ValidationError

from app.domain.protocol import CouncilProtocol
from app.protocols.citations import faults_of_citations
from app.protocols.faults import Fault, told
from app.protocols.file_shape import ProtocolShape
from app.protocols.meeting_faults import faults_of_meetings
from app.protocols.shape_words import faults_of_shape
from app.protocols.soundness import faults
from app.protocols.to_domain import as_protocol

LONGEST = 1_000_000
"""Bytes of a protocol file: ten times the longest of ours."""


class ProtocolError(Exception):
    """A protocol file that cannot be enforced: its text has a line for every fault.

    Each fault is "12: words", or " words" where no line can be given.
    """

    def __init__(self, name: str, found: Iterable[str]) -> None:
        self.found = tuple(found)
        super().__init__(self.told(name))

    def told(self, name: str) -> str:
        """The faults, under another name of the file."""
        return "\n".join(f"{name}:{fault}" for fault in self.found)


def read_text(path: Path) -> str:
    """The text of a protocol file.

    Raises:
        ProtocolError: there is no such file, it is too long, or it is not text.
    """
    try:
        if path.exists() and not path.is_file():
            raise ProtocolError(path.name, [" not a file"])
        with path.open("rb") as file:
            content = file.read(LONGEST + 1)
        if len(content) > LONGEST:
            raise ProtocolError(path.name, [f" longer than {LONGEST} bytes"])
        return content.decode("utf-8-sig")  # some editors put a mark before it
    except (OSError, UnicodeDecodeError) as error:
        words = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise ProtocolError(path.name, [f" {words}"]) from error


def parse_protocol(text: str, name: str) -> CouncilProtocol:
    """The protocol that the text of a file called `name` holds.

    Raises:
        ProtocolError: not TOML, not of the shape, or not sound (soundness.py, citations.py).
    """
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProtocolError(name, [_not_toml(str(error), text)]) from error
    except (RecursionError, ValueError) as error:  # both without a line
        words = "nested too deeply" if isinstance(error, RecursionError) else "a number too long"
        raise ProtocolError(name, [f" not TOML: {words}"]) from error
    try:
        shape = ProtocolShape.model_validate(content)
    except ValidationError as error:
        raise ProtocolError(name, told(faults_of_shape(error), text, content)) from error
    found = told(_unsound(shape), text, content)
    if found:
        raise ProtocolError(name, found)
    return as_protocol(shape)


def read_protocol(path: Path) -> CouncilProtocol:
    """The protocol of a file.

    Raises:
        ProtocolError: it cannot be read, or as parse_protocol.
    """
    return parse_protocol(read_text(path), path.name)


def _unsound(shape: ProtocolShape) -> Iterator[Fault]:
    yield from faults_of_citations(shape)
    yield from faults_of_meetings(shape)
    halves = {"step_up": shape.step_up, "step_down": shape.step_down}
    if not any(halves.values()):
        yield Fault((), "neither step_up nor step_down")
    if shape.step_up is not None and shape.step_up.outcomes_statement is not None:
        words = "only a step down names it: what was sought there is shown when a child comes back"
        yield Fault(("step_up", "outcomes_statement"), words)
    for pathway, half in halves.items():
        if half is not None:
            for fault in faults(half, shape.meetings):
                yield Fault((pathway, *fault.path), fault.words)


def _not_toml(words: str, text: str) -> str:
    """Only its words say where tomllib stopped: "(at line 3, column 5)", "(at end of document)"."""
    found = re.search(r" \(at line (\d+), column \d+\)$", words)
    line = int(found[1]) if found else len(text.splitlines())
    return f"{line}: not TOML: {re.sub(r' [(]at .*[)]$', '', words)}"
