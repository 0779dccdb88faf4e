"""How long each kind of record is kept, and when one is due for disposal.

The periods are the council's decision: each has a default, and is refused where it is shorter than
what the law or the process itself needs (settings.py; docs/peoples-rights.md has the sources).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.domain.pathway import Stage
from app.domain.re_referral import MONTHS as RE_REFERRAL_MONTHS
from app.domain.time_units import months_on
from app.domain.transfer import Transfer

RETENTION = "retention"
"""Who acts where nobody does but the passing of time."""
STALE = "stale"
"""Why a draft is cancelled that nobody touched."""
ENTERED_IN_ERROR = "entered_in_error"
_YEAR = 12


class RecordKind(StrEnum):
    """The kinds of transfer that have ended, by how long they are kept."""

    COMPLETED = "completed"
    CANCELLED = "cancelled"
    ENTERED_IN_ERROR = "entered_in_error"
    STALE_DRAFT = "stale_draft"


@dataclass(frozen=True, slots=True)
class Retention:
    """The council's periods. Those of a transfer run from its last change, in London's days."""

    until_age: int = 30
    years: int = 6
    cancelled_years: int = 6
    entered_in_error_days: int = 365
    stale_days: int = 14
    draft_days: int = 90
    draft_warning_days: int = 83
    payload_days: int = 90
    callback_days: int = 365
    alert_days: int = 730
    export_days: int = 30
    request_years: int = 3
    unknown_child_days: int = 90


def kind_of(transfer: Transfer) -> RecordKind | None:
    """The kind of a transfer that has ended; None: it has not.

    Who cancels chooses the words; so what is kept for a shorter time is not for the choosing: a
    stale draft was cancelled by the service itself, and nothing is an error that was once sent.
    """
    if transfer.stage is Stage.COMPLETED:
        return RecordKind.COMPLETED
    if transfer.stage is not Stage.CANCELLED:
        return None
    cancelled = transfer.reached("cancelled")
    never_sent = transfer.dispatch == 0
    if never_sent and cancelled and (cancelled.by, cancelled.reason) == (RETENTION, STALE):
        return RecordKind.STALE_DRAFT
    if never_sent and cancelled and cancelled.reason == ENTERED_IN_ERROR:
        return RecordKind.ENTERED_IN_ERROR
    return RecordKind.CANCELLED


def due_on(
    kind: RecordKind, last_changed: date, births: Iterable[date], retention: Retention
) -> date:
    """The first London day on which a transfer of that kind may be disposed of.

    A completed one is kept until every child is of the age, and so long after its last change: the
    later of both, and never within the months in which a child who comes back is linked to it. Born
    on 29 February is of age on the last of February.
    """
    match kind:
        case RecordKind.STALE_DRAFT:
            return last_changed + timedelta(days=retention.stale_days)
        case RecordKind.ENTERED_IN_ERROR:
            return last_changed + timedelta(days=retention.entered_in_error_days)
        case RecordKind.CANCELLED:
            return months_on(last_changed, _YEAR * retention.cancelled_years)
        case RecordKind.COMPLETED:
            linked = months_on(last_changed, RE_REFERRAL_MONTHS) + timedelta(days=1)
            inactive = months_on(last_changed, _YEAR * retention.years)
            of_age = (months_on(born, _YEAR * retention.until_age) for born in births)
            return max(linked, inactive, *of_age)
