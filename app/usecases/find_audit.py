"""Find events of the audit, for auditors."""

from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.authority import require_right
from app.domain.instants import start_of_day
from app.domain.relations import in_council
from app.domain.rights import Act
from app.domain.withheld import reader
from app.store.found_audit import FoundEvent, SoughtEvents, find_events
from app.store.sought import Between
from app.usecases.call import Call


@dataclass(frozen=True, slots=True)
class AuditFilters:
    """Which events; days are London's, both ends included."""

    transfer: str | None = None
    actor: str | None = None
    since: date | None = None
    until: date | None = None


async def find_audit(
    call: Call, filters: AuditFilters, before: int | None, limit: int
) -> list[FoundEvent]:
    """One page of the actor's council's events, the newest first.

    Raises:
        NotPermitted: the actor is no auditor.
    """
    require_right(Act.READ_AUDIT, in_council(call.actor))
    at = Between(
        start_of_day(filters.since) if filters.since else None,
        start_of_day(filters.until + timedelta(days=1)) if filters.until else None,
    )
    sought = SoughtEvents(
        call.actor.authority,
        reader(call.actor),
        filters.transfer,
        filters.actor,
        at,
        before,
        limit,
    )
    return await find_events(call.tx, sought)
