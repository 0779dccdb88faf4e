"""What each command does to a transfer, once the table and the actor's authority allow it."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import singledispatch

from app.domain import commands as c
from app.domain.booking import booking_fault
from app.domain.breach import must
from app.domain.children_started import NOT_TAKEN, Started
from app.domain.decision import Situation
from app.domain.dispatch import notice, withdrawal
from app.domain.errors import RulesBroken
from app.domain.messages import Message, MessageKind
from app.domain.milestone_names import SUBMITTED_TO_MEETING, VOIDED, Named
from app.domain.pathway import Stage
from app.domain.record_dates import date_check
from app.domain.shared_forms import without_withdrawn
from app.domain.transfer import BookedMeeting, Milestone, Transfer


@dataclass(frozen=True, slots=True)
class Acting:
    """Who acts in which situation; `by_system`: the receiving system reports its own doing."""

    actor: str
    by_system: bool
    situation: Situation

    def mark(self, name: str, at: datetime | None = None, **more: object) -> Milestone:
        """A milestone of this act."""
        now = self.situation.now
        return replace(Milestone(name, at or now, self.actor, now), **more)  # type: ignore[arg-type]


Effect = tuple[Transfer, tuple[Message, ...]]


@singledispatch
def apply(command: object, transfer: Transfer, acting: Acting) -> Effect:
    """The changed transfer (its stage is the table's business) and what the tray must be told.

    Raises:
        RulesBroken: a start does not tell of each child once, or takes nobody; a redirect leads
            nowhere else; no such meeting, or no such reason to decline.
    """
    raise TypeError(f"no effect for {type(command).__name__} on {transfer.id} by {acting.actor}")


@apply.register
def _(command: c.Edit, transfer: Transfer, acting: Acting) -> Effect:
    edited = replace(transfer, form=command.form, last_editor=acting.actor)
    if command.form.differs_by_the_meeting_alone(transfer.form):
        return edited, ()
    for name, kind in acting.situation.rules(transfer).milestones.items():
        if kind.voided_by_edit and transfer.stands(Named(name)):
            edited = edited.with_milestone(acting.mark(name, outcome=VOIDED))
    return edited, ()


@apply.register
def _(command: c.SubmitToMeeting, transfer: Transfer, acting: Acting) -> Effect:
    fault = booking_fault(command, transfer, acting.situation)
    if fault is not None:
        raise RulesBroken((fault,))
    booked = replace(transfer, meeting=BookedMeeting(command.series, command.starts_at))
    mark = acting.mark(SUBMITTED_TO_MEETING, until=command.starts_at)
    return booked.with_milestone(mark), ()


@apply.register
def _(command: c.Finalise, transfer: Transfer, acting: Acting) -> Effect:
    del command
    submitted = replace(transfer, submitter=acting.actor)
    return submitted.with_milestone(acting.mark("finalised")), ()


@apply.register
def _(command: c.Authorise, transfer: Transfer, acting: Acting) -> Effect:
    del command
    authorised = replace(transfer, authorised_by=acting.actor)
    return authorised.with_milestone(acting.mark("authorised")), ()


@apply.register
def _(command: c.Return, transfer: Transfer, acting: Acting) -> Effect:
    returned = replace(transfer, submitter=None, authorised_by=None, sent_to=None, holder=None)
    return returned.with_milestone(acting.mark("returned", note=command.comment)), ()


@apply.register
def _(command: c.Redirect, transfer: Transfer, acting: Acting) -> Effect:
    withdrawn: tuple[Message, ...] = ()
    if transfer.stage is Stage.DISPATCHED:
        there = command.recipient == transfer.form.recipient
        if there and not transfer.lies_in_closed_tray:
            says = "Choose a team other than the one that has the task"
            raise RulesBroken((must("redirect-elsewhere", says, "the same team", "DL 3, 14"),))
        withdrawn = (withdrawal(transfer, acting.actor, "redirected", acting.situation),)
    moved = replace(transfer, form=replace(transfer.form, recipient=command.recipient))
    moved = without_withdrawn(moved, acting.situation)
    return moved.with_milestone(acting.mark("redirected", note=command.comment)), withdrawn


@apply.register
def _(command: c.PickUp, transfer: Transfer, acting: Acting) -> Effect:
    mark = acting.mark("picked_up", command.at, inferred=command.inferred, person=command.holder)
    held = replace(transfer, holder=command.holder).with_milestone(mark)
    return held, _tell(MessageKind.PICK_UP_TASK, transfer, command.holder, acting)


@apply.register
def _(command: c.Release, transfer: Transfer, acting: Acting) -> Effect:
    released = replace(transfer, holder=None).with_milestone(acting.mark("released", command.at))
    worker = transfer.holder or acting.actor
    return released, _tell(MessageKind.RELEASE_TASK, transfer, worker, acting)


@apply.register
def _(command: c.Decline, transfer: Transfer, acting: Acting) -> Effect:
    known = acting.situation.rules(transfer).decline_reasons
    if known and not acting.by_system and command.reason not in known:
        says = f"Choose a reason: {', '.join(known)}"
        raise RulesBroken((must("decline-reason", says, "no such reason"),))
    mark = acting.mark("declined", command.at, reason=command.reason, note=command.comment)
    declined = replace(transfer, holder=None).with_milestone(mark)
    told = _tell(MessageKind.DECLINE_TASK, transfer, acting.actor, acting, command.reason)
    return declined, told


@apply.register
def _(command: c.Start, transfer: Transfer, acting: Acting) -> Effect:
    rules = acting.situation.rules(transfer)
    started = Started(command, rules.decline_reasons, acting.by_system)
    breaches = tuple(started.breaches(transfer))
    if breaches:
        raise RulesBroken(breaches)
    begun = replace(transfer, children=started.children(transfer))
    begun = begun.with_milestone(acting.mark("started", started.at))
    for left in command.not_taken:
        begun = begun.with_milestone(
            acting.mark(
                NOT_TAKEN,
                started.at,
                person=left.child_id,
                reason=left.reason,
                note=left.comment,
            )
        )
    checks = tuple(date_check(begun, child, acting.situation) for child in begun.carried)
    return begun, checks


@apply.register
def _(command: c.Allocate, transfer: Transfer, acting: Acting) -> Effect:
    allocated = replace(transfer, lead_professional=command.worker)
    for child in transfer.children:
        if child.record is not None and child.record.allocated_to is None:
            record = replace(child.record, allocated_to=command.worker)
            allocated = allocated.with_child(replace(child, record=record))
    mark = acting.mark("allocated", command.at, person=command.worker)
    return allocated.with_milestone(mark), ()


@apply.register
def _(command: c.Complete, transfer: Transfer, acting: Acting) -> Effect:
    return transfer.with_milestone(acting.mark("completed", note=command.comment)), ()


@apply.register
def _(command: c.Cancel, transfer: Transfer, acting: Acting) -> Effect:
    mark = acting.mark("cancelled", reason=command.reason, note=command.comment)
    withdrawn: tuple[Message, ...] = ()
    if transfer.stage is Stage.DISPATCHED:
        withdrawn = (withdrawal(transfer, acting.actor, command.reason, acting.situation),)
    return transfer.with_milestone(mark), withdrawn


def _tell(
    kind: MessageKind, transfer: Transfer, worker: str, acting: Acting, reason: str = ""
) -> tuple[Message, ...]:
    if acting.by_system:
        return ()
    return (notice(kind, transfer, worker, acting.situation, reason),)
