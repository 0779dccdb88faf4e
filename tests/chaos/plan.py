"""What a storm is made of: how many processes, how often one dies, and what the trays promise."""

from dataclasses import dataclass
from enum import StrEnum


class Promise(StrEnum):
    """What the mock case systems do with a task that comes twice, and what our adapters know."""

    DEDUPES = "dedupes on the key"
    LOOKED_UP = "looked up by reference"
    NOTHING = "none"


@dataclass(frozen=True, slots=True)
class Plan:
    """One storm. Times are in seconds.

    `weather` multiplies the share of gateway calls that go wrong; `delay` is how late some answer.
    """

    kills: int
    seconds: float
    webs: int = 2
    relays: int = 2
    people: int = 6
    between: tuple[float, float] = (0.02, 0.18)
    down: float = 0.3
    weather: float = 1.0
    delay: float = 0.1
    promise: Promise = Promise.DEDUPES
    seed: int = 1
    quiet: float = 90.0
    lease: float = 2.0
    ahead: int = 0
    """How far every clock of the service is ahead at first."""
