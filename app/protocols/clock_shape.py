"""A clock in a protocol file."""

from typing import Annotated, Literal

from pydantic import Field, InstanceOf, model_validator

from app.domain.before_meeting import AmountBefore, WallClockBefore, parse_before
from app.domain.breach import Severity
from app.domain.milestone_kind import Side
from app.protocols.needs_shape import Conditional
from app.protocols.shape import Cited, Code, MilestoneNames, Name, WithinText, YesOrNo, read_as

BeforeText = Annotated[
    InstanceOf[AmountBefore] | InstanceOf[WallClockBefore], read_as(parse_before)
]


class ClockShape(Cited, Conditional):
    """A timescale `from` one milestone `to` another, or `by` a time before the meeting."""

    code: Code
    starts: Annotated[MilestoneNames | None, Field(alias="from")] = None
    stops: Annotated[MilestoneNames, Field(alias="to")]
    within: WithinText | None = None
    by: BeforeText | None = None
    falls_to: Literal[Side.ORIGIN, Side.RECEIVING]
    tells: tuple[Literal[Side.ORIGIN, Side.RECEIVING], ...] = ()
    severity: Severity = Severity.MUST
    or_agreed: Name | None = None
    escalates_after: WithinText | None = None
    restarts: YesOrNo = False

    @model_validator(mode="after")
    def _one_timescale(self) -> "ClockShape":
        if (self.within is None) == (self.by is None):
            raise ValueError("has exactly one of within and by")
        if (self.within is None) != (self.starts is None):
            raise ValueError("within is measured from a milestone, by before the meeting")
        if self.escalates_after is not None and self.severity is not Severity.MUST:
            raise ValueError("only what must be done escalates")
        return self
