"""Custody: which team holds lead responsibility for the child, at every instant.

It stays with the origin team until the milestone that the protocol names, and then passes to
the receiving team in the same instant: no gap, no overlap (hazard 1). Before the start nothing
passes, whatever the protocol names: until then the task may be released, declined or withdrawn.
While a disagreement is open that was recorded before, the origin leads on, and the lead passes as
it is resolved (IS 12, CE M27, hazard 19); what has passed already stays on the receiving side.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.milestone_kind import Side
from app.domain.milestone_names import (
    DISAGREEMENT_RAISED,
    DISAGREEMENT_RESOLVED,
    LEAD_CHANGED,
    TEAM_SUCCEEDED,
)
from app.domain.protocol import PathwayRules
from app.domain.transfer import Child, ChildOutcome, Milestone, Transfer

Told = tuple[datetime, int]
"""When something happened, and which milestone of the record tells of it."""


@dataclass(frozen=True, slots=True)
class Custody:
    """A team's hold on the lead, up to the instant `until` and not at it.

    `since` None: from before the transfer. `until` None: it goes on. `lead_professional` is who
    was named last in the hold, where anybody was.
    """

    team: str
    since: datetime | None
    lead_professional: str | None = None
    until: datetime | None = None

    def is_at(self, at: datetime) -> bool:
        """Whether the team leads at that instant."""
        return (self.since is None or self.since <= at) and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True)
class _Taken:
    """A receiving team's lead: since when, and since when the case was with that team."""

    team: str
    since: datetime
    handed: Told


def ledger(
    transfer: Transfer, rules: PathwayRules, child: Child | None = None
) -> tuple[Custody, ...]:
    """Every hold in order; each ends where the next begins, the last one goes on.

    Of the children whom the transfer carries, or of one `child`: the origin leads a child who was
    not taken throughout. A receiving team that passes the case on (ChECS to an area team) passes
    its custody with it; so does a team that is closed, to its successor.
    """
    went = child is None or child.outcome is not ChildOutcome.NOT_TAKEN
    taken = _taken(transfer, rules) if went else []
    ends = [take.since for take in taken]
    names = list(_names(transfer.milestones))
    changes = [m.at for m in transfer.milestones if _at_side(m, LEAD_CHANGED, Side.RECEIVING)]
    before = at_origin(transfer, ends[0] if ends else None)
    after = (
        Custody(take.team, since, _last_named(names, take.handed, until), until)
        for take, end in zip(taken, [*ends[1:], None], strict=False)
        for since, until in _parts(take.since, end, changes)
    )
    return (*before, *after)


def at_origin(transfer: Transfer, until: datetime | None = None) -> tuple[Custody, ...]:
    """The origin's holds as long as nobody else leads: a change of its team or lead begins one."""
    opened = next((m for m in transfer.milestones if m.name == "opened" and m.team), None)
    held = Custody(transfer.origin_team, None, transfer.origin_lead)
    if opened is not None:
        held = Custody(opened.team or transfer.origin_team, None, opened.person)
    holds = [held]
    for mark in transfer.milestones:
        team, lead = holds[-1].team, holds[-1].lead_professional
        if _at_side(mark, TEAM_SUCCEEDED, Side.ORIGIN):
            team = mark.team or team
        elif _at_side(mark, LEAD_CHANGED, Side.ORIGIN):
            lead = mark.person
        else:
            continue
        since = max(mark.at, holds[-1].since or mark.at)
        if until is not None and since >= until:
            break
        if since == holds[-1].since:
            holds.pop()
        else:
            holds[-1] = replace(holds[-1], until=since)
        holds.append(Custody(team, since, lead))
    return (*holds[:-1], replace(holds[-1], until=until))


def custody_at(
    transfer: Transfer, rules: PathwayRules, at: datetime, child: Child | None = None
) -> Custody:
    """The one hold at an instant."""
    (held,) = (hold for hold in ledger(transfer, rules, child) if hold.is_at(at))
    return held


def passed_at(transfer: Transfer, rules: PathwayRules) -> datetime | None:
    """When a receiving team first led; None: none has."""
    return next((take.since for take in _taken(transfer, rules)), None)


def _taken(transfer: Transfer, rules: PathwayRules) -> list[_Taken]:
    needed = {rules.custody_passes_on, "started"}
    reached: dict[str, datetime] = {}
    team: str | None = None
    handed: Told | None = None
    succeeded: list[datetime] = []
    taken: list[_Taken] = []
    disputed, settled = False, None
    for place, mark in enumerate(transfer.milestones):
        kind = rules.milestones.get(mark.name)
        passes = mark.name == "dispatched" or (kind is not None and kind.passes_to_kind)
        if passes and mark.team:
            team, handed, succeeded = mark.team, (mark.at, place), []
        elif _at_side(mark, TEAM_SUCCEEDED, Side.RECEIVING) and handed:
            # The case stays where it was, with whoever was named: the team alone is another.
            team, succeeded = mark.team, [mark.at]
        reached.setdefault(mark.name, mark.at)
        if mark.name in (DISAGREEMENT_RAISED, DISAGREEMENT_RESOLVED):
            disputed, settled = mark.name == DISAGREEMENT_RAISED, mark.at
        leads = taken[-1].team if taken else transfer.origin_team
        if disputed and not taken:
            continue
        if needed <= reached.keys() and team not in (None, leads) and handed:
            # Reports may come out of order: no team leads before the one that it has it from.
            times = [mark.at, *(reached[name] for name in needed), *(x.since for x in taken)]
            if settled and not taken:
                times.append(settled)  # what is reported late passes nothing while it was open
            since = max(*times, *succeeded)
            if taken and taken[-1].since == since:
                taken.pop()  # passed on in the instant in which it came: it led at none
            taken.append(_Taken(team or leads, since, handed))
    return taken


def _at_side(mark: Milestone, name: str, side: Side) -> bool:
    return mark.name == name and mark.outcome == side


def _parts(
    since: datetime, until: datetime | None, borders: Sequence[datetime]
) -> Iterator[tuple[datetime, datetime | None]]:
    """The time from `since` to `until`, in parts between those borders that lie inside it."""
    inside = sorted({at for at in borders if since < at and (until is None or at < until)})
    yield from zip([since, *inside], [*inside, until], strict=True)


def _names(milestones: Sequence[Milestone]) -> Iterator[tuple[Told, str]]:
    """Who was named as the lead, and when: no task is allocated before it was sent."""
    sent: datetime | None = None
    allocated = False
    for place, mark in enumerate(milestones):
        sent = mark.at if mark.name == "dispatched" else sent
        allocated |= mark.name == "allocated"
        names = mark.name in ("allocated", "child_allocated")
        if mark.person and allocated and (names or _at_side(mark, LEAD_CHANGED, Side.RECEIVING)):
            yield (max(mark.at, sent or mark.at), place), mark.person


def _last_named(
    names: Sequence[tuple[Told, str]], handed: Told, until: datetime | None
) -> str | None:
    named = [x for x in names if x[0] >= handed and (until is None or x[0][0] < until)]
    return max(named)[1] if named else None
