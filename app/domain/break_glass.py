"""Break-glass reading: a person who may not see a transfer reads it for a quarter of an hour.

It is for reading one transfer and never for acting on it, never found in a list, and loses to a
conflict of interest.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.authority import may, may_see, require_right
from app.domain.breach import must
from app.domain.decision import Alert, Event
from app.domain.errors import NotVisible, RulesBroken
from app.domain.people import Actor
from app.domain.recording import both_told
from app.domain.relations import in_council
from app.domain.rights import Act
from app.domain.transfer import Transfer
from app.domain.withheld import denied

OPEN_FOR = timedelta(minutes=15)
GLASS_BROKEN = "glass_broken"


class BreakGlassReason(StrEnum):
    """Why somebody must read what is not theirs, for the audit."""

    IMMEDIATE_RISK_OF_HARM = "immediate_risk_of_harm"
    MISSING_CHILD = "missing_child"
    OUT_OF_HOURS_DUTY = "out_of_hours_duty"
    COVER_FOR_ABSENCE = "cover_for_absence"


@dataclass(frozen=True, slots=True)
class Opening:
    """Somebody reads the transfer from `at` to before `until`. `note` never leaves the record."""

    id: str
    transfer: str
    person: str
    reason: BreakGlassReason
    note: str
    at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Breaking:
    """An opening, with its line of the audit and the alerts to the managers of both teams."""

    opening: Opening
    event: Event
    alerts: tuple[Alert, ...]


def require_may_break(actor: Actor, transfer: Transfer) -> None:
    """Pass for a person of a team, from whom the transfer is not kept.

    Raises:
        NotVisible: it is another council's, or kept from them for a conflict of interest; or they
            are of no team, and do not see it.
        NotPermitted: they are of no team, and see it.
    """
    if actor.authority != transfer.authority or denied(actor.id, transfer):
        raise NotVisible(transfer.id)
    who = in_council(actor)
    if not may(Act.BREAK_GLASS, who) and not may_see(actor, transfer):
        raise NotVisible(transfer.id)
    require_right(Act.BREAK_GLASS, who)


def break_glass(  # noqa: PLR0913 - an opening has as many parts
    transfer: Transfer,
    actor: Actor,
    reason: BreakGlassReason,
    note: str,
    opening_id: str,
    now: datetime,
) -> Breaking:
    """The transfer open to the actor's reading for OPEN_FOR, whatever was open before.

    Raises:
        NotVisible, NotPermitted: see require_may_break.
        RulesBroken: they see it without.
    """
    require_may_break(actor, transfer)
    if may_see(actor, transfer):
        says = "Read it: you see this transfer without breaking the glass"
        raise RulesBroken((must("break-glass-needless", says, "a transfer that is yours to see"),))
    opening = Opening(opening_id, transfer.id, actor.id, reason, note, now, now + OPEN_FOR)
    codes = (f"opening:{opening_id}", f"reason:{reason}")
    stage = transfer.stage
    event = Event(GLASS_BROKEN, actor.id, now, stage, stage, transfer.version, codes)
    says = f"{actor.id} broke the glass to read this transfer: {reason}. Read its openings"
    return Breaking(opening, event, both_told(transfer, GLASS_BROKEN, opening_id, says))
