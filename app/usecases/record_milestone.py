"""Record that something happened around a transfer."""

from datetime import datetime

from app.domain.decision import Decision
from app.domain.london import local_date
from app.domain.record_milestone import Happened
from app.domain.record_milestone import record_milestone as decide_milestone
from app.store.directory import actor_of_person
from app.usecases.call import Call


async def record_milestone(  # noqa: PLR0913 - what happened has as many parts
    call: Call,
    transfer_id: str,
    *,
    name: str,
    at: datetime,
    person: str | None,
    note: str | None,
    expected_version: int,
) -> Decision:
    """The transfer with the milestone.

    Raises:
        NotVisible, NotPermitted, StaleVersion, RulesBroken: see domain.record_milestone.
    """
    transfer = await call.transfer(transfer_id)
    situation = await call.situation(transfer)
    concerned = await actor_of_person(call.tx, person, local_date(call.now)) if person else None
    decision = decide_milestone(
        transfer,
        Happened(name, at, concerned, note),
        call.actor,
        situation,
        expected_version=expected_version,
    )
    await call.record(decision, situation)
    return decision
