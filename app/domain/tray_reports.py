"""What a tray tells us of a task, by callback, by call or when asked."""

from dataclasses import dataclass, replace
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class NewRecord:
    """A referral or episode that the receiving system created for one child."""

    child_id: str
    record_id: str
    created_at: datetime
    dated: date


@dataclass(frozen=True, slots=True)
class ChildLeftOut:
    """A child of the task for whom nothing was created; `reason` is the system's own words."""

    child_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class TaskReceived:
    """The task lies in its tray."""

    at: datetime


@dataclass(frozen=True, slots=True)
class TaskWaiting:
    """The task lies in its tray and nobody holds it: what a look-up saw."""

    at: datetime


@dataclass(frozen=True, slots=True)
class TaskPickedUp:
    """*Pickup* was pressed."""

    at: datetime
    worker: str


@dataclass(frozen=True, slots=True)
class TaskReleased:
    """The task was put back, by `worker` where the system says so."""

    at: datetime
    worker: str | None = None


@dataclass(frozen=True, slots=True)
class TaskDeclined:
    """The receiving team does not take it."""

    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class RecordsCreated:
    """*Start New Referral* or *Start Early Help Episode* was pressed, for these children."""

    at: datetime
    worker: str
    records: tuple[NewRecord, ...]
    not_taken: tuple[ChildLeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordUpdated:
    """The created record was saved; `dated` is its date now."""

    at: datetime
    record_id: str
    dated: date


@dataclass(frozen=True, slots=True)
class RecordAllocated:
    """The created record was allocated to a worker."""

    at: datetime
    record_id: str
    worker: str


Report = (
    TaskReceived
    | TaskWaiting
    | TaskPickedUp
    | TaskReleased
    | TaskDeclined
    | RecordsCreated
    | RecordUpdated
    | RecordAllocated
)


def not_later_than(now: datetime, report: Report) -> Report:
    """The report with no time after `now`."""
    report = replace(report, at=min(report.at, now))
    if isinstance(report, RecordsCreated):
        records = (replace(x, created_at=min(x.created_at, now)) for x in report.records)
        report = replace(report, records=tuple(records))
    return report
