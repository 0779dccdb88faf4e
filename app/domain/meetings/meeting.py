"""One meeting of a series: its cases, its agenda once that went round, and who was there.

What it decided is no part of it: that stands on each transfer as a milestone (bookings.py).
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from app.domain.people import Role


@dataclass(frozen=True, slots=True)
class MeetingAction:
    """What somebody is to do about a case, by when; `owner` as the meeting names them."""

    id: str
    what: str
    owner: str
    due_on: date | None = None
    done_at: datetime | None = None
    done_by: str | None = None


@dataclass(frozen=True, slots=True)
class MeetingCase:
    """A transfer that was submitted to the meeting.

    `late`: after its papers were due. `left_at`: since when it is before another meeting, without
    a decision of this one. `place` is its place on the agenda that went round, from 0.
    """

    transfer: str
    submitted_at: datetime
    submitted_by: str
    late: bool = False
    left_at: datetime | None = None
    place: int | None = None
    themes: tuple[str, ...] = ()
    actions: tuple[MeetingAction, ...] = ()


class Attended(StrEnum):
    """Whether somebody was there."""

    ATTENDED = "attended"
    APOLOGIES = "apologies"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Attendance:
    """Somebody who was there, or was to be.

    `represents` is their service or agency, `deputises_for` whom they stood in for. `feedback` is
    what somebody who could not come reports in writing (CE M22).
    """

    name: str
    represents: str
    status: Attended
    role: Role | None = None
    deputises_for: str | None = None
    feedback: str | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting. `version` rises by one with every change of it or of its cases.

    `extraordinary`: planned by hand, whatever the series says of days. `called_off_reason` is free
    text.
    """

    id: str
    authority: str
    protocol: str
    protocol_version: str
    series: str
    starts_at: datetime
    version: int = 1
    extraordinary: bool = False
    agenda_circulated_at: datetime | None = None
    agenda_circulated_by: str | None = None
    called_off_at: datetime | None = None
    called_off_by: str | None = None
    called_off_reason: str | None = None
    cases: tuple[MeetingCase, ...] = ()
    attendance: tuple[Attendance, ...] = ()

    @property
    def circulated(self) -> bool:
        """Whether its agenda went round, and so stands."""
        return self.agenda_circulated_at is not None

    @property
    def called_off(self) -> bool:
        """Whether it is not held."""
        return self.called_off_at is not None

    def case(self, transfer: str) -> MeetingCase | None:
        """The case of that transfer, or None."""
        return next((case for case in self.cases if case.transfer == transfer), None)

    def with_case(self, case: MeetingCase) -> "Meeting":
        """The same meeting with that case, in place of what it had of the transfer."""
        if self.case(case.transfer) is None:
            return replace(self, cases=(*self.cases, case))
        cases = (case if known.transfer == case.transfer else known for known in self.cases)
        return replace(self, cases=tuple(cases))
