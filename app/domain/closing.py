"""That the origin's own record was closed, and why it may be closed at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from app.domain.census_codes import REASON_FOR_CLOSURE
from app.domain.duty_task import CaseSystem
from app.domain.pathway import Pathway

EPISODE_END_REASON: Mapping[str, str] = MappingProxyType(
    {Pathway.STEP_UP.value: "Stepped up to children's social care"}
)
"""earl_episode_end_reason of the Standard Safeguarding Dataset, as far as a transfer ends one."""
REASONS: Mapping[CaseSystem, Mapping[str, str]] = MappingProxyType(
    {CaseSystem.LCS: REASON_FOR_CLOSURE, CaseSystem.EHM: EPISODE_END_REASON}
)
"""Why a record of that system closes: a referral by the census, an episode by the data set."""


class RemainingOutcome(StrEnum):
    """What is done for a child who was not taken, once the origin has closed."""

    STAYS_OPEN = "stays_open"
    ANOTHER_TRANSFER = "another_transfer"
    NO_FURTHER_HELP = "no_further_help"


@dataclass(frozen=True, slots=True)
class Remaining:
    """A child who was not taken, what is done for them, and why where it is nothing further."""

    child_id: str
    outcome: RemainingOutcome
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Closing:
    """The origin's record as it was closed.

    `closed_on` is a London day; `reason` is one of REASONS, `proposed` what the protocol would have
    said. `unchecked` are the census's rules that could not be asked, for want of the activities.
    `remaining` tells of each child who was not taken.
    """

    closed_on: date
    reason: str
    proposed: str | None
    comment: str | None
    by: str
    at: datetime
    unchecked: tuple[str, ...] = ()
    remaining: tuple[Remaining, ...] = ()
