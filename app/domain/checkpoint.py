"""Checkpoints: how far a chain had come at a time, signed and kept where the database is not.

What is after the last of them can be rewritten by who has the database; what is before cannot,
unless they have the checkpoints too.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The hash of a stream's link of that sequence.

    `previous` is the digest of the checkpoint before, as it is kept; None on the first.
    """

    stream: str
    sequence: int
    hash: str
    at: datetime
    previous: str | None

    def said(self) -> bytes:
        """What is signed: canonical JSON."""
        content = {
            "stream": self.stream,
            "sequence": self.sequence,
            "hash": self.hash,
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "previous": self.previous,
        }
        return json.dumps(content, sort_keys=True, separators=(",", ":")).encode()


def read_checkpoint(said: bytes) -> Checkpoint:
    """A checkpoint from what was signed.

    Raises:
        ValueError: it is none.
    """
    try:
        content = json.loads(said)
        return Checkpoint(
            str(content["stream"]),
            int(content["sequence"]),
            str(content["hash"]),
            datetime.fromisoformat(content["at"]),
            None if content["previous"] is None else str(content["previous"]),
        )
    except (KeyError, TypeError) as error:
        raise ValueError("no checkpoint") from error


def digest_of(kept: str) -> str:
    """What the next checkpoint names this one by, as it is kept."""
    return hashlib.sha256(kept.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Pace:
    """A checkpoint is due after so many links, or after so long if there was one."""

    links: int
    every: timedelta

    def is_due(self, since: int, last: datetime, now: datetime) -> bool:
        """Whether it is, `since` links and since that time."""
        is_time = not timedelta() <= now - last < self.every  # so too where a clock was set back
        return since >= self.links or (since > 0 and is_time)
