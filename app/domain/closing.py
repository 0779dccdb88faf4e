"""That the origin's own record was closed, and why it may be closed at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
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


@dataclass(frozen=True, slots=True)
class Closing:
    """The origin's record as it was closed.

    `closed_on` is a London day; `reason` is one of REASONS, `proposed` what the protocol would have
    said. `unchecked` are the census's rules that could not be asked, for want of the activities.
    """

    closed_on: date
    reason: str
    proposed: str | None
    comment: str | None
    by: str
    at: datetime
    unchecked: tuple[str, ...] = ()
