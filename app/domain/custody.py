"""Custody: which team holds lead responsibility for the child, at every instant.

It stays with the origin team until the milestone that the protocol names, and then passes to
the receiving team in the same instant: no gap, no overlap (hazard 1). Before the start nothing
passes, whatever the protocol names: until then the task may be released, declined or withdrawn.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.protocol import PathwayRules
from app.domain.transfer import Transfer


@dataclass(frozen=True, slots=True)
class Custody:
    """A team's hold on the lead. `since` None: from before the transfer."""

    team: str
    since: datetime | None
    lead_professional: str | None = None


def ledger(transfer: Transfer, rules: PathwayRules) -> tuple[Custody, ...]:
    """Every hold in order; each ends where the next begins, the last one goes on.

    A receiving team that passes the case on (ChECS to an area team) passes its custody with it.
    """
    holds = [Custody(transfer.origin_team, None)]
    needed = {rules.custody_passes_on, "started"}
    receiving: str | None = None
    reached: dict[str, datetime] = {}
    for mark in transfer.milestones:
        kind = rules.milestones.get(mark.name)
        if mark.name == "dispatched" or (kind is not None and kind.passes_to_kind):
            receiving = mark.team or receiving
        reached.setdefault(mark.name, mark.at)
        if needed <= reached.keys() and receiving and receiving != holds[-1].team:
            earliest = max(reached[name] for name in needed)  # reports may come out of order
            holds.append(Custody(receiving, max(mark.at, earliest, holds[-1].since or earliest)))
    if len(holds) > 1:
        holds[-1] = replace(holds[-1], lead_professional=transfer.lead_professional)
    return tuple(holds)


def custody_at(transfer: Transfer, rules: PathwayRules, at: datetime) -> Custody:
    """The one hold at an instant."""
    held = [c for c in ledger(transfer, rules) if c.since is None or c.since <= at]
    return held[-1]
