"""Legal hold: nothing of a child's or a transfer's records is disposed of while one stands."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from app.domain.decision import Event
from app.domain.errors import NotPermitted, NotVisible, SeparationOfDuties, StaleVersion
from app.domain.people import Actor, Role
from app.domain.settled import Settled

HOLDS = (Role.OPERATIONS_MANAGER, Role.ADMINISTRATOR)
READS_HOLDS = (*HOLDS, Role.AUDITOR)


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


def require_holds(actor: Actor) -> None:
    """Pass for an operations manager or administrator.

    Raises:
        NotPermitted: the actor is neither.
    """
    if not actor.holds(*HOLDS):
        raise NotPermitted("Legal holds are for operations managers and administrators")


def require_reads_holds(actor: Actor) -> None:
    """Pass for those who hold, and auditors.

    Raises:
        NotPermitted: the actor is none of them.
    """
    if not actor.holds(*READS_HOLDS):
        raise NotPermitted("Legal holds are for operations managers, administrators and auditors")


def require_sees_hold(actor: Actor, hold: LegalHold | None) -> LegalHold:
    """The hold, where it exists for the actor.

    Raises:
        NotVisible: it does not.
    """
    if hold is None or hold.authority != actor.authority or not actor.holds(*READS_HOLDS):
        raise NotVisible("legal hold")
    return hold


def lift(
    hold: LegalHold, reason: LiftReason, actor: Actor, now: datetime, *, expected_version: int
) -> LegalHold:
    """The hold, lifted: by somebody else than who placed it.

    Raises:
        NotPermitted: the actor holds nothing.
        SeparationOfDuties: they placed it.
        StaleVersion, Settled: it has changed since, or is lifted already.
    """
    require_holds(actor)
    if actor.id == hold.placed_by:
        raise SeparationOfDuties("Who placed a legal hold does not lift it")
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
    child = (f"child:{hold.child_id}",) if hold.child_id else ()
    codes = (f"hold:{hold.id}", f"reason:{reason}", *child)
    return Event(f"legal_hold_{action}", by, now, None, None, None, codes)
