"""Dispatching: a new reference, the milestone, and the duty task for the receiving tray."""

from dataclasses import replace

from app.domain.decision import Situation
from app.domain.duty_task import (
    DutyTask,
    SharingLimit,
    TaskChild,
    TaskForm,
    TaskMeeting,
    TaskMember,
    TaskNotice,
    title,
)
from app.domain.form import AttachedForm, Form
from app.domain.messages import Message, MessageKind
from app.domain.pathway import Stage
from app.domain.transfer import Milestone, Transfer


def dispatch(transfer: Transfer, by: str, situation: Situation) -> tuple[Transfer, Message]:
    """The transfer with its task under way, and the message that carries the task.

    Raises:
        LookupError: the recipient is not among the situation's teams (its rules were not asked).
    """
    sent = replace(
        transfer, dispatch=transfer.dispatch + 1, sent_to=transfer.form.recipient, holder=None
    )
    sent = sent.with_milestone(
        Milestone("dispatched", situation.now, by, situation.now, team=sent.sent_to)
    )
    rules = situation.rules(sent)
    message = Message(
        transfer=sent.id,
        destination=rules.to_system,
        kind=MessageKind.DELIVER_TASK,
        revision=str(sent.dispatch),
        payload=duty_task(sent, situation),
    )
    return sent, message


def withdrawal(transfer: Transfer, by: str, reason: str, situation: Situation) -> Message:
    """The message that takes the present task back out of its tray."""
    return notice(MessageKind.WITHDRAW_TASK, transfer, by, situation, reason)


def notice(
    kind: MessageKind, transfer: Transfer, worker: str, situation: Situation, reason: str = ""
) -> Message:
    """A message about the present task: what happened to it on our side."""
    return Message(
        transfer=transfer.id,
        destination=situation.rules(transfer).to_system,
        kind=kind,
        revision=str(transfer.version + 1),
        payload=TaskNotice(transfer.reference, worker, reason),
    )


def limit_sharing(
    transfer: Transfer, scope: str, forms: tuple[AttachedForm, ...], situation: Situation
) -> tuple[Message, ...]:
    """The messages that these forms of its tasks are shared no further (IS 7).

    The present task is told of first; those that were declined before it lie in their trays as
    well. What was withdrawn from a tray is not there any more.
    """
    records = tuple(form.record_id for form in forms)
    version = str(transfer.version + 1)
    return tuple(
        Message(
            transfer=transfer.id,
            destination=situation.rules(transfer).to_system,
            kind=MessageKind.LIMIT_SHARING,
            revision=version if dispatch == transfer.dispatch else f"{version}.{dispatch}",
            payload=SharingLimit(transfer.reference_of(dispatch), (scope,), records),
        )
        for dispatch in _lie_in_trays(transfer)
    )


def _lie_in_trays(transfer: Transfer) -> list[int]:
    """The numbers of the dispatches whose tasks nobody withdrew, the latest first."""
    lie, dispatched = set[int](), 0
    for mark in transfer.milestones:
        if mark.name == "dispatched":
            dispatched += 1
        elif mark.name == "declined":
            lie.add(dispatched)
    if transfer.stage is not Stage.CANCELLED:
        lie.add(transfer.dispatch)
    return sorted(lie, reverse=True)


def duty_task(transfer: Transfer, situation: Situation) -> DutyTask:
    """What the tray receives: this allow-list and nothing else (hazard 14)."""
    rules, form = situation.rules(transfer), transfer.form
    if form.recipient is None or form.date_of_transfer is None or form.comments is None:
        raise LookupError("a task needs a recipient, a date of transfer and comments")
    return DutyTask(
        reference=transfer.reference,
        title=title(situation.protocol.short_name, rules.from_system),
        tray=situation.teams[form.recipient].tray,
        pathway=transfer.pathway,
        route=transfer.route,
        immediate_risk=rules.routes[transfer.route].immediate_risk,
        date_of_transfer=form.date_of_transfer,
        comments=form.comments,
        from_team=situation.teams[transfer.origin_team].name,
        from_worker=transfer.submitter or transfer.author,
        meeting=_meeting(form),
        record_id=transfer.origin_record.record_id,
        record_started_on=transfer.origin_record.started_on,
        children=tuple(
            TaskChild(c.child_id, c.name, c.date_of_birth, c.nhs_number, c.upn, c.upn_unknown)
            for c in transfer.carried
        ),
        forms=tuple(
            TaskForm(f.form, f.record_id, f.completed_on, dict(f.fields)) for f in form.forms
        ),
        referral_source=rules.referral_source,
        primary_need=form.primary_need,
        statements=dict(form.statements),
        next_lead_professional=form.next_lead_professional,
        team_around_the_family=tuple(
            TaskMember(m.name, m.agency, m.purpose) for m in transfer.team_around if m.in_it
        ),
    )


def _meeting(form: Form) -> TaskMeeting:
    meeting = form.meeting
    return TaskMeeting(meeting.held_on, meeting.chair, meeting.decision, meeting.notes)
