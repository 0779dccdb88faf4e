"""Which decision belongs to which meeting: read from the transfer's record, kept nowhere else."""

from datetime import datetime
from enum import StrEnum

from app.domain.meetings.meeting import MeetingCase
from app.domain.milestone_names import (
    DISAGREEMENT_RESOLVED,
    MEETING_DECIDED,
    SUBMITTED_TO_MEETING,
    VOIDED,
)
from app.domain.pathway import Stage
from app.domain.transfer import Milestone, Transfer


class Standing(StrEnum):
    """How a case stands in a meeting."""

    LISTED = "listed"
    DECIDED = "decided"
    MOVED = "moved"
    WITHDRAWN = "withdrawn"


def since_booking(
    transfer: Transfer, starts_at: datetime, case: MeetingCase
) -> tuple[Milestone, ...]:
    """What was recorded from its submission to that meeting until its next submission."""
    marks = transfer.milestones
    begun = None
    for place, mark in enumerate(marks):
        if mark.name != SUBMITTED_TO_MEETING:
            continue
        if (mark.until, mark.recorded_at) == (starts_at, case.submitted_at):
            begun = place
        elif begun is not None:
            return marks[begun:place]
    return marks[begun:] if begun is not None else ()


def decision_of(transfer: Transfer, starts_at: datetime, case: MeetingCase) -> Milestone | None:
    """What that meeting decided about the case, the latest where it was corrected; or None.

    What overruled it, when a disagreement was resolved, is not the meeting's.
    """
    told = [
        mark
        for mark in since_booking(transfer, starts_at, case)
        if mark.name == MEETING_DECIDED
        and mark.outcome != VOIDED
        and mark.reason != DISAGREEMENT_RESOLVED
    ]
    return told[-1] if told else None


def standing(transfer: Transfer, starts_at: datetime, case: MeetingCase) -> Standing:
    """How the case stands: what was decided stays decided, whatever came later."""
    if decision_of(transfer, starts_at, case) is not None:
        return Standing.DECIDED
    if case.left_at is not None:
        return Standing.MOVED
    return Standing.WITHDRAWN if transfer.stage is Stage.CANCELLED else Standing.LISTED
