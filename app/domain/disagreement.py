"""A disagreement of professionals on a transfer: raised, escalated level by level, resolved."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Step:
    """It was escalated to that level. `comment` is free text that never leaves the record."""

    level: str
    by: str
    at: datetime
    comment: str


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One disagreement, open until `resolved_at`.

    `kinds`, `outcome` and the levels are codes of the protocol's escalation; `about` and
    `rationale` are free text that never leaves the record.
    """

    id: str
    kinds: tuple[str, ...]
    about: str
    raised_by: str
    raised_at: datetime
    steps: tuple[Step, ...] = ()
    outcome: str | None = None
    rationale: str | None = None
    resolved_by: str | None = None
    resolved_at: datetime | None = None

    @property
    def open(self) -> bool:
        """Whether nobody has resolved it."""
        return self.resolved_at is None

    @property
    def level(self) -> str | None:
        """The level that it is at; None before any."""
        return self.steps[-1].level if self.steps else None
