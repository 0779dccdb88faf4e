"""What the audit says of a read: who was shown which part of whose record, or which list."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from app.domain.decision import Event

READ = "read"
"""The action of an event that tells of one transfer's record being shown."""
LIST = "list"
"""The action of an event that tells of a list, and of each transfer in it."""


class ReadPart(StrEnum):
    """What can be shown: parts of a record first, then what may hold several records."""

    TRANSFER = "transfer"
    HISTORY = "history"
    DELIVERIES_OF_TRANSFER = "deliveries_of_transfer"
    CHECKLIST = "checklist"
    CLOCKS_OF_TRANSFER = "clocks_of_transfer"
    CUSTODY = "custody"
    FEEDBACK = "feedback"
    CLOSING = "closing"
    HANDOVER = "handover"
    RESTRICTIONS = "restrictions"
    OPENINGS = "openings"
    TRANSFERS = "transfers"
    COUNTS = "counts"
    OUTGOING = "outgoing"
    RE_REFERRALS = "re_referrals"
    CLOCKS = "clocks"
    REVIEWS = "reviews"
    MEETINGS = "meetings"
    MEETING = "meeting"
    AGENDA = "agenda"
    DELIVERIES = "deliveries"
    ALERTS = "alerts"
    SUBSCRIPTIONS = "subscriptions"
    SUBSCRIPTION = "subscription"
    EVENT_DELIVERIES = "event_deliveries"
    AUDIT = "audit"
    LEGAL_HOLDS = "legal_holds"
    SUBJECT_ACCESS = "subject_access"
    SUBJECT_ACCESS_EXPORT = "subject_access_export"


def reading(  # noqa: PLR0913 - a line of the audit has as many parts
    part: ReadPart,
    actor: str,
    at: datetime,
    *,
    record: str | None = None,
    about: Collection[str] = (),
    shown: Collection[str] = (),
) -> Event:
    """The event of a read: of `record`'s part, or of a list.

    `about` are codes of what was asked for; `shown` the ids of the (other) transfers in the answer,
    each told once.
    """
    action = LIST if record is None else READ
    return Event(action, actor, at, None, None, None, (part, *about, *dict.fromkeys(shown)))
