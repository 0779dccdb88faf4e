"""Rules about what started the stage, and the record that the case is open under."""

from dataclasses import dataclass

from app.domain.ages import Age
from app.domain.rules.facts import Facts
from app.domain.rules.wording import Wording

MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class OriginAllowed:
    """`origin = "allowed_by_route"`: the stage was started by what the route allows."""

    def says(self, _: Wording) -> str:
        """What is asked, in words."""
        return "the route may be started by what started it"

    def missing(self, facts: Facts) -> str | None:
        """The kind of origin that the route does not allow."""
        kind = facts.transfer.origin.kind
        return None if kind in facts.allowed_origins else kind


@dataclass(frozen=True, slots=True)
class OriginNamesItsStage:
    """`origin = "names_its_stage"`: what was not started by hand names the stage's record."""

    def says(self, _: Wording) -> str:
        """What is asked, in words."""
        return "the record of the stage that led to it is named, unless it is started by hand"

    def missing(self, facts: Facts) -> str | None:
        """That the record is not named."""
        origin = facts.transfer.origin
        named = origin.kind == MANUAL or origin.stage_record_id is not None
        return None if named else f"{origin.kind} without its record"


@dataclass(frozen=True, slots=True)
class OriginRecordActive:
    """`origin_record = "active"`: the episode or referral the case is open under is active."""

    def says(self, _: Wording) -> str:
        """What is asked, in words."""
        return "the episode or referral is active"

    def missing(self, facts: Facts) -> str | None:
        """That the record is not active."""
        return None if facts.transfer.origin_record.active else "not active"


@dataclass(frozen=True, slots=True)
class OriginRecordOpenAtLeast:
    """`origin_record_open_at_least`: the episode or referral began that long ago."""

    age: Age

    def says(self, _: Wording) -> str:
        """What is asked, in words."""
        return f"the episode or referral began {self.age} ago or earlier"

    def missing(self, facts: Facts) -> str | None:
        """The day on which it began."""
        began = facts.transfer.origin_record.started_on
        return None if self.age.reached(began, facts.today) else f"open since {began}"
