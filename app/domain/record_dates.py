"""The dates of created records through a transfer's life: what to check, what was found."""

from dataclasses import dataclass, replace
from datetime import date

from app.domain.decision import Alert, Decision, Event, Situation
from app.domain.london import local_date
from app.domain.messages import Message, MessageKind, RecordDateCheck
from app.domain.people import Actor
from app.domain.referral_date import DateCheck, DateStanding, RecordIdentity
from app.domain.transfer import Child, CreatedRecord, Milestone, Transfer

MOST_CORRECTIONS = 2
"""The first correction, and once again when LCS copies the date again (DL 9)."""

SETTLED = (DateStanding.ALREADY_RIGHT, DateStanding.CORRECTED)
RAISED = (DateStanding.DISCREPANCY, DateStanding.REFUSED, DateStanding.WRONG_CHILD)


@dataclass(frozen=True, slots=True)
class DateFinding:
    """What a check found and did: `was` as first read, `now` as read back."""

    record_id: str
    standing: DateStanding
    was: date
    now: date
    why: str = ""


def right_date(transfer: Transfer, record: CreatedRecord, situation: Situation) -> date:
    """The date the record should bear by the protocol: the local day of its creation, or the
    form's Date of Transfer.
    """  # noqa: D205 - one sentence
    if situation.rules(transfer).record_date.should_be == "day_created":
        return local_date(record.created_at)
    return transfer.form.date_of_transfer or local_date(record.created_at)


def date_check(transfer: Transfer, child: Child, situation: Situation) -> Message:
    """The message that has the relay read a child's created record and hold its date to the rule.

    Raises:
        LookupError: nothing was created for the child yet.
    """
    if child.record is None:
        raise LookupError("no record was created for this child")
    rule = situation.rules(transfer)
    check = DateCheck(
        record_id=child.record.record_id,
        right=right_date(transfer, child.record, situation),
        copied=transfer.origin_record.started_on if rule.record_date.amend else None,
        child=RecordIdentity(child.child_id, child.name, child.date_of_birth),
        may_amend=child.record.corrections < MOST_CORRECTIONS,
    )
    index = [c.child_id for c in transfer.children].index(child.child_id)
    return Message(
        transfer=transfer.id,
        destination=rule.to_system,
        kind=MessageKind.CHECK_RECORD_DATE,
        revision=f"{transfer.version + 1}.{index}",
        payload=RecordDateCheck(transfer.reference, check),
    )


def note_finding(
    transfer: Transfer, finding: DateFinding, actor: Actor, situation: Situation
) -> Decision | None:
    """Keep what a check found, with both dates; None where it is nothing new."""
    child = next(
        (c for c in transfer.children if c.record and c.record.record_id == finding.record_id), None
    )
    if child is None or child.record is None:
        return None
    settled_before = child.record.standing in SETTLED
    if finding.standing is DateStanding.ALREADY_RIGHT and settled_before:
        return None
    corrected = finding.standing is DateStanding.CORRECTED
    record = replace(
        child.record,
        dated_now=finding.now,
        standing=finding.standing,
        corrections=child.record.corrections + corrected,
    )
    called = situation.rules(transfer).record_date.called
    name = f"{called}_{finding.standing}"
    mark = Milestone(
        name,
        situation.now,
        actor.id,
        situation.now,
        note=f"{finding.was.isoformat()} to {finding.now.isoformat()}",
    )
    after = replace(
        transfer.with_child(replace(child, record=record)).with_milestone(mark),
        version=transfer.version + 1,
    )
    event = Event(
        name, actor.id, situation.now, transfer.stage, transfer.stage, after.version,
        (f"was:{finding.was}", f"now:{finding.now}"),
    )  # fmt: skip
    alerts = () if finding.standing in (*SETTLED,) else (_alert(after, name, finding),)
    return Decision(transfer, after, (event,), alerts=alerts)


def _alert(transfer: Transfer, name: str, finding: DateFinding) -> Alert:
    team = transfer.form.recipient or transfer.origin_team
    key = f"{transfer.id}:{name}:{finding.record_id}:{transfer.version}"
    return Alert(name, key, team, finding.why)
