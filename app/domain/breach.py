"""What a rule answers: Satisfied, or a Breach that cites its clause."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """`must` blocks, `should` warns."""

    MUST = "must"
    SHOULD = "should"


@dataclass(frozen=True, slots=True)
class Satisfied:
    """The rule holds."""


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that does not hold.

    `code` and `source` are the protocol's, `says` is what to do in plain words, `found` is what
    stood there instead (never a person's data).
    """

    code: str
    says: str
    source: str
    severity: Severity
    found: str

    @property
    def blocks(self) -> bool:
        """Whether it stands in the way, and does not only warn."""
        return self.severity is Severity.MUST


def must(code: str, says: str, found: str, source: str = "protocol") -> Breach:
    """A breach of what the process itself asks, whatever the rules of the protocol say."""
    return Breach(code, says, source, Severity.MUST, found)
