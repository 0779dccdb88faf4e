"""The port to where signed checkpoints are kept, outside of the database."""

from collections.abc import Callable, Iterator
from typing import Protocol


class PlaceUnavailable(Exception):
    """Nothing can be kept or read there now; the text says why."""


class CheckpointPlace(Protocol):
    """A list of checkpoints for each stream that only grows. Raises PlaceUnavailable alone."""

    def append(self, stream: str, make: Callable[[str | None], str | None]) -> None:
        """Add what `make` makes of the last one, None for none; where it is None, add nothing.

        Nobody else adds to the stream meanwhile. When this returns, it is on the disk.
        """

    def kept(self, stream: str) -> Iterator[str]:
        """The stream's checkpoints, oldest first."""

    def streams(self) -> list[str]:
        """The streams that there are checkpoints of."""
