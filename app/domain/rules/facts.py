"""What rules look at, and what a kind of rule is."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from app.domain.people import Team
from app.domain.rules.wording import Wording
from app.domain.transfer import Transfer

NOTHING = "nothing"
NOT_RECORDED = "not recorded"


@dataclass(frozen=True, slots=True)
class Facts:
    """What rules look at. `recipient` is None while no recipient is chosen.

    `today` is the London date.
    """

    transfer: Transfer
    allowed_origins: tuple[str, ...]
    recipient: Team | None
    today: date


class Need(Protocol):
    """A kind of rule."""

    def says(self, words: Wording) -> str:
        """What is asked, as a clause that may stand after "when" or "unless"."""

    def missing(self, facts: Facts) -> str | None:
        """None when the need is met, else what was found instead."""
