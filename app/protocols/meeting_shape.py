"""A series of meetings in a protocol file."""

import re
from datetime import time
from typing import Annotated

from pydantic import Field, Strict, model_validator

from app.domain.meeting_series import WEEKDAYS, LatePapers, OnBankHoliday
from app.protocols.shape import Cited, Code, Coded, Day, Words, read_as


def _weeks(text: str) -> int:
    found = re.fullmatch(r"([1-9]) weeks?", text)
    if found is None:
        raise ValueError('every so many weeks: "1 week", "2 weeks"')
    return int(found[1])


def _weekday(text: str) -> int:
    if text not in WEEKDAYS:
        raise ValueError(f"one of {', '.join(WEEKDAYS)}")
    return WEEKDAYS.index(text)


def _time(text: str) -> time:
    if not re.fullmatch(r"[0-2]\d:[0-5]\d", text):
        raise ValueError("a time as 14:00")
    return time.fromisoformat(text)


class MeetingShape(Cited):
    """When it meets, where, and who is there."""

    every: Annotated[int, read_as(_weeks)]
    weekday: Annotated[int | None, read_as(_weekday)] = None
    at: Annotated[time | None, read_as(_time)] = None
    begins: Day | None = None
    on_bank_holiday: OnBankHoliday | None = None
    locality: Words | None = None
    venue: Words | None = None
    minutes_a_case: Annotated[int, Strict(), Field(ge=1, le=120)] | None = None
    chair: Words | None = None
    deputy_chair: Words | None = None
    members: tuple[Words, ...] = ()
    papers: Code | None = None
    agenda: Code | None = None
    late_papers: LatePapers = LatePapers.FLAGGED
    themes: Coded = Field(default_factory=dict)

    @model_validator(mode="after")
    def _weeks_are_known(self) -> "MeetingShape":
        if self.every > 1 and self.begins is None:
            raise ValueError(
                "needs `begins`, a day on which one was held: which weeks are its own?"
            )
        if self.begins and self.weekday is not None and self.begins.weekday() != self.weekday:
            raise ValueError("`begins` is not on the weekday of the series")
        if self.weekday is not None and self.on_bank_holiday is None:
            raise ValueError("needs `on_bank_holiday`: what if its day is a bank holiday?")
        if self.late_papers is LatePapers.REFUSED and self.papers is None:
            raise ValueError("needs `papers`, the clock by which they come: late for what?")
        return self
