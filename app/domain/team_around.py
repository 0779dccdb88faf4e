"""The team around the family: who is in it, for which purpose, from when to when (RO)."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Member:
    """A professional of an agency. `stepped_out_at` None: still in it.

    `purpose` is the need that they stepped in for.
    """

    id: str
    name: str
    agency: str
    purpose: str
    stepped_in_at: datetime
    stepped_out_at: datetime | None = None

    @property
    def in_it(self) -> bool:
        """Whether the member has not stepped out."""
        return self.stepped_out_at is None
