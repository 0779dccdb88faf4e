"""Custody: which team holds lead responsibility for the child, at every instant.

It stays with the origin team until the milestone that the protocol names, and then passes to
the receiving team in the same instant: no gap, no overlap (hazard 1). Before the start nothing
passes, whatever the protocol names: until then the task may be released, declined or withdrawn.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.protocol import PathwayRules
from app.domain.transfer import Milestone, Transfer

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


def ledger(transfer: Transfer, rules: PathwayRules) -> tuple[Custody, ...]:
    """Every hold in order; each ends where the next begins, the last one goes on.

    A receiving team that passes the case on (ChECS to an area team) passes its custody with it.
    """
    taken = _taken(transfer, rules)
    ends = [take.since for take in taken]
    names = list(_names(transfer.milestones))
    first = Custody(transfer.origin_team, None, transfer.origin_lead, ends[0] if ends else None)
    return (
        first,
        *(
            Custody(take.team, take.since, _last_named(names, take.handed, until), until)
            for take, until in zip(taken, [*ends[1:], None], strict=False)
        ),
    )


def custody_at(transfer: Transfer, rules: PathwayRules, at: datetime) -> Custody:
    """The one hold at an instant."""
    (held,) = (hold for hold in ledger(transfer, rules) if hold.is_at(at))
    return held


def _taken(transfer: Transfer, rules: PathwayRules) -> list[_Taken]:
    needed = {rules.custody_passes_on, "started"}
    reached: dict[str, datetime] = {}
    team = transfer.origin_team
    handed: Told | None = None
    taken: list[_Taken] = []
    for place, mark in enumerate(transfer.milestones):
        kind = rules.milestones.get(mark.name)
        passes = mark.name == "dispatched" or (kind is not None and kind.passes_to_kind)
        if passes and mark.team:
            team, handed = mark.team, (mark.at, place)
        reached.setdefault(mark.name, mark.at)
        leads = taken[-1].team if taken else transfer.origin_team
        if needed <= reached.keys() and team != leads and handed:
            # Reports may come out of order: no team leads before the one that it has it from.
            times = [mark.at, *(reached[name] for name in needed), *(x.since for x in taken)]
            since = max(times)
            if taken and taken[-1].since == since:
                taken.pop()  # passed on in the instant in which it came: it led at none
            taken.append(_Taken(team, since, handed))
    return taken


def _names(milestones: Sequence[Milestone]) -> Iterator[tuple[Told, str]]:
    """Who was named as the lead, and when: no task is allocated before it was sent."""
    sent: datetime | None = None
    allocated = False
    for place, mark in enumerate(milestones):
        sent = mark.at if mark.name == "dispatched" else sent
        allocated |= mark.name == "allocated"
        if mark.person and allocated and mark.name in ("allocated", "child_allocated"):
            yield (max(mark.at, sent or mark.at), place), mark.person


def _last_named(
    names: Sequence[tuple[Told, str]], handed: Told, until: datetime | None
) -> str | None:
    named = [x for x in names if x[0] >= handed and (until is None or x[0][0] < until)]
    return max(named)[1] if named else None
