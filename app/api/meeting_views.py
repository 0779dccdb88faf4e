"""The shapes of meetings: in a list, and whole."""

from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field

from app.domain.meetings.bookings import Standing, decision_of
from app.domain.meetings.cut_offs import due_before
from app.domain.meetings.meeting import Attended, MeetingCase
from app.domain.meetings.sitting import Sitting, sees_all_of
from app.domain.pathway import Pathway, Stage
from app.domain.people import Actor, Role
from app.domain.working_days import Calendar
from app.usecases.find_meetings import ListedMeeting


class MeetingLine(BaseModel):
    """One meeting in a list; without an id while nobody has brought a case to it."""

    id: str | None
    series: str
    starts_at: datetime
    extraordinary: bool = Field(description="Planned by hand, where the series holds none")
    agenda_circulated_at: datetime | None
    called_off_at: datetime | None
    cases: int = Field(description="Neither moved to another meeting nor withdrawn")
    late: int = Field(description="Those whose papers came late")


class MeetingList(BaseModel):
    """The meetings of some days."""

    items: list[MeetingLine]


class MeetingDecisionView(BaseModel):
    """What the meeting decided of a case, as its record says."""

    outcome: str | None
    rationale: str | None
    at: datetime
    by: str


class MeetingActionView(BaseModel):
    """What somebody is to do."""

    id: str
    what: str
    owner: str
    due_on: date | None
    done_at: datetime | None
    done_by: str | None


class MeetingCaseView(BaseModel):
    """A case of a meeting."""

    transfer: str
    pathway: Pathway
    route: str
    stage: Stage
    standing: Standing
    submitted_at: datetime
    submitted_by: str
    late: bool = Field(description="Its papers came after they were due")
    place: int | None = Field(description="On the agenda that went round, from 0")
    decision: MeetingDecisionView | None
    themes: list[str]
    actions: list[MeetingActionView]


class AttendanceView(BaseModel):
    """Somebody who was there, or was to be."""

    name: str
    represents: str
    status: Attended
    role: Role | None
    deputises_for: str | None
    feedback: str | None = Field(description="For those who see every case; null for others")


class MeetingView(BaseModel):
    """A meeting. Of its cases, those that you may see."""

    id: str
    series: str
    says: str
    starts_at: datetime
    locality: str | None
    venue: str | None
    version: int
    extraordinary: bool
    papers_due_at: datetime | None
    agenda_due_at: datetime | None
    agenda_circulated_at: datetime | None
    agenda_circulated_by: str | None
    called_off_at: datetime | None
    called_off_by: str | None
    called_off_reason: str | None = Field(
        description="For those who see every case; null for others"
    )
    cases: list[MeetingCaseView]
    other_cases: int = Field(description="Those that you may not see")
    attendance: list[AttendanceView]


def meeting_line(listed: ListedMeeting) -> dict[str, Any]:
    """A meeting in the shape of MeetingLine."""
    found = listed.found
    own = {"series": listed.series, "starts_at": listed.starts_at}
    names = MeetingLine.model_fields.keys() - own.keys()
    if found is not None:
        return own | {name: getattr(found, name) for name in names}
    planned = {"cases": 0, "late": 0, "extraordinary": False}
    return own | {name: planned.get(name) for name in names}


def meeting_view(sitting: Sitting, actor: Actor, calendar: Calendar) -> dict[str, Any]:
    """A meeting in the shape of MeetingView."""
    meeting, series = sitting.meeting, sitting.series
    seen, every = sitting.seen_by(actor), sees_all_of(actor, meeting)
    cases = [case for case in meeting.cases if case.transfer in seen]
    every = every and len(cases) == len(meeting.cases)
    when = (sitting.protocol, meeting.starts_at, calendar)
    plain = (
        "id", "series", "starts_at", "version", "extraordinary",
        "agenda_circulated_at", "agenda_circulated_by", "called_off_at", "called_off_by",
    )  # fmt: skip
    return {name: getattr(meeting, name) for name in plain} | {
        "says": series.says,
        "locality": series.locality,
        "venue": series.venue,
        "papers_due_at": due_before(series.papers, *when),
        "agenda_due_at": due_before(series.agenda, *when),
        "called_off_reason": meeting.called_off_reason if every else None,
        "cases": [_case(sitting, case) for case in cases],
        "other_cases": len(meeting.cases) - len(cases),
        "attendance": [
            asdict(somebody if every else replace(somebody, feedback=None))
            for somebody in meeting.attendance
        ],
    }


def _case(sitting: Sitting, case: MeetingCase) -> dict[str, Any]:
    transfer = sitting.transfers[case.transfer]
    decided = decision_of(transfer, sitting.meeting.starts_at, case)
    names = ("transfer", "submitted_at", "submitted_by", "late", "place")
    return {name: getattr(case, name) for name in names} | {
        "pathway": transfer.pathway,
        "route": transfer.route,
        "stage": transfer.stage,
        "standing": sitting.standings[case.transfer],
        "decision": decided
        and {
            "outcome": decided.outcome,
            "rationale": decided.note,
            "at": decided.at,
            "by": decided.by,
        },
        "themes": list(case.themes),
        "actions": [asdict(action) for action in case.actions],
    }
