"""Consent of the family, scope by scope: to the service, and to share each thing (IS 6, 7)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import takewhile

from app.domain.london import local_date


class How(StrEnum):
    """How consent was expressed."""

    ORAL = "oral"
    WRITTEN = "written"


class WithdrawalDecision(StrEnum):
    """What a manager makes of a consent that was withdrawn after the transfer was sent."""

    CONTINUE = "continue"
    RECALL = "recall"


@dataclass(frozen=True, slots=True)
class Consent:
    """One consent. `scope` is one of the protocol's.

    `informed`: given after understanding the facts and the likely outcomes. `explicit`: to this
    specific act. `expires_on` is the last day in London on which it stands; None: it has no end.
    It may be withdrawn at any time (IS 7); `decision` is what a manager then made of it.
    """

    id: str
    scope: str
    given_by: str
    given_on: date
    how: How
    informed: bool
    explicit: bool
    recorded_by: str
    recorded_at: datetime
    expires_on: date | None = None
    withdrawn_at: datetime | None = None
    withdrawn_by: str | None = None
    withdrawn_comment: str | None = None
    decision: WithdrawalDecision | None = None
    decided_at: datetime | None = None
    decided_by: str | None = None
    decided_comment: str | None = None

    def ended_by(self, day: date) -> bool:
        """Whether it was withdrawn on that London day or before, or had expired before it."""
        if self.withdrawn_at is not None and local_date(self.withdrawn_at) <= day:
            return True
        return self.expires_on is not None and self.expires_on < day


def standing(consents: Iterable[Consent], scope: str, day: date) -> tuple[Consent, ...]:
    """The consents to the scope that stand on that London day, the latest first.

    What the family said last counts: once a consent has ended, none that was recorded before it
    revives (IS 7).
    """
    given = [c for c in consents if c.scope == scope and c.given_on <= day]
    return tuple(takewhile(lambda consent: not consent.ended_by(day), reversed(given)))
