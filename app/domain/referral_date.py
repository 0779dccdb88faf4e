"""What to do about the date of a record that the receiving system created (DL 9, DL 20).

LCS copies the Date of Referral from the start of the early help episode; right is the local
date on which the referral was created. EHM fills the Start Date of Episode from the form's
Date of Transfer, and that is left alone. Which of the two holds is the protocol's data.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.census import referral_date_breaches


class DateStanding(StrEnum):
    """How the date of a created record stands."""

    UNCHECKED = "unchecked"
    ALREADY_RIGHT = "already_right"
    CORRECTED = "corrected"
    DISCREPANCY = "discrepancy"
    REFUSED = "refused"
    WRONG_CHILD = "wrong_child"


@dataclass(frozen=True, slots=True)
class RecordIdentity:
    """By whom a record is known: compared with the transfer's child before anything is amended."""

    child_id: str
    name: str
    date_of_birth: date


@dataclass(frozen=True, slots=True)
class RecordDate:
    """A record as the case system shows it: its date, whose it is, and when it was closed.

    `version` is the system's own mark of this state: an amendment is conditional on it.
    """

    dated: date
    child: RecordIdentity
    version: str
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class DateCheck:
    """The dates to hold a record against.

    `copied` is the date the system is known to copy wrongly, or None where a difference is only
    raised and never overwritten.
    """

    record_id: str
    right: date
    copied: date | None
    child: RecordIdentity
    may_amend: bool


@dataclass(frozen=True, slots=True)
class AlreadyRight:
    """The record bears the right date: change nothing."""

    dated: date


@dataclass(frozen=True, slots=True)
class Amend:
    """The record bears the copied date: amend it, on condition that it still does."""

    read: date
    right: date


@dataclass(frozen=True, slots=True)
class Raise:
    """A person must look: never overwrite."""

    standing: DateStanding
    dated: date
    why: str


Judgement = AlreadyRight | Amend | Raise


def judge(check: DateCheck, record: RecordDate, *, today: date) -> Judgement:
    """Hold a record as read against what its date should be."""
    if _folded(record.child) != _folded(check.child):
        return Raise(DateStanding.WRONG_CHILD, record.dated, "The record is another child's")
    if record.dated == check.right:
        return AlreadyRight(record.dated)
    if record.dated != check.copied:
        return Raise(DateStanding.DISCREPANCY, record.dated, "A third date, set by a person")
    if not check.may_amend:
        return Raise(DateStanding.DISCREPANCY, record.dated, "Copied again after a correction")
    broken = referral_date_breaches(
        check.right, born=check.child.date_of_birth, today=today, closed=record.closed_on
    )
    if broken:
        rules = ", ".join(breach.rule for breach in broken)
        return Raise(DateStanding.REFUSED, record.dated, f"The census would refuse it: {rules}")
    return Amend(record.dated, check.right)


def _folded(child: RecordIdentity) -> tuple[str, str, date]:
    return child.child_id, " ".join(child.name.casefold().split()), child.date_of_birth
