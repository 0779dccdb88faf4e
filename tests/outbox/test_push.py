"""What each message does at the tray, and what its answer teaches us."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from builders import BEGAN, NOW, TODAY
from outbox.fake_tray import FakeTray, Fault
from outbox.test_attempt import PATIENCE, SENT, again, delivery

from app.domain.learned import Learned
from app.domain.messages import MessageKind, RecordDateCheck
from app.domain.record_dates import DateFinding
from app.domain.referral_date import DateStanding, RecordIdentity
from app.domain.tray_reports import TaskPickedUp, TaskReceived
from app.outbox.attempt import Attempt, attempt
from app.outbox.push import push
from app.outbox.tray import TrayRefused, TrayUnavailable
from app.store.delivery_rows import DELIVERED, PARKED, PENDING, Delivery

CHECK = MessageKind.CHECK_RECORD_DATE


def check(**changes: object) -> Delivery:
    """A check of REC-1: right is today, the copied date is when the episode began."""
    asked = delivery(CHECK)
    assert isinstance(asked.payload, RecordDateCheck)
    changed = replace(asked.payload.check, **changes)  # type: ignore[arg-type]
    return replace(asked, payload=replace(asked.payload, check=changed))


def finding(made: Attempt) -> DateFinding:
    """What the attempt found."""
    assert made.learned is not None
    assert made.learned.date is not None
    return made.learned.date


async def test_a_delivered_task_is_reported_as_received_when_the_tray_says() -> None:
    tray = FakeTray()

    pushed = await push(delivery(), tray, NOW)

    assert pushed.learned == Learned(SENT.reference, (TaskReceived(NOW),))


@pytest.mark.parametrize(
    ("kind", "call"),
    [
        (MessageKind.WITHDRAW_TASK, "withdraw"),
        (MessageKind.PICK_UP_TASK, "pick_up"),
        (MessageKind.RELEASE_TASK, "release"),
        (MessageKind.DECLINE_TASK, "decline"),
        (MessageKind.LIMIT_SHARING, "limit_sharing"),
    ],
)
async def test_each_notice_is_told_under_its_own_key(kind: MessageKind, call: str) -> None:
    tray, told = FakeTray(), delivery(kind)

    pushed = await push(told, tray, NOW)

    assert tray.said == [f"{call} {SENT.reference} {told.key}"]
    assert pushed.learned is None


async def test_where_another_holds_the_task_the_tray_is_right_and_we_learn_who() -> None:
    tray = FakeTray()
    tray.held_by = "the.other"

    made = await attempt(delivery(MessageKind.PICK_UP_TASK), tray, NOW, PATIENCE)

    assert made.settlement.state is DELIVERED
    assert made.learned == Learned(
        SENT.reference, (TaskPickedUp(NOW, "the.other"),), held_by_another=True
    )


async def test_a_look_up_brings_the_reports_or_that_there_is_no_such_task() -> None:
    tray = FakeTray()
    missing = await push(delivery(MessageKind.LOOK_UP_TASK), tray, NOW)
    await push(delivery(), tray, NOW)

    found = await push(delivery(MessageKind.LOOK_UP_TASK), tray, NOW)

    assert missing.learned == Learned(SENT.reference, missing=True)
    assert found.learned == Learned(SENT.reference, tray.reports)


async def test_h08_the_copied_date_is_amended_on_condition_and_read_back() -> None:
    tray, asked = FakeTray(), check()

    made = await attempt(asked, tray, NOW, PATIENCE)

    assert tray.said == [
        "read_record REC-1",
        f'amend_date REC-1 "1" {TODAY} {asked.key}',
        "read_record REC-1",
    ]
    assert finding(made) == DateFinding("REC-1", DateStanding.CORRECTED, BEGAN, TODAY)


async def test_h08_a_right_date_is_left_alone() -> None:
    tray = FakeTray()
    tray.record = replace(tray.record, dated=TODAY)

    made = await attempt(check(), tray, NOW, PATIENCE)

    assert tray.spoken() == ["read_record"]
    assert finding(made) == DateFinding("REC-1", DateStanding.ALREADY_RIGHT, TODAY, TODAY)


async def test_h08_a_third_date_is_raised_and_never_overwritten() -> None:
    tray = FakeTray()
    third = date(2026, 11, 1)
    tray.record = replace(tray.record, dated=third)

    made = await attempt(check(), tray, NOW, PATIENCE)

    assert tray.spoken() == ["read_record"]
    assert finding(made).standing is DateStanding.DISCREPANCY
    assert (finding(made).was, finding(made).now) == (third, third)


async def test_h08_where_the_protocol_does_not_amend_a_difference_is_only_raised() -> None:
    tray = FakeTray()

    made = await attempt(check(copied=None), tray, NOW, PATIENCE)

    assert tray.spoken() == ["read_record"]
    assert finding(made).standing is DateStanding.DISCREPANCY


async def test_h08_a_date_copied_again_after_its_last_correction_is_raised() -> None:
    tray = FakeTray()

    made = await attempt(check(may_amend=False), tray, NOW, PATIENCE)

    assert tray.spoken() == ["read_record"]
    assert finding(made).standing is DateStanding.DISCREPANCY


async def test_h08_an_ignored_amendment_is_tried_again_and_parked_at_last() -> None:
    tray = FakeTray()
    tray.ignores_amendments = True

    first = await attempt(check(), tray, NOW, PATIENCE)
    last = await attempt(replace(check(), attempts=len(PATIENCE.steps)), tray, NOW, PATIENCE)

    assert (first.settlement.state, last.settlement.state) == (PENDING, PARKED)
    assert first.learned is None
    assert tray.spoken() == ["read_record", "amend_date", "read_record"] * 2


@pytest.mark.parametrize(
    "faults",
    [
        (None, Fault(TrayUnavailable("timeout", ambiguous=True), after=True)),
        (None, None, Fault(TrayUnavailable("ConnectError"))),
    ],
    ids=["the answer to the amendment is lost", "the reading back fails"],
)
async def test_h08_an_amendment_found_to_hold_afterwards_is_our_correction(
    faults: tuple[Fault | None, ...],
) -> None:
    tray, asked = FakeTray(faults=faults), check()

    failed = await attempt(asked, tray, NOW, PATIENCE)
    made = await attempt(again(asked, failed.settlement), tray, NOW, PATIENCE)

    assert failed.settlement.state is PENDING
    assert finding(made) == DateFinding("REC-1", DateStanding.CORRECTED, BEGAN, TODAY)
    assert tray.spoken().count("amend_date") == 1


async def test_h08_a_refused_amendment_is_parked() -> None:
    tray = FakeTray(faults=(None, Fault(TrayRefused("status 422: not_amendable"))))

    made = await attempt(check(), tray, NOW, PATIENCE)

    assert made.settlement.state is PARKED
    assert made.settlement.outcome == "refused: status 422: not_amendable"


async def test_h08_h13_another_childs_record_is_never_amended() -> None:
    tray = FakeTray()
    swapped = RecordIdentity("DUR9", "Sam Sample", date(2015, 1, 1))
    tray.record = replace(tray.record, child=swapped)

    made = await attempt(check(), tray, NOW, PATIENCE)

    assert tray.spoken() == ["read_record"]
    assert finding(made).standing is DateStanding.WRONG_CHILD


async def test_h08_half_past_midnight_in_summer_belongs_to_the_local_day() -> None:
    tray = FakeTray()
    summer_night = datetime(2026, 7, 14, 23, 30, tzinfo=UTC)

    made = await attempt(check(right=date(2026, 7, 15)), tray, summer_night, PATIENCE)

    assert finding(made).standing is DateStanding.CORRECTED
    assert tray.record.dated == date(2026, 7, 15)


async def test_h08_a_date_that_the_census_would_refuse_is_not_sent() -> None:
    tray = FakeTray()

    made = await attempt(check(right=date(2026, 12, 24)), tray, NOW, PATIENCE)

    assert tray.spoken() == ["read_record"]
    assert finding(made).standing is DateStanding.REFUSED
    assert "8600" in finding(made).why
