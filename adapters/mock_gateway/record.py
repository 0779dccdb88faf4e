"""A referral or an episode inside a mock: one shape, whatever its name outside."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from pydantic import BaseModel

from adapters.mock_gateway.problems import Refusal

_FORTY_WEEKS = timedelta(weeks=40)


class RecordChild(BaseModel):
    """The child that a record is about."""

    child_id: str
    name: str
    date_of_birth: date


@dataclass
class Record:
    """One record of one child; `copied` is the date it was given when it was created."""

    record_id: str
    reference: str | None
    child: RecordChild
    created_at: datetime
    copied: date
    dated: date
    state: str
    fields: dict[str, str] = field(default_factory=dict)
    source: str | None = None
    worker: str | None = None
    note: str | None = None
    closed_on: date | None = None
    reason: str | None = None
    version: int = 1
    restricted: set[str] = field(default_factory=set)

    def shown(self) -> dict[str, str]:
        """The fields that may still be shared."""
        return {name: v for name, v in self.fields.items() if name not in self.restricted}


@dataclass(frozen=True)
class DateRules:
    """The codes under which a system refuses an impossible date."""

    in_future: str
    before_birth: str
    after_closure: str

    def check(self, record: Record, dated: date, today: date) -> None:
        """Refuse a date that the census would refuse.

        Raises:
            Refusal: The date is in the future, long before birth, or after the closure.
        """
        if dated > today:
            raise Refusal(self.in_future, f"Today is {today}.")
        if dated < record.child.date_of_birth - _FORTY_WEEKS:
            raise Refusal(self.before_birth, "The child was not conceived by then.")
        if record.closed_on and dated > record.closed_on:
            raise Refusal(self.after_closure, f"It was closed on {record.closed_on}.")
