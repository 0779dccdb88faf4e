"""Who remains involved with a child besides the lead, from when to when."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.custody import Custody, at_origin, passed_at
from app.domain.protocol import PathwayRules
from app.domain.transfer import Transfer


class InvolvedAs(StrEnum):
    """As what somebody is involved."""

    TEAM_AROUND_THE_FAMILY = "team_around_the_family"
    ORIGIN_LEAD = "origin_lead"


@dataclass(frozen=True, slots=True)
class Involved:
    """Somebody, up to the instant `until` and not at it; `until` None: they still are.

    `name` None: whoever leads at the origin, whose name is not known. `agency` is a professional's,
    `team` the origin's.
    """

    involved_as: InvolvedAs
    name: str | None
    since: datetime
    until: datetime | None = None
    agency: str | None = None
    team: str | None = None


def involved(transfer: Transfer, rules: PathwayRules) -> tuple[Involved, ...]:
    """Everybody whom the record knows, by when they became involved.

    The origin's lead is one of them from when custody passes, where the protocol says until which
    milestone they remain (CE T6, L12).
    """
    members = (
        Involved(
            InvolvedAs.TEAM_AROUND_THE_FAMILY,
            member.name,
            member.stepped_in_at,
            member.stepped_out_at,
            agency=member.agency,
        )
        for member in transfer.team_around
    )
    everybody = [*_origin_lead(transfer, rules), *members]
    return tuple(sorted(everybody, key=lambda x: x.since))


def during(everybody: Iterable[Involved], hold: Custody) -> tuple[Involved, ...]:
    """Those who were involved at some time of the hold."""
    return tuple(
        x
        for x in everybody
        if (hold.until is None or x.since < hold.until)
        and (x.until is None or hold.since is None or x.until > hold.since)
    )


def involved_at(everybody: Iterable[Involved], at: datetime) -> tuple[Involved, ...]:
    """Those who are involved at that instant."""
    return tuple(x for x in everybody if x.since <= at and (x.until is None or at < x.until))


def _origin_lead(transfer: Transfer, rules: PathwayRules) -> Iterator[Involved]:
    passed = passed_at(transfer, rules)
    if rules.origin_remains is None or passed is None:
        return
    reached = (m.at for m in transfer.milestones if m.is_(rules.origin_remains.until))
    end = next(reached, None)
    for hold in at_origin(transfer):
        since = max(hold.since or passed, passed)
        until = min((at for at in (hold.until, end) if at is not None), default=None)
        if until is None or until > since:
            lead = hold.lead_professional
            yield Involved(InvolvedAs.ORIGIN_LEAD, lead, since, until, team=hold.team)
