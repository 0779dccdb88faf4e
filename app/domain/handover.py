"""The handover between the two workers: parts that never hold a transfer up (DF 16-19, IS 11)."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.clocks import Clock
from app.domain.decision import Situation
from app.domain.milestone_kind import MilestoneKind
from app.domain.transfer import Milestone, Transfer


class Part(StrEnum):
    """A part of a handover: a visit, a meeting, a clear date, or the Team Around the Family's."""

    ARRANGED = "arranged"
    VISITED = "visited"
    MEETING = "meeting"
    TRANSFER_DATE = "transfer_date"
    NEXT_TAF = "next_taf"
    HANDOVER_TAF = "handover_taf"


GIVES_TIME = (Part.TRANSFER_DATE, Part.NEXT_TAF)
"""What is passed over in these parts is a time (DF 18, IS 11)."""


@dataclass(frozen=True, slots=True)
class HandoverPart:
    """A part as the protocol declares it, with its latest record and the clocks that it meets."""

    part: Part
    kind: MilestoneKind
    done: Milestone | None
    clocks: tuple[Clock, ...]


def handover(transfer: Transfer, situation: Situation) -> tuple[HandoverPart, ...]:
    """The parts that the transfer's protocol has, in the order in which they are listed above."""
    rules, clocks = situation.rules(transfer), situation.clocks(transfer)
    return tuple(
        HandoverPart(
            part,
            rules.milestones[name],
            transfer.reached(name),
            tuple(x for x in clocks if any(stop.name == name for stop in x.kind.stops)),
        )
        for part in Part
        if (name := rules.handover.get(part))
    )
