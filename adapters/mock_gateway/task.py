"""A task inside a mock's duty tray, and how it looks from outside."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from adapters.mock_gateway.duty_task import (
    ChildLeftOut,
    CreatedRecord,
    DutyTask,
    NewDutyTask,
    ReceivedForm,
    SharingLimit,
    TaskState,
)
from adapters.mock_gateway.problems import Refusal
from adapters.mock_gateway.record import Record


@dataclass
class Task:
    """One delivered task."""

    sent: NewDutyTask
    task_id: str
    received_at: datetime
    state: TaskState = "waiting"
    picked_up_at: datetime | None = None
    held_by: str | None = None
    started_at: datetime | None = None
    reason: str | None = None
    records: list[Record] = field(default_factory=list)
    not_taken: list[ChildLeftOut] = field(default_factory=list)
    withdrawn_scopes: set[str] = field(default_factory=set)
    restricted_forms: set[str] = field(default_factory=set)

    def must_be_held_by(self, worker: str) -> None:
        """Refuse everyone but the holder.

        Raises:
            Refusal: Someone else holds the task, nobody does, or it has left the tray.
        """
        if self.held_by is not None and self.held_by != worker:
            raise Refusal("held_by_another", f"{self.held_by} has it.", held_by=self.held_by)
        if self.state == "waiting":
            raise Refusal("not_picked_up", "Press Pickup first.")
        if self.state in ("declined", "withdrawn"):
            raise Refusal("not_in_tray", f"The task is {self.state}.")

    def leave_out(self, children: Sequence[ChildLeftOut]) -> None:
        """Take these children of the task not, each once, and somebody all the same.

        Raises:
            Refusal: They are not of the task, one is named twice, or nobody is left.
        """
        named, ours = [x.child_id for x in children], {x.child_id for x in self.sent.children}
        if len(set(named)) != len(named) or not set(named) < ours:
            raise Refusal("unknown_child", "Name children of the task, once, and not all of them.")
        self.not_taken = list(children)

    def limit(self, limit: SharingLimit) -> None:
        """Share these forms no further, nor what was copied forward from them."""
        self.withdrawn_scopes.update(limit.scopes)
        self.restricted_forms.update(limit.forms)
        for form in self.sent.forms:
            if form.record_id in self.restricted_forms:
                for record in self.records:
                    record.restricted.update(form.fields)

    def hides(self, form: str) -> bool:
        """Whether the form of that record is not shown: all are the sender's once it takes back."""
        return self.state == "withdrawn" or form in self.restricted_forms

    def shared(self) -> NewDutyTask:
        """The task as it was sent, without the forms that are shared no further."""
        forms = [form for form in self.sent.forms if form.record_id not in self.restricted_forms]
        return self.sent.model_copy(update={"forms": forms})

    def forms(self) -> list[ReceivedForm]:
        """List the forms; of those that are shared no further, nothing but which they are."""
        return [
            ReceivedForm(
                form=form.form,
                record_id=form.record_id,
                completed_on=None if restricted else form.completed_on,
                fields={} if restricted else form.fields,
                restricted=restricted,
            )
            for form in self.sent.forms
            for restricted in [self.hides(form.record_id)]
        ]

    def created(self) -> list[CreatedRecord]:
        """List what was started for each child, with its date as it is now."""
        return [
            CreatedRecord(
                child_id=record.child.child_id,
                record_id=record.record_id,
                created_at=record.created_at,
                dated=record.dated,
            )
            for record in self.records
        ]

    def view(self) -> DutyTask:
        """Show the task as it is now."""
        workers = [record.worker for record in self.records]
        return DutyTask(
            reference=self.sent.reference,
            task_id=self.task_id,
            title=self.sent.title,
            tray=self.sent.tray,
            state=self.state,
            received_at=self.received_at,
            picked_up_at=self.picked_up_at,
            held_by=self.held_by,
            started_at=self.started_at,
            allocated_to=workers[0] if workers and all(workers) else None,
            records=self.created(),
            not_taken=self.not_taken,
            withdrawn_scopes=sorted(self.withdrawn_scopes),
            restricted_forms=sorted(self.restricted_forms),
        )
