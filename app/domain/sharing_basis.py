"""A statutory basis for sharing. It is not consent, and needs none (hazard 12)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Basis(StrEnum):
    """What the law lets be shared on, whatever the family says."""

    SECTION_47 = "section_47"
    DUTY_TO_SHARE = "duty_to_share"
    COURT_ORDER = "court_order"


BASES: dict[Basis, tuple[str, str]] = {
    Basis.SECTION_47: (
        "Enquiries whether a child suffers, or is likely to suffer, significant harm",
        "Children Act 1989, section 47",
    ),
    Basis.DUTY_TO_SHARE: (
        "The duty to share what is relevant to a child's welfare, unless it were more detrimental",
        "Children's Wellbeing and Schools Act 2026, section 4",
    ),
    Basis.COURT_ORDER: ("A court has ordered it", "The order itself"),
}
"""Each basis in words, and where it comes from."""


@dataclass(frozen=True, slots=True)
class SharingBasis:
    """A basis for sharing what belongs to a scope of the protocol's consents.

    `says` is why it holds here. `ends_on` is the last day in London on which it stands; None: it
    has no end.
    """

    id: str
    scope: str
    basis: Basis
    says: str
    recorded_by: str
    recorded_at: datetime
    ends_on: date | None = None

    def stands(self, day: date) -> bool:
        """Whether it stands on that London day."""
        return self.ends_on is None or day <= self.ends_on


def has_basis(bases: Iterable[SharingBasis], scope: str, day: date) -> bool:
    """Whether some basis for sharing what belongs to the scope stands on that London day."""
    return any(basis.scope == scope and basis.stands(day) for basis in bases)
