"""The port to a duty tray: what an adapter offers the relay, and how it fails.

TrayError
├── TrayUnavailable   try again later: network, 408, 425, 429, 5xx, an answer that is no answer
├── TrayRefused       trying again will not help: park it for a person
└── HeldByAnother     the task is somebody else's in the tray, and the tray is right
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from app.domain.duty_task import DutyTask, SharingLimit, TaskNotice
from app.domain.referral_date import RecordDate, RecordIdentity
from app.domain.tray_reports import (
    ChildLeftOut,
    NewRecord,
    RecordAllocated,
    RecordsCreated,
    RecordUpdated,
    Report,
    TaskDeclined,
    TaskPickedUp,
    TaskReceived,
    TaskWaiting,
)

__all__ = [
    "Capability",
    "ChildLeftOut",
    "DutyTask",
    "DutyTray",
    "HeldByAnother",
    "NewRecord",
    "Receipt",
    "RecordAllocated",
    "RecordDate",
    "RecordIdentity",
    "RecordUpdated",
    "RecordsCreated",
    "Report",
    "SharingLimit",
    "TaskDeclined",
    "TaskNotice",
    "TaskPickedUp",
    "TaskReceived",
    "TaskWaiting",
    "TrayError",
    "TrayRefused",
    "TrayUnavailable",
]


class Capability(StrEnum):
    """What a system lets us do after a push of which we saw no answer."""

    DEDUPES_ON_KEY = "dedupes_on_key"
    LOOKUP_BY_REFERENCE = "lookup_by_reference"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Receipt:
    """A tray's word that it has a message; `at` is when it got it, where it says so."""

    says: str
    at: datetime | None = None


class TrayError(Exception):
    """The root of a tray's failures; the text is coded and carries no personal data."""


class TrayUnavailable(TrayError):
    """Try again later. `ambiguous`: the call may have been processed all the same.

    `retry_after` is in seconds, where the tray names a time.
    """

    def __init__(
        self, says: str, *, ambiguous: bool = False, retry_after: float | None = None
    ) -> None:
        super().__init__(says)
        self.ambiguous = ambiguous
        self.retry_after = retry_after


class TrayRefused(TrayError):
    """The tray will not have it, now or later."""


class HeldByAnother(TrayError):
    """Another worker holds the task."""

    def __init__(self, worker: str) -> None:
        super().__init__("held_by_another")
        self.worker = worker


class DutyTray(Protocol):
    """One case system's trays. Every call raises TrayError and nothing else."""

    @property
    def capability(self) -> Capability:
        """What may be done after an ambiguous outcome."""

    async def deliver(self, task: DutyTask, key: str) -> Receipt:
        """Put a task into its tray; the same key never makes two."""

    async def withdraw(self, notice: TaskNotice, key: str) -> Receipt:
        """Take a task out of its tray, whether it has arrived or is still to arrive."""

    async def pick_up(self, notice: TaskNotice, key: str) -> Receipt:
        """Tell the tray who picked the task up with us. Raises HeldByAnother besides."""

    async def release(self, notice: TaskNotice, key: str) -> Receipt:
        """Tell the tray that the task is free again."""

    async def decline(self, notice: TaskNotice, key: str) -> Receipt:
        """Tell the tray that its team does not take the case."""

    async def limit_sharing(self, limit: SharingLimit, key: str) -> Receipt:
        """Tell the system which forms of a task it is to share no further, started or not."""

    async def look_up(self, reference: str) -> tuple[Report, ...] | None:
        """How a task stands, as the reports that lead there; None where the tray has no such."""

    async def read_record(self, record_id: str) -> RecordDate:
        """A created record's date and whose it is."""

    async def amend_date(self, record_id: str, read: RecordDate, right: date, key: str) -> None:
        """Set a record's date on condition that the record still is as it was read.

        Raises:
            TrayRefused: the system does not let us (EHM never does, DL 20).
        """
