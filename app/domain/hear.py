"""What a tray's report means for a transfer, whatever order reports come in.

The tray and the created record live in the case system: on these the system is right. Ranks only
rise: a later report implies the earlier ones; a late one fills in its time.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from app.domain import commands as c
from app.domain.decide import decide
from app.domain.decision import Decision, Event, Situation
from app.domain.errors import StaleReport
from app.domain.messages import Message, MessageKind, TaskLookUp
from app.domain.milestone_kind import Side
from app.domain.milestone_names import LEAD_CHANGED
from app.domain.pathway import Stage
from app.domain.people import Actor
from app.domain.record_dates import RAISED, date_check, right_date
from app.domain.transfer import Child, Milestone, Transfer
from app.domain.tray_reports import (
    RecordAllocated,
    RecordsCreated,
    RecordUpdated,
    Report,
    TaskDeclined,
    TaskPickedUp,
    TaskReceived,
    TaskReleased,
    TaskWaiting,
)

IN_TRAY = (Stage.DISPATCHED, Stage.PICKED_UP)
IN_TRAY_REASON = "declined_in_tray"
"""The code of a reason that the case system has in words alone."""
TAKEN = (Stage.STARTED, Stage.ALLOCATED, Stage.COMPLETED)


def hear(
    transfer: Transfer, reference: str, report: Report, system: Actor, situation: Situation
) -> Decision | None:
    """What the report changes; None where it says nothing new.

    Raises:
        StaleReport: it is about a task that was withdrawn, declined or replaced.
    """
    repeated = transfer.stage is Stage.DECLINED and isinstance(report, TaskDeclined | TaskReceived)
    if reference != transfer.reference or transfer.stage not in (*IN_TRAY, *TAKEN) + (
        (Stage.DECLINED,) if repeated else ()
    ):
        raise StaleReport(reference)
    return _Hearing(transfer, system, situation).take(report)


@dataclass(frozen=True, slots=True)
class _Hearing:
    transfer: Transfer
    system: Actor
    situation: Situation

    def take(self, report: Report) -> Decision | None:  # noqa: PLR0911 - one a kind of report
        match report:
            case TaskReceived():
                return self._received(report)
            case TaskWaiting():
                return self._waiting(report)
            case TaskPickedUp():
                return self._picked_up(report)
            case TaskReleased():
                return self._released(report)
            case TaskDeclined():
                return self._declined(report)
            case RecordsCreated():
                return self._created(report)
            case RecordUpdated():
                return self._updated(report)
            case RecordAllocated():
                return self._allocated(report)

    def _received(self, report: TaskReceived) -> Decision | None:
        if self.transfer.reached_since_dispatch("received_in_tray"):
            return None
        return self._noted(self._mark("received_in_tray", report.at))

    def _waiting(self, report: TaskWaiting) -> Decision | None:
        """A release that we never heard of."""
        picked_up = self.transfer.reached_since_dispatch("picked_up")
        if self.transfer.stage is Stage.PICKED_UP and picked_up and picked_up.at <= report.at:
            return self._act(c.Release(report.at))
        return None

    def _picked_up(self, report: TaskPickedUp) -> Decision | None:
        known = self.transfer.reached_since_dispatch("picked_up")
        released = self.transfer.reached_since_dispatch("released")
        if self.transfer.stage is Stage.DISPATCHED and (not released or released.at < report.at):
            return self._act(c.PickUp(report.worker, report.at))
        if known is None or known.inferred or self._is_later(report, known):
            return self._filled(report)
        return None

    def _is_later(self, report: TaskPickedUp, known: Milestone) -> bool:
        """Whether it tells of a pick up after the known one, and is no echo of our own."""
        if known.by != self.system.id:
            return known.person != report.worker and known.at <= report.at
        return known.at < report.at

    def _filled(self, report: TaskPickedUp) -> Decision:
        mark = replace(self._mark("picked_up", report.at), person=report.worker)
        held = self.transfer.stage is not Stage.DISPATCHED
        return self._noted(mark, holder=report.worker if held else self.transfer.holder)

    def _released(self, report: TaskReleased) -> Decision | None:
        picked_up = self.transfer.reached_since_dispatch("picked_up")
        released = self.transfer.reached_since_dispatch("released")
        if (released and released.at >= report.at) or self._hands_changed_here(report):
            return None
        if self.transfer.stage is Stage.PICKED_UP and picked_up and picked_up.at <= report.at:
            return self._act(c.Release(report.at))
        return self._noted(self._mark("released", report.at))

    def _hands_changed_here(self, report: TaskReleased) -> bool:
        """Whether it tells of a release that our own handing over to another worker asked for."""
        released = self.transfer.reached_since_dispatch("released")
        if released is None or released.person is None or released.by == self.system.id:
            return False
        return released.person == report.worker and self.transfer.holder != report.worker

    def _declined(self, report: TaskDeclined) -> Decision | None:
        if self.transfer.stage is Stage.DECLINED:
            return None
        if self.transfer.stage in TAKEN:
            raise StaleReport(self.transfer.reference)
        return self._act(c.Decline(IN_TRAY_REASON, report.reason, report.at))

    def _created(self, report: RecordsCreated) -> Decision | None:
        if self.transfer.stage in TAKEN:
            told: dict[str, str | None] = dict.fromkeys(x.child_id for x in report.not_taken)
            told |= {record.child_id: record.record_id for record in report.records}
            known = {x.child_id: x.record and x.record.record_id for x in self.transfer.children}
            if told != known:
                raise StaleReport(self.transfer.reference)
            return None
        left = (c.NotTaken(x.child_id, IN_TRAY_REASON, x.reason) for x in report.not_taken)
        start = c.Start(report.records, tuple(left))
        if self.transfer.stage is Stage.PICKED_UP:
            return self._act(start)
        implied = self._act(c.PickUp(report.worker, report.at, inferred=True))
        return implied.then(decide(implied.after, start, self.system, self.situation))

    def _updated(self, report: RecordUpdated) -> Decision | None:
        child = self._child_of(report.record_id)
        if child is None or child.record is None:
            return self._look_up()
        right = right_date(self.transfer, child.record, self.situation)
        expected = report.dated == right and child.record.standing not in RAISED
        if expected or report.dated == child.record.dated_now:
            return None
        check = date_check(self.transfer, child, self.situation)
        return self._noted(self._mark("record_date_changed", report.at), messages=(check,))

    def _allocated(self, report: RecordAllocated) -> Decision | None:
        child = self._child_of(report.record_id)
        if child is None or child.record is None:
            return self._look_up()
        if child.record.allocated_to == report.worker or self._knows_later_allocation(report):
            return None
        record = replace(child.record, allocated_to=report.worker)
        after = self.transfer.with_child(replace(child, record=record))
        mark = replace(self._mark("child_allocated", report.at), person=report.worker)
        if self.transfer.stage is not Stage.STARTED:
            lead = after.lead_professional if self._changed_here(report) else report.worker
            return self._noted(mark, replace(after, lead_professional=lead))
        if all(other.record and other.record.allocated_to for other in after.carried):
            told = (x for x in self.transfer.milestones if x.name == mark.name)
            last = max((*told, mark), key=lambda x: x.at)
            return self._act(c.Allocate(last.person or report.worker, last.at), after)
        return self._noted(mark, after)

    def _knows_later_allocation(self, report: RecordAllocated) -> bool:
        """Whether the transfer was allocated at a later time than this report tells of."""
        allocated = [m.at for m in self.transfer.milestones if m.name == "allocated"]
        again = [m.at for m in self.transfer.milestones if m.name == "child_allocated"]
        return bool(allocated) and report.at <= max(allocated + again)

    def _changed_here(self, report: RecordAllocated) -> bool:
        """Whether the lead was handed over to a colleague after what this report tells of."""
        return any(
            mark.name == LEAD_CHANGED and mark.outcome == Side.RECEIVING and mark.at > report.at
            for mark in self.transfer.milestones
        )

    def _child_of(self, record_id: str) -> Child | None:
        children = self.transfer.children
        return next((x for x in children if x.record and x.record.record_id == record_id), None)

    def _look_up(self) -> Decision:
        """A report that skips one we never heard: ask the tray how the task stands."""
        message = Message(
            self.transfer.id,
            self.situation.rules(self.transfer).to_system,
            MessageKind.LOOK_UP_TASK,
            str(self.transfer.version + 1),
            TaskLookUp(self.transfer.reference),
        )
        return self._noted(self._mark("report_out_of_order"), messages=(message,))

    def _act(self, command: c.Command, on: Transfer | None = None) -> Decision:
        decision = decide(on or self.transfer, command, self.system, self.situation)
        return replace(decision, before=self.transfer)

    def _mark(self, name: str, at: datetime | None = None) -> Milestone:
        now = self.situation.now
        return Milestone(name, at or now, self.system.id, now)

    def _noted(
        self,
        mark: Milestone,
        on: Transfer | None = None,
        *,
        holder: str | None = None,
        messages: tuple[Message, ...] = (),
    ) -> Decision:
        base = (on or self.transfer).with_milestone(mark)
        after = replace(base, version=base.version + 1, holder=holder or base.holder)
        stage, now = after.stage, self.situation.now
        event = Event(f"report:{mark.name}", self.system.id, now, stage, stage, after.version)
        return Decision(self.transfer, after, (event,), messages)
