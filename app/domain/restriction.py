"""A restriction of one transfer: who is kept from it, or who alone is let in, and why."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class RestrictionKind(StrEnum):
    """Kept from the people named for a conflict of interest, or seen by the people named alone."""

    CONFLICT_OF_INTEREST = "conflict_of_interest"
    NAMED_ONLY = "named_only"


class RestrictionReason(StrEnum):
    """Why, for the audit."""

    RELATED_TO_THE_FAMILY = "related_to_the_family"
    KNOWS_THE_FAMILY = "knows_the_family"
    PARTY_TO_THE_MATTER = "party_to_the_matter"
    FAMILY_OF_A_COLLEAGUE = "family_of_a_colleague"
    SAFETY_OF_THE_FAMILY = "safety_of_the_family"
    COURT_OR_POLICE_REQUEST = "court_or_police_request"


@dataclass(frozen=True, slots=True)
class Restriction:
    """What was said of one person; `lifted_at` None: it stands.

    `person` None is the restriction to named people itself, and each of them has one of their own
    beside it. `note` is free text and never leaves the record.
    """

    kind: RestrictionKind
    person: str | None
    reason: RestrictionReason
    note: str
    by: str
    at: datetime
    lifted_at: datetime | None = None
    lifted_by: str | None = None

    @property
    def stands(self) -> bool:
        """Whether it is not lifted."""
        return self.lifted_at is None
