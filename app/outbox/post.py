"""The port to subscribers: what sends an event to an address, and how that fails."""

from dataclasses import dataclass
from typing import Protocol

from app.outbox.tray import TrayError, TrayRefused, TrayUnavailable

__all__ = ["Letter", "Post", "SubscriberGone", "TrayRefused", "TrayUnavailable"]


@dataclass(frozen=True, slots=True)
class Letter:
    """One event, ready to be signed with each of the secrets and sent."""

    url: str
    id: str
    body: bytes
    secrets: tuple[str, ...]


class SubscriberGone(TrayError):
    """The address answers that it is there no more, for good (410)."""


class Post(Protocol):
    """What sends letters. Raises TrayUnavailable, TrayRefused and SubscriberGone, nothing else."""

    async def send(self, letter: Letter) -> str:
        """Sign it, send it, and say in coded words how it was taken."""
