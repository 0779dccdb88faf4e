"""Record that something happened around a transfer."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.breach import must
from app.domain.decision import Situation
from app.domain.errors import RulesBroken
from app.domain.london import local_date
from app.domain.protocol import PathwayRules
from app.domain.record_milestone import Happened
from app.domain.record_milestone import record_milestone as decide_milestone
from app.domain.record_review import review_milestones
from app.store.directory import actor_of_person
from app.usecases.call import Call, Decided


@dataclass(frozen=True, slots=True)
class Told:
    """What a person says has happened; `person` and `team` are ids of the directory."""

    name: str
    at: datetime
    person: str | None = None
    note: str | None = None
    outcome: str | None = None
    until: datetime | None = None
    team: str | None = None


async def record_milestone(
    call: Call, transfer_id: str, told: Told, *, expected_version: int
) -> Decided:
    """The transfer with the milestone.

    Raises:
        NotVisible, NotPermitted, StaleVersion, RulesBroken: see domain.record_milestone; nor is
            anything recorded of a person or a team whom the directory does not know.
    """
    transfer = await call.transfer(transfer_id)
    situation = await call.situation(transfer, told.team)
    happened = await _happened(call, told, situation)
    decision = decide_milestone(
        transfer, happened, call.actor, situation, expected_version=expected_version
    )
    _require_no_review(told.name, situation.rules(transfer))
    _require_known("person", told.person, happened.person)
    _require_known("team", told.team, happened.team)
    return await call.record(decision, situation)


async def _happened(call: Call, told: Told, situation: Situation) -> Happened:
    today = local_date(call.now)
    person = await actor_of_person(call.tx, told.person, today) if told.person else None
    team = situation.teams.get(told.team) if told.team else None
    return Happened(told.name, told.at, person, told.note, told.outcome, told.until, team)


def _require_no_review(name: str, rules: PathwayRules) -> None:
    if name in review_milestones(rules).values():
        says = "Record it as a review, with what it found"
        raise RulesBroken((must("milestone-review", says, "no findings"),))


def _require_known(what: str, named: str | None, found: object | None) -> None:
    """After the decision: whoever may not record learns nothing of the directory."""
    if named is not None and found is None:
        breach = must(f"milestone-{what}", f"Name a {what} of the directory", "nobody of that id")
        raise RulesBroken((breach,))
