"""Legal hold: nothing of a child's or a transfer's records is disposed of while one stands."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from app.domain.audit_handles import child_code
from app.domain.authority import may, require_right
from app.domain.decision import Event
from app.domain.errors import NotVisible, StaleVersion
from app.domain.party import Parties, Party
from app.domain.people import Actor
from app.domain.relations import in_council
from app.domain.rights import Act
from app.domain.settled import Settled


class HoldReason(StrEnum):
    """Why records are held."""

    PUBLIC_INQUIRY = "public_inquiry"
    LITIGATION = "litigation"
    SAFEGUARDING_PRACTICE_REVIEW = "safeguarding_practice_review"
    POLICE_INVESTIGATION = "police_investigation"
    COMPLAINT = "complaint"
    OTHER = "other"


class LiftReason(StrEnum):
    """Why they are held no longer."""

    CONCLUDED = "concluded"
    PLACED_IN_ERROR = "placed_in_error"


@dataclass(frozen=True, slots=True)
class LegalHold:
    """A hold on a child's records (`child_id`), or on those of one transfer."""

    id: str
    authority: str
    reason: HoldReason
    placed_by: str
    placed_at: datetime
    transfer: str | None = None
    child_id: str | None = None
    version: int = 1
    lifted_by: str | None = None
    lifted_at: datetime | None = None
    lifted_reason: LiftReason | None = None

    @property
    def stands(self) -> bool:
        """Whether nobody has lifted it."""
        return self.lifted_at is None


def to_hold(actor: Actor, hold: LegalHold) -> Parties:
    """What the actor is to a hold of their council, and not in place of who placed it."""
    placed = {Party.PLACED_IT} if actor.id == hold.placed_by else set[Party]()
    return in_council(actor.without_delegations_by((hold.placed_by,))) | placed


def require_sees_hold(actor: Actor, hold: LegalHold | None) -> LegalHold:
    """The hold, where it exists for the actor.

    Raises:
        NotVisible: it does not.
    """
    if hold is None or hold.authority != actor.authority:
        raise NotVisible("legal hold")
    if not may(Act.READ_LEGAL_HOLDS, in_council(actor)):
        raise NotVisible(hold.id)
    return hold


def lift(
    hold: LegalHold, reason: LiftReason, actor: Actor, now: datetime, *, expected_version: int
) -> LegalHold:
    """The hold, lifted: by somebody else than who placed it.

    Raises:
        NotPermitted, SeparationOfDuties: it is not for the actor, or they placed it.
        StaleVersion, Settled: it has changed since, or is lifted already.
    """
    require_right(Act.LIFT_LEGAL_HOLD, to_hold(actor, hold))
    if expected_version != hold.version:
        raise StaleVersion(hold.id)
    if not hold.stands:
        raise Settled("The legal hold is lifted already")
    return replace(
        hold,
        version=hold.version + 1,
        lifted_by=actor.id,
        lifted_at=now,
        lifted_reason=reason,
    )


def hold_event(action: str, hold: LegalHold, by: str, now: datetime, reason: str) -> Event:
    """The line of the audit on what was done with a hold."""
    child = (child_code(hold.authority, hold.child_id),) if hold.child_id else ()
    codes = (f"hold:{hold.id}", f"reason:{reason}", *child)
    return Event(f"legal_hold_{action}", by, now, None, None, None, codes)
