"""Recording that something happened: a milestone the protocol knows, by the side that may."""

from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.authority import parties, require_visible
from app.domain.breach import Breach, Severity
from app.domain.decide import complete_when_due
from app.domain.decision import Decision, Event, Situation
from app.domain.errors import NotPermitted, RulesBroken, StaleVersion
from app.domain.pathway import Party
from app.domain.people import Actor, Role
from app.domain.protocol import MilestoneKind, Side
from app.domain.transfer import Milestone, Transfer

SIDES = {
    Side.ORIGIN: frozenset({Party.ORIGIN_PRACTITIONER, Party.ORIGIN_MANAGER}),
    Side.RECEIVING: frozenset({Party.RECEIVING_PRACTITIONER, Party.RECEIVING_MANAGER}),
}
SIDES[Side.EITHER] = SIDES[Side.ORIGIN] | SIDES[Side.RECEIVING]


@dataclass(frozen=True, slots=True)
class Happened:
    """What happened and when; `person` is the receiving manager it concerned, where asked."""

    name: str
    at: datetime
    person: Actor | None = None
    note: str | None = None


def record_milestone(
    transfer: Transfer,
    happened: Happened,
    actor: Actor,
    situation: Situation,
    *,
    expected_version: int | None = None,
) -> Decision:
    """The transfer with one more milestone; completes it where that was the last one missing.

    Raises:
        NotVisible, NotPermitted, StaleVersion: as in decide.
        RulesBroken: no such milestone in the protocol, not yet possible, in the future, or
            without the person it concerned.
    """
    require_visible(actor, transfer)
    who = parties(actor, transfer, situation.rules(transfer))
    if not who & SIDES[Side.EITHER]:
        raise NotPermitted("A practitioner or manager of either team records milestones")
    kind = situation.rules(transfer).milestones.get(happened.name)
    if kind is not None and not who & SIDES[kind.by]:
        raise NotPermitted(f"{happened.name} is recorded by the {kind.by} team")
    if expected_version is not None and expected_version != transfer.version:
        raise StaleVersion(transfer.id)
    breaches = tuple(_breaches(transfer, happened, kind, situation))
    if breaches:
        raise RulesBroken(breaches)

    person = happened.person.id if happened.person else None
    mark = Milestone(
        happened.name,
        happened.at,
        actor.id,
        situation.now,
        person=person,
        team=transfer.form.recipient if person else None,
        note=happened.note,
    )
    after = replace(transfer.with_milestone(mark), version=transfer.version + 1)
    event = Event(
        f"milestone:{happened.name}",
        actor.id,
        situation.now,
        transfer.stage,
        transfer.stage,
        after.version,
    )
    return complete_when_due(Decision(transfer, after, (event,)), situation)


def _breaches(
    transfer: Transfer, happened: Happened, kind: MilestoneKind | None, situation: Situation
) -> list[Breach]:
    if kind is None:
        known = ", ".join(situation.rules(transfer).milestones)
        return [_must("milestone", f"Choose one of: {known}", "protocol", "no such milestone")]
    found = []
    if happened.at > situation.now:
        says = "Record it once it has happened"
        found.append(_must("milestone-time", says, kind.source, "a time in the future"))
    if kind.after is not None and not transfer.reached(kind.after):
        says = f"{kind.says}: only after {kind.after}"
        found.append(_must("milestone-order", says, kind.source, f"{kind.after} not reached"))
    if kind.names_receiving_manager and not _is_receiving_manager(happened.person, transfer):
        says = "Name the manager of the receiving team, and choose that team first"
        found.append(_must("milestone-person", says, kind.source, "no such manager"))
    return found


def _is_receiving_manager(person: Actor | None, transfer: Transfer) -> bool:
    recipient = transfer.form.recipient
    return person is not None and recipient is not None and person.is_(Role.TEAM_MANAGER, recipient)


def _must(code: str, says: str, source: str, found: str) -> Breach:
    return Breach(code, says, source, Severity.MUST, found)
