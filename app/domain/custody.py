"""Custody: which team holds lead responsibility for the child, at every instant.

It stays with the origin team until the milestone that the protocol names, and then passes to
the receiving team in the same instant: no gap, no overlap (hazard 1).
"""

from dataclasses import dataclass
from datetime import datetime

from app.domain.pathway import Stage
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
    passed = transfer.reached(rules.custody_passes_on)
    recipient = transfer.form.recipient
    if passed is None or recipient is None or transfer.stage in (Stage.DRAFT, Stage.CANCELLED):
        return (origin,)
    return (origin, Custody(recipient, passed.at, transfer.lead_professional))


def custody_at(transfer: Transfer, rules: PathwayRules, at: datetime) -> Custody:
    """The one hold at an instant."""
    held = [c for c in ledger(transfer, rules) if c.since is None or c.since <= at]
    return held[-1]
