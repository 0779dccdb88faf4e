"""The bodies of callbacks, as the gateway contracts define them."""

from typing import Annotated, Literal

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, RootModel, ValidationError

from app.api.fields import AnswerText, ChildId, Instant, IsoDate, Line, RecordId
from app.domain import tray_reports as r

Reference = Annotated[str, Field(pattern=r"^[!-.0-~]{1,100}$")]
Reason = Annotated[AnswerText, Field(min_length=1)]


class _Told(BaseModel):
    """Later versions of a gateway may tell more than we read."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class TaskData(_Told):
    """A task."""

    reference: Reference


class TouchedData(TaskData):
    """A task and the worker at it."""

    worker: Line


class DeclinedData(TouchedData):
    """A task that its team does not take."""

    reason: Reason


class CreatedRecordData(_Told):
    """A created referral or episode."""

    child_id: ChildId
    record_id: RecordId
    created_at: Instant
    dated: IsoDate


class LeftOutData(_Told):
    """A child for whom nothing was created, and the worker's reason."""

    child_id: ChildId
    reason: Reason


class CreatedData(TouchedData):
    """What was created for a task, and the children who are not taken."""

    records: Annotated[list[CreatedRecordData], Field(min_length=1, max_length=20)]
    not_taken: Annotated[list[LeftOutData], Field(max_length=19)] = []


class RecordData(_Told):
    """A referral or episode; without a reference it came from no task of ours."""

    reference: Reference | None
    record_id: RecordId


class UpdatedData(RecordData):
    """A saved record with its date."""

    dated: IsoDate


class AllocatedData(RecordData):
    """A record and the worker it was allocated to."""

    worker: Line


class Told(_Told):
    """What every callback has."""

    occurred_at: Instant


class TaskReceived(Told):
    """A task lies in its tray."""

    type: Literal["duty_task.received"]
    data: TaskData

    def report(self) -> r.Report | None:
        """In the domain's words."""
        return r.TaskReceived(self.occurred_at)


class TaskPickedUp(Told):
    """*Pickup* was pressed."""

    type: Literal["duty_task.picked_up"]
    data: TouchedData

    def report(self) -> r.Report | None:
        """In the domain's words."""
        return r.TaskPickedUp(self.occurred_at, self.data.worker)


class TaskReleased(Told):
    """A task was put back."""

    type: Literal["duty_task.released"]
    data: TouchedData

    def report(self) -> r.Report | None:
        """In the domain's words."""
        return r.TaskReleased(self.occurred_at, self.data.worker)


class TaskDeclined(Told):
    """A task was sent back."""

    type: Literal["duty_task.declined"]
    data: DeclinedData

    def report(self) -> r.Report | None:
        """In the domain's words."""
        return r.TaskDeclined(self.occurred_at, self.data.reason)


class RecordsCreated(Told):
    """*Start New Referral* or *Start Early Help Episode* was pressed."""

    type: Literal["referral.created", "episode.created"]
    data: CreatedData

    def report(self) -> r.Report | None:
        """In the domain's words."""
        records = tuple(
            r.NewRecord(x.child_id, x.record_id, x.created_at, x.dated) for x in self.data.records
        )
        left = tuple(r.ChildLeftOut(x.child_id, x.reason) for x in self.data.not_taken)
        return r.RecordsCreated(self.occurred_at, self.data.worker, records, left)


class RecordUpdated(Told):
    """A record was saved."""

    type: Literal["referral.updated", "episode.updated"]
    data: UpdatedData

    def report(self) -> r.Report | None:
        """In the domain's words."""
        return r.RecordUpdated(self.occurred_at, self.data.record_id, self.data.dated)


class RecordAllocated(Told):
    """A record was allocated."""

    type: Literal["referral.allocated", "episode.allocated"]
    data: AllocatedData

    def report(self) -> r.Report | None:
        """In the domain's words."""
        return r.RecordAllocated(self.occurred_at, self.data.record_id, self.data.worker)


class RecordClosed(Told):
    """A record was closed: it says nothing to a transfer."""

    type: Literal["referral.closed", "episode.closed"]
    data: RecordData

    def report(self) -> r.Report | None:
        """None."""
        return None


AnyCallback = Annotated[
    TaskReceived
    | TaskPickedUp
    | TaskReleased
    | TaskDeclined
    | RecordsCreated
    | RecordUpdated
    | RecordAllocated
    | RecordClosed,
    Field(discriminator="type"),
]


class CallbackBody(RootModel[AnyCallback]):
    """One callback: its `type` says what happened, `data` to what."""


def read_callback(body: bytes) -> AnyCallback:
    """The callback in a signed body.

    Raises:
        RequestValidationError: it is none of the contract's.
    """
    try:
        return CallbackBody.model_validate_json(body).root
    except ValidationError as error:
        raise RequestValidationError(error.errors(include_input=False)) from error
