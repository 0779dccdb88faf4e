"""LCS referrals in the port's words."""

from datetime import date

from pydantic import BaseModel

from app.outbox.tray import RecordDate, RecordIdentity


class Child(BaseModel):
    """The child whose referral it is."""

    child_id: str
    name: str
    date_of_birth: date


class Referral(BaseModel):
    """The part of GET /referrals/{id} that the referral-date rule needs."""

    referral_id: str
    child: Child
    date_of_referral: date
    closed_on: date | None


def as_record_date(referral: Referral, etag: str) -> RecordDate:
    """The referral as the rule looks at it."""
    child = referral.child
    return RecordDate(
        dated=referral.date_of_referral,
        child=RecordIdentity(child.child_id, child.name, child.date_of_birth),
        version=etag,
        closed_on=referral.closed_on,
    )
