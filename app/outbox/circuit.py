"""A destination that keeps failing is tried by one probe at a time, the other ones as ever."""

from collections import Counter

OPENS_AFTER = 5


class Circuit:
    """Counts failures in a row, a destination each."""

    def __init__(self) -> None:
        self._failures: Counter[str] = Counter()

    def arrived(self, destination: str) -> None:
        """A push got an answer: close the circuit."""
        self._failures[destination] = 0

    def failed(self, destination: str) -> None:
        """A push got none."""
        self._failures[destination] += 1

    def limit(self, destination: str, usual: int) -> int:
        """How many pushes may be under way at once."""
        return 1 if self._failures[destination] >= OPENS_AFTER else usual
