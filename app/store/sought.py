"""What a search for transfers asks, and what it finds."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.authority import VisibleTo
from app.domain.pathway import Pathway, Stage
from app.domain.waiting import Waiting

Key = tuple[datetime, str]
"""Where a transfer stands in a list: when it was opened, and its id."""


@dataclass(frozen=True, slots=True)
class Between:
    """From an instant until before another; None leaves that end open."""

    start: datetime | None = None
    end: datetime | None = None


EVER = Between()


@dataclass(frozen=True, slots=True)
class Sought:
    """What to look for; everything narrows.

    `visible_to`: only what they may see (None: all of the authority). `now` is what lateness is
    measured at. `team`: sent by it or meant for it; `sent_by`, `sent_to`: by or to one of these.
    `sent`: dispatched at least once. `disputed`: not over, with a disagreement that is open.
    `of_person`: worker, holder or lead professional. `waiting`: one of these.
    """

    authority: str
    visible_to: VisibleTo | None
    now: datetime
    pathway: Pathway | None = None
    stage: Stage | None = None
    route: str | None = None
    team: str | None = None
    recipient: str | None = None
    child_id: str | None = None
    sent_by: frozenset[str] | None = None
    sent_to: frozenset[str] | None = None
    sent: bool = False
    late: bool = False
    disputed: bool = False
    of_person: str | None = None
    waiting: tuple[Waiting, ...] | None = None
    opened: Between = EVER
    changed: Between = EVER
    before: Key | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class FoundTransfer:
    """One line of a list. `late_since`: when the first of its late clocks was due."""

    id: str
    pathway: str
    route: str
    stage: str
    version: int
    origin_team: str
    recipient_team: str | None
    sent_to: str | None
    holder: str | None
    lead_professional: str | None
    opened_at: datetime
    changed_at: datetime
    late_since: datetime | None = None
