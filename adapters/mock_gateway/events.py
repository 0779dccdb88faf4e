"""The callbacks a case system sends: their types, and what each one says."""

from datetime import date

from pydantic import BaseModel

from adapters.mock_gateway.duty_task import ChildLeftOut, CreatedRecord


class TaskReceived(BaseModel):
    """A task lies in its duty tray."""

    reference: str


class TaskTouched(BaseModel):
    """A worker picked the task up, or put it back."""

    reference: str
    worker: str


class TaskDeclined(BaseModel):
    """A worker sent the task back."""

    reference: str
    worker: str
    reason: str


class RecordsCreated(BaseModel):
    """Starting the task created a record for each child who is taken (DL 8, DL 19)."""

    reference: str
    worker: str
    records: list[CreatedRecord]
    not_taken: list[ChildLeftOut]


class RecordUpdated(BaseModel):
    """A record was saved; `dated` is its date now, right or wrong (DL 9)."""

    reference: str | None
    record_id: str
    dated: date


class RecordAllocated(BaseModel):
    """A record was allocated to a worker (DL 10, DL 21)."""

    reference: str | None
    record_id: str
    worker: str


class RecordClosed(BaseModel):
    """A record was closed (DL 7, DL 18)."""

    reference: str | None
    record_id: str


def event_types(record: str) -> dict[str, type[BaseModel]]:
    """List the callbacks of a system whose records have this name."""
    return {
        "duty_task.received": TaskReceived,
        "duty_task.picked_up": TaskTouched,
        "duty_task.released": TaskTouched,
        "duty_task.declined": TaskDeclined,
        f"{record}.created": RecordsCreated,
        f"{record}.updated": RecordUpdated,
        f"{record}.allocated": RecordAllocated,
        f"{record}.closed": RecordClosed,
    }
