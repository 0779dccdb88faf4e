"""Recording that something happened: a milestone the protocol knows, by the side that may."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.authority import by_others, require, require_version
from app.domain.breach import Breach, must
from app.domain.decision import Decision, Situation
from app.domain.errors import RulesBroken
from app.domain.london import local_date
from app.domain.meetings.undecidable import undecidable
from app.domain.milestone_kind import RECORDERS, MilestoneKind, Side
from app.domain.milestone_names import MEETING_DECIDED
from app.domain.party import Party
from app.domain.people import Actor, Role, Team
from app.domain.recording import recorded
from app.domain.relations import recorders, relations
from app.domain.rights import Act
from app.domain.transfer import Milestone, Transfer


@dataclass(frozen=True, slots=True)
class Happened:
    """What happened and when.

    `person` is the receiving manager it concerned, `team` the team it was passed on to, `outcome`
    what came of it and `until` the time that was agreed: each where the protocol asks.
    """

    name: str
    at: datetime
    person: Actor | None = None
    note: str | None = None
    outcome: str | None = None
    until: datetime | None = None
    team: Team | None = None


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
            without what the protocol asks of it; every breach at once.
    """
    kinds = situation.rules(transfer).milestones
    ever = {role for kind in kinds.values() for role in kind.roles} | set(RECORDERS)
    require(Act.RECORD_MILESTONE, actor, transfer, recorders(Side.EITHER, ever))
    kind = kinds.get(happened.name)
    if kind is not None:
        require(Act.RECORD_MILESTONE, actor, transfer, recorders(kind.by, kind.roles))
    require_version(transfer, expected_version)
    if kind is None:
        known = ", ".join(kinds)
        raise RulesBroken((must("milestone", f"Choose one of: {known}", "no such milestone"),))
    breaches = tuple(_breaches(transfer, happened, kind, actor, situation))
    if breaches:
        raise RulesBroken(breaches)

    after = replace(
        transfer.with_milestone(_mark(happened, kind, transfer, actor, situation)),
        version=transfer.version + 1,
        sent_to=happened.team.id if happened.team else transfer.sent_to,
    )
    codes = (happened.outcome,) if happened.outcome else ()
    name, who = f"milestone:{kind.name}", recorders(kind.by, kind.roles)
    return recorded(transfer, after, name, actor, situation, codes, who=who)


def _mark(
    happened: Happened, kind: MilestoneKind, transfer: Transfer, actor: Actor, situation: Situation
) -> Milestone:
    concerns = kind.about_recipient or kind.names_receiving_manager
    concerned = transfer.form.recipient if concerns else None
    return Milestone(
        happened.name,
        happened.at,
        actor.id,
        situation.now,
        person=happened.person.id if happened.person else None,
        team=happened.team.id if happened.team else concerned,
        note=happened.note,
        outcome=happened.outcome,
        until=happened.until,
    )


def _breaches(
    transfer: Transfer, happened: Happened, kind: MilestoneKind, actor: Actor, situation: Situation
) -> Iterator[Breach]:
    cites = kind.source
    if happened.at > situation.now:
        yield must(
            "milestone-time", "Record it once it has happened", "a time in the future", cites
        )
    if kind.after and not any(transfer.stands(name) for name in kind.after):
        before = " or ".join(map(str, kind.after))
        yield must("milestone-order", f"{kind.says}: only after {before}", "not reached", cites)
    if kind.name == MEETING_DECIDED:
        yield from undecidable(transfer, happened.at, situation, cites)
    if kind.not_by_author and _prepared_it(transfer, kind, actor):
        says = "Somebody other than the form's author and last editor records it"
        yield must("milestone-author", says, "the author or last editor", cites)
    if kind.about_recipient and transfer.form.recipient is None:
        yield must("milestone-recipient", "Choose the recipient first", "no recipient", cites)
    if kind.names_receiving_manager and not _is_receiving_manager(happened.person, transfer):
        says = "Name the manager of the receiving team, and choose that team first"
        yield must("milestone-person", says, "no such manager", cites)
    # A consent counts that stood when it happened: not one that was given or withdrawn since.
    facts = replace(situation.facts(transfer), today=local_date(happened.at))
    unmet = kind.needs.missing(facts) if kind.needs else None
    if unmet is not None:
        yield must("milestone-needs", f"{kind.says}: not without what it needs", unmet, cites)
    yield from _breaches_of_extras(transfer, happened, kind)


def _prepared_it(transfer: Transfer, kind: MilestoneKind, actor: Actor) -> bool:
    """Whether they prepared the form, or those did on whose behalf alone they may record it."""
    did = frozenset({Party.AUTHOR, Party.LAST_EDITOR})
    others = relations(by_others(did, actor, transfer), transfer)
    return bool(did & others) or not recorders(kind.by, kind.roles) & others


def _breaches_of_extras(
    transfer: Transfer, happened: Happened, kind: MilestoneKind
) -> Iterator[Breach]:
    cites = kind.source
    if happened.outcome not in (kind.outcomes or (None,)):
        known = ", ".join(kind.outcomes)
        says = f"Say what came of it: {known}" if known else "It has no outcomes"
        yield must("milestone-outcome", says, "no such outcome", cites)
    if kind.gives_time != (happened.until is not None):
        says = "Say until when" if kind.gives_time else "It agrees no time"
        yield must("milestone-until", says, "a time" if happened.until else "no time", cites)
    elif happened.until is not None and happened.until <= happened.at:
        yield must("milestone-until", "Agree a time after it", "a time before", cites)
    if not _fits(happened.team, kind, transfer):
        what = f"an active team of kind {kind.passes_to_kind}" if kind.passes_to_kind else "no team"
        yield must("milestone-team", f"Name {what}", "another, or none", cites)


def _fits(team: Team | None, kind: MilestoneKind, transfer: Transfer) -> bool:
    if kind.passes_to_kind is None or team is None:
        return team is None and kind.passes_to_kind is None
    ours = team.active and team.authority == transfer.authority
    return ours and team.kind == kind.passes_to_kind


def _is_receiving_manager(person: Actor | None, transfer: Transfer) -> bool:
    recipient = transfer.form.recipient
    return person is not None and recipient is not None and person.is_(Role.TEAM_MANAGER, recipient)
