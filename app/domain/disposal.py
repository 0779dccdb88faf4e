"""Whether a transfer may be disposed of, and what is kept of one that was: a tombstone."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.decision import Event
from app.domain.london import local_date
from app.domain.retention import RETENTION, RecordKind, Retention, due_on, kind_of
from app.domain.transfer import Transfer

DISPOSED = "disposed"
"""The action of the event that a disposal leaves in the audit."""


class WhyKept(StrEnum):
    """What stands in the way of a disposal."""

    OPEN = "open"
    NOT_DUE = "not_due"
    LEGAL_HOLD = "legal_hold"
    SUBJECT_ACCESS = "subject_access"
    DISAGREEMENT = "disagreement"
    UNDELIVERED = "undelivered"


@dataclass(frozen=True, slots=True)
class Standing:
    """A transfer and what stands around it that decides whether it may go.

    `held`: a legal hold is on it or on one of its children. `requested`: a subject-access request
    of one of its children is open. `undelivered`: so many messages have not arrived.
    """

    transfer: Transfer
    last_changed: datetime
    held: bool = False
    requested: bool = False
    undelivered: int = 0


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What is kept of a transfer for statistics, and so that its audit can be read: no person."""

    id: str
    authority: str
    pathway: str
    route: str
    protocol: str
    protocol_version: str
    stage: str
    kind: RecordKind
    reason: str | None
    origin_team: str
    sent_to: str | None
    children: int
    outcomes: Mapping[str, int]
    last_changed_at: datetime
    disposed_at: datetime


def why_kept(standing: Standing, retention: Retention, now: datetime) -> tuple[WhyKept, ...]:
    """Everything that stands in the way, empty where nothing does."""
    transfer = standing.transfer
    kind = kind_of(transfer)
    if kind is None:
        return (WhyKept.OPEN,)
    births = [child.date_of_birth for child in transfer.children]
    due = due_on(kind, local_date(standing.last_changed), births, retention)
    reasons = {
        WhyKept.NOT_DUE: local_date(now) < due,
        WhyKept.LEGAL_HOLD: standing.held,
        WhyKept.SUBJECT_ACCESS: standing.requested,
        WhyKept.DISAGREEMENT: transfer.disagreement is not None,
        WhyKept.UNDELIVERED: standing.undelivered > 0,
    }
    return tuple(why for why, holds in reasons.items() if holds)


def tombstone(standing: Standing, now: datetime) -> Tombstone:
    """What is kept of a transfer that is disposed of now.

    Raises:
        ValueError: it has not ended.
    """
    transfer = standing.transfer
    kind = kind_of(transfer)
    if kind is None:
        raise ValueError(f"{transfer.id} has not ended")
    cancelled = transfer.reached("cancelled")
    return Tombstone(
        id=transfer.id,
        authority=transfer.authority,
        pathway=transfer.pathway,
        route=transfer.route,
        protocol=transfer.protocol,
        protocol_version=transfer.protocol_version,
        stage=transfer.stage,
        kind=kind,
        reason=cancelled.reason if cancelled else None,
        origin_team=transfer.origin_team,
        sent_to=transfer.sent_to,
        children=len(transfer.children),
        outcomes=dict(Counter(str(child.outcome) for child in transfer.children if child.outcome)),
        last_changed_at=standing.last_changed,
        disposed_at=now,
    )


def disposed(stone: Tombstone) -> Event:
    """The line of the audit on a disposal."""
    codes = (f"kind:{stone.kind}", f"children:{stone.children}")
    return Event(DISPOSED, RETENTION, stone.disposed_at, None, None, None, codes)
