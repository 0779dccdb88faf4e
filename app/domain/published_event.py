"""An event as subscribers get it: ids and codes."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.event_types import EventType


@dataclass(frozen=True, slots=True)
class PublishedEvent:
    """One event. The field list is an allow-list: nothing else travels, and no words do.

    `revision` tells apart the events of one transfer for good. `codes` are those of the audit;
    `clock`, `due_at` and `team` are of a clock's event, `delivery` and what follows of one that a
    case system did not take.
    """

    type: EventType
    revision: str
    at: datetime
    transfer: str | None = None
    reference: str | None = None
    pathway: str | None = None
    route: str | None = None
    from_stage: str | None = None
    stage: str | None = None
    version: int | None = None
    origin_team: str | None = None
    sent_to: str | None = None
    codes: tuple[str, ...] = ()
    clock: str | None = None
    due_at: datetime | None = None
    team: str | None = None
    delivery: int | None = None
    destination: str | None = None
    message: str | None = None

    @property
    def id(self) -> str:
        """The same for every subscriber, on every attempt and replay; without a full stop."""
        return f"{self.transfer}:{self.revision}" if self.transfer else self.revision
