"""What a search for clocks asks, and what it finds."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.authority import VisibleTo
from app.domain.pathway import Pathway, Stage
from app.domain.review_standing import Standing
from app.store.sought import EVER, Between

Key = tuple[datetime | None, str, str]
"""Where a clock stands in a list: when it is due, its transfer, and its code."""


class ClockFilter(StrEnum):
    """Which clocks are sought. `open` is all of these but `unknown`, which have no due time."""

    LATE = "late"
    NEARLY_LATE = "nearly_late"
    RUNNING = "running"
    PAUSED = "paused"
    UNKNOWN = "unknown"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Reviews:
    """Only clocks that bring a review, whoever's they are. None: those that are due or late."""

    standing: Standing | None = None


EVERYTHING = VisibleTo(every=True)


@dataclass(frozen=True, slots=True)
class SoughtClocks:
    """What to look for.

    `whose`: those that fall to these teams, and those of transfers booked into these series, or of
    the whole authority. A review is of the teams at both sides. `which`: open clocks that
    stand so, or reviews. `visible_to`: only of transfers that they may see. `due`: due in this
    time. `after`: the key of the last one seen.
    """

    authority: str
    whose: VisibleTo
    which: ClockFilter | Reviews
    now: datetime
    visible_to: VisibleTo = EVERYTHING
    due: Between = EVER
    after: Key | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class FoundClock:
    """One clock. `due_at` is None while it waits, and where the calendar does not know the day."""

    transfer: str
    protocol: str
    protocol_version: str
    pathway: Pathway
    stage: Stage
    code: str
    team: str
    started_at: datetime | None
    nearly_late_at: datetime | None
    due_at: datetime | None
    paused_at: datetime | None
    met_at: datetime | None

    @property
    def key(self) -> Key:
        """Where it stands in the list."""
        return self.due_at, self.transfer, self.code
