"""EHM episodes in the port's words."""

from datetime import date

from pydantic import BaseModel

from adapters.records import RecordChild
from app.outbox.tray import RecordDate


class Episode(BaseModel):
    """The part of GET /episodes/{id} that the rule about its date needs."""

    episode_id: str
    child: RecordChild
    start_date: date
    closed_on: date | None

    def record_date(self, etag: str) -> RecordDate:
        """The episode as the rule looks at it; `etag` marks the state that was read."""
        return RecordDate(self.start_date, self.child.identity(), etag, self.closed_on)
