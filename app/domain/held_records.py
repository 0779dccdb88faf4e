"""What is held of a child's transfers: each with what was sent of it, who read it, whose it was."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.domain.custody import Custody
from app.domain.transfer import Transfer


@dataclass(frozen=True, slots=True)
class Sent:
    """A message to a case system: what kind, when, and whether it arrived."""

    destination: str
    kind: str
    state: str
    created_at: datetime
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReadBy:
    """Who read which part of the record, how often, and when first and last."""

    person: str
    part: str
    times: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Held:
    """A transfer with what the store holds of it besides."""

    transfer: Transfer
    custody: tuple[Custody, ...] = ()
    sent: tuple[Sent, ...] = ()
    read_by: tuple[ReadBy, ...] = ()


def named_in(held: Iterable[Held]) -> frozenset[str]:
    """Every id of a person or a team that the parts name."""
    found: set[str | None] = set()
    for one in held:
        transfer = one.transfer
        found |= {transfer.origin_team, transfer.sent_to, transfer.worker, transfer.origin_lead}
        found |= {transfer.lead_professional}
        found |= {mark.by for mark in transfer.milestones}
        found |= {x.team for x in one.custody} | {x.lead_professional for x in one.custody}
        found |= {x.person for x in one.read_by}
        for consent in transfer.consents:
            found |= {consent.recorded_by, consent.withdrawn_by, consent.decided_by}
        found |= {x.recorded_by for x in transfer.sharing_bases}
        found |= {x.recorded_by for x in transfer.feedback}
        found |= {x.by for x in transfer.reviews}
        for dispute in transfer.disagreements:
            found |= {dispute.raised_by, dispute.resolved_by, *(x.by for x in dispute.steps)}
    return frozenset(x for x in found if x is not None)
