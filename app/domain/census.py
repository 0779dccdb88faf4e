"""Children in Need census rules that a referral date must keep (DfE rule numbers)."""

from dataclasses import dataclass
from datetime import date, timedelta

LONGEST_BEFORE_BIRTH = timedelta(weeks=40)


@dataclass(frozen=True, slots=True)
class CensusBreach:
    """A census rule that a date would break: the rule's number and plain words."""

    rule: str
    says: str


def referral_date_breaches(
    referral: date, *, born: date, today: date, closed: date | None = None
) -> tuple[CensusBreach, ...]:
    """Every census rule that `referral` would break as a Date of Referral."""
    breaches = []
    if referral > today:
        breaches.append(CensusBreach("8600", "The referral date lies in the future"))
    if referral < born - LONGEST_BEFORE_BIRTH:
        breaches.append(
            CensusBreach("8606", "The referral date is more than 40 weeks before the birth")
        )
    if closed is not None and referral > closed:
        breaches.append(CensusBreach("8630", "The referral date is after the closure date"))
    return tuple(breaches)
