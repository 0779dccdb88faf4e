"""A meeting decides a case (DF 9, 12; CE M23, M24; IS 9): the decision stands on the transfer."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.breach import Breach, must
from app.domain.decision import Decision
from app.domain.errors import NotVisible, RulesBroken
from app.domain.form import Meeting as FormMeeting
from app.domain.london import local_date
from app.domain.meetings.bookings import Standing
from app.domain.meetings.meeting import Attended, Meeting, MeetingAction
from app.domain.meetings.sitting import (
    MeetingChange,
    Sitting,
    changed,
    require_run_by,
)
from app.domain.milestone_names import MEETING_DECIDED
from app.domain.pathway import Stage
from app.domain.people import Actor, Role
from app.domain.record_milestone import Happened, record_milestone
from app.domain.rights import Act
from app.domain.withheld import withheld

CHAIRING = (Role.CHAIR, Role.DEPUTY_CHAIR)


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a meeting decided of a case, and why; `outcome` and `themes` are coded."""

    outcome: str
    rationale: str
    at: datetime
    themes: tuple[str, ...] = ()
    actions: tuple[MeetingAction, ...] = ()


def decide_case(
    sitting: Sitting,
    transfer_id: str,
    ruling: Ruling,
    actor: Actor,
    *,
    expected_version: int | None = None,
) -> MeetingChange:
    """The decision on the transfer, its form's meeting filled in while it is a draft.

    A decision that is made again corrects the one before: its themes replace those, its actions
    come besides. Neither author nor last editor nor submitter of the form changes.

    Raises:
        NotVisible: no such case; and NotPermitted, StaleVersion: see require_run_by.
        RulesBroken: not before the meeting's day, not on its agenda any more, an unknown theme, or
            whatever record_milestone asks; every breach.
    """
    require_run_by(Act.DECIDE_CASE, sitting, actor, expected_version)
    meeting, case = sitting.meeting, sitting.meeting.case(transfer_id)
    if case is None or withheld(actor, sitting.transfers[transfer_id]):
        raise NotVisible(transfer_id)
    transfer, situation = sitting.transfers[transfer_id], sitting.situations[transfer_id]
    breaches = list(_breaches(sitting, transfer_id, ruling))
    if not sitting.has_before_it(transfer):  # it may be another series' by now, and not theirs
        raise RulesBroken(tuple(breaches))
    told = Happened(MEETING_DECIDED, ruling.at, note=ruling.rationale, outcome=ruling.outcome)
    try:
        decision = record_milestone(transfer, told, actor, situation)
    except RulesBroken as broken:
        known = {breach.code for breach in breaches}
        besides = [breach for breach in broken.breaches if breach.code not in known]
        raise RulesBroken((*breaches, *besides)) from None
    if breaches:
        raise RulesBroken(tuple(breaches))
    ruled = replace(case, themes=ruling.themes, actions=(*case.actions, *ruling.actions))
    after = meeting.with_case(ruled)
    decided = _with_form(decision, meeting, ruling, actor)
    codes = (transfer_id, ruling.outcome)
    return changed(
        meeting, after, "decide_case", actor, situation.now, ((decided, situation),), codes
    )


def _breaches(sitting: Sitting, transfer_id: str, ruling: Ruling) -> Iterator[Breach]:
    meeting, series = sitting.meeting, sitting.series
    stands = sitting.standings[transfer_id]
    elsewhere = not sitting.has_before_it(sitting.transfers[transfer_id])
    if elsewhere or stands in (Standing.MOVED, Standing.WITHDRAWN):
        found = "moved to another meeting" if elsewhere else "withdrawn"
        yield must("meeting-case", "Decide a case that is before this meeting", found)
    if local_date(ruling.at) < local_date(meeting.starts_at):
        says = "Record what the meeting decided on its day or later"
        yield must("milestone-meeting", says, "before the meeting", series.source)
    if not set(ruling.themes) <= set(series.themes):
        known = ", ".join(series.themes)
        says = f"Choose from the themes: {known}" if known else "The series has no themes"
        yield must("meeting-theme", says, "another theme", series.source)


def _with_form(decision: Decision, meeting: Meeting, ruling: Ruling, actor: Actor) -> Decision:
    after = decision.after
    if after.stage is not Stage.DRAFT:
        return decision
    told = FormMeeting(
        held_on=local_date(meeting.starts_at),
        chair=chaired_by(meeting, actor) or after.form.meeting.chair,
        decision=ruling.outcome,
        notes=ruling.rationale,
    )
    return replace(decision, after=replace(after, form=replace(after.form, meeting=told)))


def chaired_by(meeting: Meeting, actor: Actor) -> str | None:
    """Who chaired: whoever is said to have been there as such, or who acts as chair."""
    for role in CHAIRING:
        for somebody in meeting.attendance:
            if somebody.role is role and somebody.status is Attended.ATTENDED:
                return somebody.name
    return actor.id if actor.serves(meeting.series, Role.CHAIR) else None
