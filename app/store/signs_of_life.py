"""Who of those that hold leases shows no sign of life."""


def number_of(worker: str) -> int | None:
    """The number of a worker's sign of life, 32 bits; None for a name that has none."""
    _, _, number = worker.rpartition(":")
    return int(number, 16) if len(number) == len("00000000") and _is_hex(number) else None


class Missing:
    """Remembers who was missing, so that only who is so twice in a row counts as dead.

    A relay that loses its connection shows its sign again in a moment.
    """

    def __init__(self) -> None:
        self._before: frozenset[str] = frozenset()

    def dead(self, missing: frozenset[str]) -> frozenset[str]:
        """Of those missing now, who was missing before."""
        dead = self._before & missing
        self._before = missing
        return dead


def _is_hex(text: str) -> bool:
    return all(letter in "0123456789abcdef" for letter in text)
