"""Children who come back: a step up within 12 months of a step down of the same child.

The 12 months are London's, both ends included: after a step down that was completed on 20 November
2026, a step up that is opened on 20 November 2027 is one still, and on the 21st it is not.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from app.domain.london import local_date
from app.domain.pathway import Pathway
from app.domain.time_units import months_on
from app.domain.transfer import Transfer

MONTHS = 12


@dataclass(frozen=True, slots=True)
class SteppedDown:
    """A step down that was completed, and when."""

    transfer: str
    completed_at: datetime


@dataclass(frozen=True, slots=True)
class ReReferral:
    """What a step up's reader may know of the step down that it comes after.

    `of` is its transfer. The rest is for readers who may see that transfer: None and empty for
    others. `children` are those of this transfer who were in that one; `outcomes_sought` is what
    its form stated, where its protocol asks for such a statement; `review_outcome` what its latest
    review came to.
    """

    of: str
    route: str | None = None
    completed_on: date | None = None
    days: int | None = None
    children: tuple[str, ...] = ()
    outcomes_sought: str | None = None
    review_outcome: str | None = None


def re_referral_of(earlier: Iterable[SteppedDown], now: datetime) -> str | None:
    """The latest of these step downs, if it was completed within the last 12 months."""
    today = local_date(now)
    near = [down for down in earlier if is_watched(local_date(down.completed_at), today)]
    latest = max(near, key=lambda down: (down.completed_at, down.transfer), default=None)
    return latest.transfer if latest else None


def is_watched(completed_on: date, today: date) -> bool:
    """Whether a step up that is opened today is a re-referral."""
    return completed_on <= today <= months_on(completed_on, MONTHS)


def watched_until(transfer: Transfer) -> date | None:
    """The last London day on which a step up is a re-referral after this completed step down."""
    completed = transfer.reached("completed")
    if transfer.pathway is not Pathway.STEP_DOWN or completed is None:
        return None
    return months_on(local_date(completed.at), MONTHS)


def earliest_completion(today: date) -> date:
    """A day so early that no step down before it is watched today."""
    return months_on(today, -MONTHS)


def days_between(completed_at: datetime, opened_at: datetime) -> int:
    """London days from the one to the other."""
    return (local_date(opened_at) - local_date(completed_at)).days


def who_came_back(children: Iterable[str], before: Collection[str]) -> tuple[str, ...]:
    """The children who were in the step down before, in their order."""
    return tuple(child for child in children if child in before)
