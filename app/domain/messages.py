"""What a decision has the relay say to a case system. A message is data until it is pushed."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.duty_task import CaseSystem, DutyTask, SharingLimit, TaskNotice
from app.domain.published_event import PublishedEvent
from app.domain.referral_date import DateCheck


class MessageKind(StrEnum):
    """The kinds of message, each with its own payload below."""

    DELIVER_TASK = "deliver_task"
    WITHDRAW_TASK = "withdraw_task"
    PICK_UP_TASK = "pick_up_task"
    RELEASE_TASK = "release_task"
    DECLINE_TASK = "decline_task"
    CHECK_RECORD_DATE = "check_record_date"
    LOOK_UP_TASK = "look_up_task"
    LIMIT_SHARING = "limit_sharing"
    EVENT = "event"


@dataclass(frozen=True, slots=True)
class TaskLookUp:
    """Ask the tray how a task stands."""

    reference: str


@dataclass(frozen=True, slots=True)
class RecordDateCheck:
    """Read a created record and hold its date against the rule."""

    reference: str
    check: DateCheck


Payload = DutyTask | TaskNotice | RecordDateCheck | TaskLookUp | SharingLimit | PublishedEvent

PAYLOADS: dict[MessageKind, type[Payload]] = {
    MessageKind.DELIVER_TASK: DutyTask,
    MessageKind.WITHDRAW_TASK: TaskNotice,
    MessageKind.PICK_UP_TASK: TaskNotice,
    MessageKind.RELEASE_TASK: TaskNotice,
    MessageKind.DECLINE_TASK: TaskNotice,
    MessageKind.CHECK_RECORD_DATE: RecordDateCheck,
    MessageKind.LOOK_UP_TASK: TaskLookUp,
    MessageKind.LIMIT_SHARING: SharingLimit,
    MessageKind.EVENT: PublishedEvent,
}


@dataclass(frozen=True, slots=True)
class Message:
    """One push to one destination; its key is `transfer:destination:kind:revision` for good."""

    transfer: str
    destination: CaseSystem
    kind: MessageKind
    revision: str
    payload: Payload

    @property
    def key(self) -> str:
        """The idempotency key, the same on every retry and replay."""
        return f"{self.transfer}:{self.destination}:{self.kind}:{self.revision}"
