"""How a protocol has disagreements settled: kinds, outcomes, and the levels that they go up."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain.milestone_kind import Side
from app.domain.people import Role


class Then(StrEnum):
    """What an outcome does to the transfer, where its stage allows it (resolve_disagreement.py)."""

    GOES_AHEAD = "goes_ahead"
    TAKEN_BACK = "taken_back"
    STAYS = "stays"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a disagreement may end."""

    says: str
    then: Then


@dataclass(frozen=True, slots=True)
class Level:
    """One level of the ladder. `decides`: who of that side resolves what has come up to it."""

    code: str
    says: str
    decides: tuple[Role, ...]
    source: str
    by: Side = Side.EITHER
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Escalation:
    """The ladder of a pathway, its lowest level first.

    `agreed_by`: who may resolve before anything is escalated, once all agree; empty: nobody.
    """

    kinds: Mapping[str, str]
    outcomes: Mapping[str, Outcome]
    levels: tuple[Level, ...]
    says: str
    source: str
    agreed_by: tuple[Role, ...] = (Role.TEAM_MANAGER, Role.CHAIR)
    note: str | None = None

    def level(self, code: str | None) -> Level | None:
        """The level of that code, or None."""
        return next((level for level in self.levels if level.code == code), None)

    def above(self, code: str | None) -> tuple[Level, ...]:
        """The levels above that one, the next first; all of them above None."""
        codes = [level.code for level in self.levels]
        return self.levels[codes.index(code) + 1 :] if code in codes else self.levels

    def deciders(self, code: str | None, *, ended: bool) -> tuple[tuple[Role, ...], Side]:
        """Who resolves what is at that level, and of which side.

        `ended`: the transfer has, and nothing is escalated on it. Where nobody resolves below the
        first level, those who would decide there do.
        """
        level = self.level(code)
        if level is None and ended and not self.agreed_by:
            level = self.levels[0]
        return (level.decides, level.by) if level else (self.agreed_by, Side.EITHER)
