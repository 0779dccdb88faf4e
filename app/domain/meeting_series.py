"""A council's series of step-up/step-down meetings, as its protocol declares it."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from app.domain.instants import at_local
from app.domain.london import LONDON, local_date
from app.domain.working_days import BeyondCalendar, Calendar

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WEEK = timedelta(weeks=1)


class OnBankHoliday(StrEnum):
    """What becomes of a meeting whose day is a bank holiday; it never leaves its own week."""

    NEXT_WORKING_DAY = "next_working_day"
    WORKING_DAY_BEFORE = "working_day_before"
    NOT_HELD = "not_held"


class LatePapers(StrEnum):
    """What becomes of a case whose papers come after they were due."""

    REFUSED = "refused"
    FLAGGED = "flagged"


@dataclass(frozen=True, slots=True)
class MeetingSeries:
    """Every so many weeks, on a weekday (0 is Monday) at a London time, where these are fixed.

    `begins` is a day on which one was held: it says which weeks, from Monday to Sunday, are the
    series' own. `on_bank_holiday` stands wherever a weekday does. `papers` and `agenda` are codes
    of the clocks by which papers come in and the agenda goes round. `themes` (code to words) are
    what a case may be tagged with.
    """

    name: str
    says: str
    source: str
    weeks: int
    weekday: int | None = None
    at: time | None = None
    begins: date | None = None
    on_bank_holiday: OnBankHoliday | None = None
    locality: str | None = None
    venue: str | None = None
    minutes_a_case: int | None = None
    chair: str | None = None
    deputy_chair: str | None = None
    members: tuple[str, ...] = ()
    papers: str | None = None
    agenda: str | None = None
    late_papers: LatePapers = LatePapers.FLAGGED
    themes: Mapping[str, str] = field(default_factory=dict)
    note: str | None = None

    def dates(self, first: date, last: date, calendar: Calendar) -> tuple[date, ...]:
        """The days of its meetings from `first` to `last`; none where no weekday is fixed.

        Raises:
            BeyondCalendar: a day among them that the calendar does not know.
        """
        if self.weekday is None:
            return ()
        monday, found = _monday(first), []
        while monday <= last:
            held = self._held_in(monday, self.weekday, calendar)
            if held is not None and first <= held <= last:
                found.append(held)
            monday += _WEEK
        return tuple(found)

    def starts(self, first: date, last: date, calendar: Calendar) -> tuple[datetime, ...]:
        """When its meetings start, in UTC; none where no weekday or no time is fixed.

        Raises:
            BeyondCalendar: as dates.
        """
        if self.at is None:
            return ()
        return tuple(at_local(day, self.at) for day in self.dates(first, last, calendar))

    def next_after(self, instant: datetime, calendar: Calendar) -> datetime | None:
        """Its next meeting after an instant; None where none is fixed or the calendar ends."""
        if self.weekday is None or self.at is None:
            return None
        monday = _monday(local_date(instant))
        with suppress(BeyondCalendar):
            while True:
                held = self._held_in(monday, self.weekday, calendar)
                if held is not None and at_local(held, self.at) > instant:
                    return at_local(held, self.at)
                monday += _WEEK
        return None

    def fault(self, starts_at: datetime, calendar: Calendar) -> str | None:
        """Why no meeting of the series starts then, or None."""
        local = starts_at.astimezone(LONDON)
        try:
            return self._fault_of_day(local.date(), calendar) or self._fault_of_time(local.time())
        except BeyondCalendar:
            return "a day that the calendar of bank holidays does not reach"

    def when(self) -> str:
        """When it meets, in words."""
        every = "weekly" if self.weeks == 1 else f"every {self.weeks} weeks"
        day = f" on {WEEKDAYS[self.weekday]}" if self.weekday is not None else ""
        at = f" at {self.at:%H:%M}" if self.at is not None else ""
        return every + day + at

    def _fault_of_day(self, day: date, calendar: Calendar) -> str | None:
        monday, holiday = _monday(day), calendar.is_bank_holiday(day)
        if self.weekday is not None:
            if self._held_in(monday, self.weekday, calendar) == day:
                return None
            if holiday:
                return "a bank holiday"
            if day.weekday() != self.weekday:
                return f"a {WEEKDAYS[day.weekday()]}"
        return None if self._owns(monday) else "a week without a meeting"

    def _fault_of_time(self, at: time) -> str | None:
        return f"at {at:%H:%M}" if self.at is not None and at != self.at else None

    def _owns(self, monday: date) -> bool:
        since = monday - _monday(self.begins or monday)
        return since % (self.weeks * _WEEK) == timedelta()

    def _held_in(self, monday: date, weekday: int, calendar: Calendar) -> date | None:
        """The day of the meeting in that week, or None where it has none."""
        day = monday + timedelta(days=weekday)
        if not self._owns(monday):
            return None
        if not calendar.is_bank_holiday(day):
            return day
        if self.on_bank_holiday is OnBankHoliday.NEXT_WORKING_DAY:
            day = calendar.add(day, 1)
        elif self.on_bank_holiday is OnBankHoliday.WORKING_DAY_BEFORE:
            day = calendar.add(day, -1)
        else:
            return None
        return day if _monday(day) == monday else None


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
