"""The duty trays of a mock: one task per reference, one holder per task."""

from collections.abc import Mapping, Sequence
from uuid import uuid4

from adapters.mock_gateway.callbacks import Callbacks
from adapters.mock_gateway.clock import Clock
from adapters.mock_gateway.duty_task import ChildLeftOut, NewDutyTask, SharingLimit
from adapters.mock_gateway.events import RecordsCreated, TaskDeclined, TaskReceived, TaskTouched
from adapters.mock_gateway.problems import Refusal
from adapters.mock_gateway.record import RecordChild
from adapters.mock_gateway.records import Records
from adapters.mock_gateway.settings import MockSettings
from adapters.mock_gateway.task import Task


class Tasks:
    """Receives tasks and moves them; nothing here awaits, so every race has one winner."""

    def __init__(
        self, settings: MockSettings, clock: Clock, records: Records, callbacks: Callbacks
    ) -> None:
        self.system = records.system
        self.title = self.system.title(settings.authority)
        self.trays: Mapping[str, str] = settings.trays or self.system.trays
        self._clock = clock
        self._records = records
        self._callbacks = callbacks
        self._kept: dict[str, Task] = {}
        self._tombstones: set[str] = set()
        self._by_key: dict[str, Task] = {}

    def deliver(self, sent: NewDutyTask, key: str) -> tuple[Task, bool]:
        """Put a task into its tray once; say whether this call did it.

        Raises:
            Refusal: The key or the reference was used, or the task does not belong here.
        """
        if key in self._by_key:
            if self._by_key[key].sent != sent:
                raise Refusal("key_reused", "A changed task is a new dispatch with a new key.")
            return self._by_key[key], False
        self._must_belong_here(sent)
        self._must_be_new(sent.reference)
        task = Task(sent, f"T-{uuid4().hex[:12].upper()}", self._clock.now())
        self._kept[sent.reference] = self._by_key[key] = task
        self._callbacks.send("duty_task.received", TaskReceived(reference=sent.reference))
        return task, True

    def get(self, reference: str) -> Task:
        """Find a task.

        Raises:
            Refusal: It was never delivered.
        """
        if reference not in self._kept:
            raise Refusal("unknown_reference", "It was never delivered here.")
        return self._kept[reference]

    def in_tray(self, tray: str) -> list[Task]:
        """List the tasks of a tray, whatever became of them.

        Raises:
            Refusal: There is no such tray.
        """
        if tray not in self.trays:
            raise Refusal("unknown_tray", "Choose a tray of this authority.")
        return [task for task in self._kept.values() if task.sent.tray == tray]

    def withdraw(self, reference: str, reason: str) -> Task | None:
        """Take a task back; before it ever arrived, leave a tombstone for it.

        Raises:
            Refusal: The receiving team has started it.
        """
        if reference not in self._kept:
            self._tombstones.add(reference)
            return None
        task = self._kept[reference]
        if task.state == "started":
            raise Refusal("already_started", "The record exists; it must be closed there.")
        if task.state != "withdrawn":
            task.state, task.reason, task.held_by = "withdrawn", reason, None
        return task

    def pick_up(self, reference: str, worker: str) -> Task:
        """Let one worker hold the task (DL 8, DL 19).

        Raises:
            Refusal: Someone else holds it, or it is no longer in the tray.
        """
        task = self.get(reference)
        if task.state == "picked_up":
            task.must_be_held_by(worker)
            return task
        if task.state != "waiting":
            raise Refusal("not_in_tray", f"The task is {task.state}.")
        task.state, task.held_by, task.picked_up_at = "picked_up", worker, self._clock.now()
        told = TaskTouched(reference=reference, worker=worker)
        self._callbacks.send("duty_task.picked_up", told)
        return task

    def release(self, reference: str, worker: str) -> Task:
        """Put the task back into the tray.

        Raises:
            Refusal: The worker does not hold it, or it was started.
        """
        task = self.get(reference)
        task.must_be_held_by(worker)
        if task.state == "started":
            raise Refusal("already_started", "A started task cannot go back to the tray.")
        task.state, task.held_by, task.picked_up_at = "waiting", None, None
        self._callbacks.send("duty_task.released", TaskTouched(reference=reference, worker=worker))
        return task

    def decline(self, reference: str, worker: str, reason: str) -> Task:
        """Send the task back, from the tray or from one's own hands.

        Raises:
            Refusal: Someone else holds it, or it is past declining.
        """
        task = self.get(reference)
        if task.state == "declined" and task.reason == reason:
            return task
        if task.state != "waiting":
            task.must_be_held_by(worker)
        if task.state == "started":
            raise Refusal("already_started", "A started task cannot be declined.")
        task.state, task.reason, task.held_by = "declined", reason, None
        told = TaskDeclined(reference=reference, worker=worker, reason=reason)
        self._callbacks.send("duty_task.declined", told)
        return task

    def start(self, reference: str, worker: str, not_taken: Sequence[ChildLeftOut] = ()) -> Task:
        """Start one record per child who is taken, with the date this system copies (DL 9, DL 20).

        Raises:
            Refusal: The worker does not hold the task, or it is not of those children.
        """
        task = self.get(reference)
        task.must_be_held_by(worker)
        if task.state == "started":
            return task
        task.leave_out(not_taken)
        left = {child.child_id for child in not_taken}
        dated = self.system.copied_date(task.sent)
        fields = self.system.copied_fields(task.shared())
        for child in task.sent.children:
            if child.child_id in left:
                continue
            about = RecordChild(**child.model_dump(include=set(RecordChild.model_fields)))
            record = self._records.create(reference, about, dated, fields)
            record.source = task.sent.referral_source
            task.records.append(record)
        task.state, task.started_at = "started", self._clock.now()
        told = RecordsCreated(
            reference=reference, worker=worker, records=task.created(), not_taken=task.not_taken
        )
        self._callbacks.send(f"{self.system.record}.created", told)
        return task

    def limit_sharing(self, reference: str, limit: SharingLimit) -> Task:
        """Share some forms of a task no further, wherever the task is by now (IS 7).

        Raises:
            Refusal: It was never delivered.
        """
        task = self.get(reference)
        task.limit(limit)
        return task

    def clear(self) -> None:
        """Empty every tray."""
        self._kept.clear()
        self._tombstones.clear()
        self._by_key.clear()

    def _must_belong_here(self, sent: NewDutyTask) -> None:
        """Refuse what another tray, authority or system should get.

        Raises:
            Refusal: Wrong tray, pathway or title.
        """
        if sent.tray not in self.trays:
            raise Refusal("unknown_tray", "Choose a tray of this authority.")
        if sent.pathway != self.system.pathway:
            raise Refusal("wrong_pathway", f"This is {self.system.name}.")
        if sent.title != self.title:
            raise Refusal("wrong_title", f"The title here is '{self.title}'.")

    def _must_be_new(self, reference: str) -> None:
        """Refuse a reference that was used before.

        Raises:
            Refusal: It was delivered or withdrawn.
        """
        known = self._kept.get(reference)
        if reference in self._tombstones or (known and known.state == "withdrawn"):
            raise Refusal("withdrawn", "Dispatch it again under a new reference.")
        if known:
            raise Refusal("duplicate", "The tray has it already.")
