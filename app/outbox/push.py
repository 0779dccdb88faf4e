"""Pushing one delivery through its tray, and what that taught us. No transaction is open here."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime

from app.domain.duty_task import DutyTask, SharingLimit, TaskNotice
from app.domain.learned import Learned
from app.domain.london import local_date
from app.domain.messages import MessageKind, RecordDateCheck, TaskLookUp
from app.domain.published_event import PublishedEvent
from app.domain.record_dates import DateFinding
from app.domain.referral_date import AlreadyRight, Amend, DateCheck, DateStanding, Raise, judge
from app.domain.tray_reports import Report, TaskPickedUp, TaskReceived
from app.outbox.tray import DutyTray, HeldByAnother, TrayRefused, TrayUnavailable
from app.store.delivery_rows import Delivery


@dataclass(frozen=True, slots=True)
class Pushed:
    """A push that arrived: coded words for the row, and what we learned."""

    says: str
    learned: Learned | None = None


async def push(delivery: Delivery, tray: DutyTray, now: datetime) -> Pushed:
    """Say the delivery's message to the tray.

    Raises:
        TrayUnavailable, TrayRefused: as the port says.
    """
    payload = delivery.payload
    if isinstance(payload, DutyTask):
        receipt = await tray.deliver(payload, delivery.key)
        received = TaskReceived(receipt.at or now)
        return Pushed(receipt.says, Learned(payload.reference, (received,)))
    if isinstance(payload, TaskLookUp):
        return looked_up(payload.reference, await tray.look_up(payload.reference))
    if isinstance(payload, SharingLimit):
        return Pushed((await tray.limit_sharing(payload, delivery.key)).says)
    if isinstance(payload, RecordDateCheck):
        finding = await _settle_date(delivery, payload.check, tray, local_date(now))
        return Pushed(finding.standing.value, Learned(payload.reference, date=finding))
    if isinstance(payload, PublishedEvent):
        raise TrayRefused("a tray takes no events")
    return await _notify(delivery, payload, tray, now)


def looked_up(reference: str, reports: tuple[Report, ...] | None) -> Pushed:
    """What a look-up brought; None: the tray has no such task."""
    if reports is None:
        return Pushed("no such task", Learned(reference, missing=True))
    return Pushed("found in the tray", Learned(reference, reports))


async def _notify(delivery: Delivery, notice: TaskNotice, tray: DutyTray, now: datetime) -> Pushed:
    say: dict[MessageKind, Callable[[TaskNotice, str], Awaitable[object]]] = {
        MessageKind.WITHDRAW_TASK: tray.withdraw,
        MessageKind.PICK_UP_TASK: tray.pick_up,
        MessageKind.RELEASE_TASK: tray.release,
        MessageKind.DECLINE_TASK: tray.decline,
    }
    try:
        await say[delivery.kind](notice, delivery.key)
    except HeldByAnother as held:
        reports = (TaskPickedUp(now, held.worker),)
        learned = Learned(notice.reference, reports, held_by_another=True)
        return Pushed("held by another", learned)
    return Pushed("told")


async def _settle_date(
    delivery: Delivery, check: DateCheck, tray: DutyTray, today: date
) -> DateFinding:
    """Read, judge, amend on condition, read back (DL 9).

    Raises:
        TrayUnavailable: also where the amendment did not hold; try again.
    """
    record = await tray.read_record(check.record_id)
    judgement = judge(check, record, today=today)
    match judgement:
        case Raise(standing=standing, dated=dated, why=why):
            return DateFinding(check.record_id, standing, dated, dated, why)
        case AlreadyRight(dated=dated):
            ours = delivery.ambiguous and check.copied not in (None, dated)
            standing = DateStanding.CORRECTED if ours else DateStanding.ALREADY_RIGHT
            was = check.copied if ours and check.copied is not None else dated
            return DateFinding(check.record_id, standing, was, dated)
        case Amend(read=read, right=right):
            await tray.amend_date(check.record_id, record, right, delivery.key)
            await _read_back(check.record_id, right, tray)
            return DateFinding(check.record_id, DateStanding.CORRECTED, read, right)


async def _read_back(record_id: str, right: date, tray: DutyTray) -> None:
    """Pass where an amendment holds.

    Raises:
        TrayUnavailable: it does not, or nobody knows: ambiguous, so that it counts as ours later.
    """
    try:
        back = await tray.read_record(record_id)
    except TrayUnavailable as failure:
        raise TrayUnavailable(
            str(failure), ambiguous=True, retry_after=failure.retry_after
        ) from failure
    if back.dated != right:
        raise TrayUnavailable("the amendment did not hold", ambiguous=True)
