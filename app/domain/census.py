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
    """Every census rule that `referral` would break as a Date of Referral.

    8600 asks for a date that is not after the collection period, which ends on 31 March. Today is
    never after the end of the period it lies in, so a date that is not after today is not either.
    8555Q, not after the child's death, is not asked: neither case system tells us of a death, and
    the date is the day on which a person started the referral. 1103, 2889, 4015 and 8565 need
    assessments, enquiries and plans, and 8815 to 8820 the child's other episodes: unknown here too.
    """
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
