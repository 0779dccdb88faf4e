"""Custody: which team holds lead responsibility for the child, at every instant.

It stays with the origin team until the milestone that the protocol names, and then passes to
the receiving team in the same instant: no gap, no overlap (hazard 1). Before the start nothing
passes, whatever the protocol names: until then the task may be released, declined or withdrawn.
"""

from dataclasses import dataclass
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
    """Every hold in order; each ends where the next begins, the last one goes on."""
    origin = Custody(transfer.origin_team, None)
    passed = next((m for m in transfer.milestones if m.name == rules.custody_passes_on), None)
    accepted = transfer.reached("started")
    receiving = transfer.sent_to
    if passed is None or accepted is None or receiving is None:
        return (origin,)
    since = max(passed.at, accepted.at)
    return (origin, Custody(receiving, since, transfer.lead_professional))


def custody_at(transfer: Transfer, rules: PathwayRules, at: datetime) -> Custody:
    """The one hold at an instant."""
    held = [c for c in ledger(transfer, rules) if c.since is None or c.since <= at]
    return held[-1]
