"""LCS referrals in the port's words."""

from datetime import date

from pydantic import BaseModel

from adapters.records import RecordChild
from app.outbox.tray import RecordDate


class Referral(BaseModel):
    """The part of GET /referrals/{id} that the rule about its date needs."""

    referral_id: str
    child: RecordChild
    date_of_referral: date
    closed_on: date | None

    def record_date(self, etag: str) -> RecordDate:
        """The referral as the rule looks at it; `etag` marks the state that was read."""
        return RecordDate(self.date_of_referral, self.child.identity(), etag, self.closed_on)
