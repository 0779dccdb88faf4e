"""What to do about the date of a created record (DL 9, DL 20). Hazards 8 and 13."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from builders import BEGAN, NOW, TODAY, actor, child, new_records, situation, transfer_at
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain import commands as c
from app.domain.decide import decide
from app.domain.decision import Decision, Event
from app.domain.duty_task import CaseSystem
from app.domain.hear import hear
from app.domain.messages import MessageKind, RecordDateCheck
from app.domain.pathway import Pathway, Stage
from app.domain.people import system_actor
from app.domain.record_dates import DateFinding, date_check, note_finding, right_date
from app.domain.referral_date import (
    AlreadyRight,
    Amend,
    DateCheck,
    DateStanding,
    Raise,
    RecordDate,
    RecordIdentity,
    judge,
)
from app.domain.transfer import CreatedRecord, Transfer
from app.domain.tray_reports import NewRecord, RecordUpdated

ALEX = RecordIdentity("DUR1001", "Alex Example", date(2017, 3, 9))
CHECK = DateCheck("REC-DUR1001", right=TODAY, copied=BEGAN, child=ALEX, may_amend=True)
LCS = system_actor(CaseSystem.LCS, "durham")
EHM = system_actor(CaseSystem.EHM, "durham")
THIRD = date(2026, 10, 1)
DATES = st.dates(date(2016, 1, 1), date(2027, 12, 31))


def reads(dated: date, **changes: object) -> RecordDate:
    """The record as the case system shows it."""
    return replace(RecordDate(dated, ALEX, "v1"), **changes)  # type: ignore[arg-type]


def test_h08_the_copied_date_is_amended_to_the_right_one() -> None:
    assert judge(CHECK, reads(BEGAN), today=TODAY) == Amend(read=BEGAN, right=TODAY)


def test_h08_a_date_that_is_right_already_is_left_alone() -> None:
    assert judge(CHECK, reads(TODAY), today=TODAY) == AlreadyRight(TODAY)


def test_h08_an_episode_that_began_on_the_day_needs_no_amendment() -> None:
    same_day = replace(CHECK, copied=TODAY)

    assert judge(same_day, reads(TODAY), today=TODAY) == AlreadyRight(TODAY)


@pytest.mark.parametrize("days", [-400, -1, 1, 30])
def test_h08_a_third_date_is_raised_and_never_overwritten(days: int) -> None:
    third = TODAY + timedelta(days=days)

    judgement = judge(CHECK, reads(third), today=TODAY)

    assert judgement == Raise(DateStanding.DISCREPANCY, third, "A third date, set by a person")


def test_h08_a_date_that_is_copied_too_often_is_raised() -> None:
    judgement = judge(replace(CHECK, may_amend=False), reads(BEGAN), today=TODAY)

    assert judgement == Raise(DateStanding.DISCREPANCY, BEGAN, "Copied again after a correction")


def test_h08_a_step_down_s_date_is_raised_where_it_differs_and_never_amended() -> None:
    never = replace(CHECK, copied=None)

    assert judge(never, reads(TODAY), today=TODAY) == AlreadyRight(TODAY)
    assert isinstance(judge(never, reads(BEGAN), today=TODAY), Raise)


@pytest.mark.parametrize(
    ("right", "born", "closed", "today", "rules"),
    [
        (TODAY, date(2017, 3, 9), None, TODAY - timedelta(days=1), "8600"),
        (TODAY, TODAY + timedelta(weeks=40, days=1), None, TODAY, "8606"),
        (TODAY, date(2017, 3, 9), TODAY - timedelta(days=1), TODAY, "8630"),
        (
            TODAY,
            TODAY + timedelta(weeks=41),
            TODAY - timedelta(days=1),
            TODAY - timedelta(days=1),
            "8600, 8606, 8630",
        ),
    ],
    ids=["future", "long before birth", "after closure", "all three"],
)
def test_h08_a_date_that_the_census_would_refuse_is_not_sent(
    right: date, born: date, closed: date | None, today: date, rules: str
) -> None:
    unborn = replace(ALEX, date_of_birth=born)
    check = replace(CHECK, right=right, child=unborn)

    judgement = judge(check, reads(BEGAN, child=unborn, closed_on=closed), today=today)

    says = f"The census would refuse it: {rules}"
    assert judgement == Raise(DateStanding.REFUSED, BEGAN, says)


@pytest.mark.parametrize(
    "other",
    [
        replace(ALEX, child_id="DUR1002"),
        replace(ALEX, name="Billie Example"),
        replace(ALEX, date_of_birth=date(2017, 9, 3)),
    ],
    ids=["id", "name", "date of birth"],
)
@pytest.mark.parametrize("dated", [BEGAN, TODAY, THIRD], ids=["copied", "right", "third"])
def test_h13_a_record_of_another_child_is_raised_whatever_its_date(
    other: RecordIdentity, dated: date
) -> None:
    judgement = judge(CHECK, reads(dated, child=other), today=TODAY)

    assert judgement == Raise(DateStanding.WRONG_CHILD, dated, "The record is another child's")


def test_h13_a_name_in_capitals_or_with_more_space_is_the_same_child() -> None:
    shouted = replace(ALEX, name="  ALEX   EXAMPLE ")

    assert judge(CHECK, reads(BEGAN, child=shouted), today=TODAY) == Amend(BEGAN, TODAY)


@given(
    right=DATES,
    copied=st.none() | DATES,
    read=DATES,
    today=DATES,
    closed=st.none() | DATES,
    born=DATES,
    may_amend=st.booleans(),
    same_child=st.booleans(),
    read_is=st.sampled_from(["any", "right", "copied"]),
)
@settings(max_examples=200, deadline=None)
def test_h08_it_is_amended_from_the_copied_to_the_right_date_and_in_no_other_way(  # noqa: PLR0913
    *,
    right: date,
    copied: date | None,
    read: date,
    today: date,
    closed: date | None,
    born: date,
    may_amend: bool,
    same_child: bool,
    read_is: str,
) -> None:
    mine = replace(ALEX, date_of_birth=born)
    shown = {"any": read, "right": right, "copied": copied or read}[read_is]
    record = RecordDate(
        shown, mine if same_child else replace(mine, child_id="DUR9999"), "v1", closed
    )
    check = DateCheck("REC-DUR1001", right, copied, mine, may_amend)

    judgement = judge(check, record, today=today)

    may = (
        same_child
        and may_amend
        and shown == copied != right
        and right <= today
        and right >= born - timedelta(weeks=40)
        and (closed is None or right <= closed)
    )
    assert isinstance(judgement, Amend) == may
    if isinstance(judgement, Amend):
        assert judgement == Amend(read=shown, right=right)
    if same_child and shown == right:
        assert judgement == AlreadyRight(right)


@pytest.mark.parametrize(
    ("created", "counts_as"),
    [
        (datetime(2026, 7, 1, 23, 30, tzinfo=UTC), date(2026, 7, 2)),
        (datetime(2026, 7, 1, 22, 59, 59, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 1, 1, 23, 30, tzinfo=UTC), date(2026, 1, 1)),
        (datetime(2026, 3, 28, 23, 59, tzinfo=UTC), date(2026, 3, 28)),
        (datetime(2026, 3, 29, 0, 30, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 3, 29, 23, 0, tzinfo=UTC), date(2026, 3, 30)),
        (datetime(2026, 10, 24, 23, 0, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 23, 30, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 26, 0, 0, tzinfo=UTC), date(2026, 10, 26)),
    ],
    ids=[
        "00:30 BST",
        "23:59 BST",
        "winter",
        "eve of the spring change",
        "spring, before it",
        "spring, after it",
        "autumn, before it",
        "autumn, after it",
        "the day after autumn",
    ],
)
def test_h08_the_right_date_is_london_s_day_of_the_referral_s_creation(
    created: datetime, counts_as: date
) -> None:
    held = transfer_at(Stage.PICKED_UP)
    start = c.Start((NewRecord("DUR1001", "REC-DUR1001", created, BEGAN),))

    (message,) = decide(held, start, actor("ff.manager"), situation()).messages

    assert isinstance(message.payload, RecordDateCheck)
    assert message.payload.check == replace(CHECK, right=counts_as)


def test_h08_a_start_has_every_child_s_record_checked_in_its_own_case_system() -> None:
    children = (child(), child("DUR1002", "Billie Example"))
    held = transfer_at(Stage.PICKED_UP, children=children)

    decision = decide(held, c.Start(new_records(children)), actor("ff.manager"), situation())

    assert [message.kind for message in decision.messages] == [MessageKind.CHECK_RECORD_DATE] * 2
    assert {message.destination for message in decision.messages} == {CaseSystem.LCS}
    assert [message.revision for message in decision.messages] == ["4.0", "4.1"]


def test_h08_a_step_down_s_check_asks_for_the_date_of_transfer_and_amends_nothing() -> None:
    held = transfer_at(Stage.PICKED_UP, Pathway.STEP_DOWN)
    later = situation(NOW + timedelta(days=4))
    start = c.Start(new_records(held.children, later.now))

    (message,) = decide(held, start, actor("op.manager"), later).messages

    assert isinstance(message.payload, RecordDateCheck)
    assert (message.payload.check.right, message.payload.check.copied) == (TODAY, None)


def test_a_date_is_checked_only_of_a_record_that_there_is() -> None:
    record = CreatedRecord("REC-1", NOW, BEGAN, BEGAN)

    draft = transfer_at(Stage.DRAFT)

    assert right_date(draft, record, situation()) == TODAY
    with pytest.raises(LookupError, match=r"^no record was created for this child$"):
        date_check(draft, draft.children[0], situation())


def test_h08_where_a_step_down_names_no_date_of_transfer_the_day_of_creation_is_right() -> None:
    down = transfer_at(Stage.DRAFT, Pathway.STEP_DOWN)
    undated = replace(down, form=replace(down.form, date_of_transfer=None))
    record = CreatedRecord("REC-1", datetime(2026, 7, 1, 23, 30, tzinfo=UTC), BEGAN, BEGAN)

    assert right_date(undated, record, situation()) == date(2026, 7, 2)
    assert right_date(down, record, situation()) == TODAY


def found(standing: DateStanding, was: date, now: date) -> DateFinding:
    """What the relay found at the record of the one child."""
    return DateFinding("REC-DUR1001", standing, was, now, "why")


def noted(transfer: Transfer, finding: DateFinding) -> Decision:
    """The decision on a finding that is news."""
    decision = note_finding(transfer, finding, LCS, situation())
    assert decision is not None
    return decision


def the_record(transfer: Transfer) -> CreatedRecord:
    record = transfer.children[0].record
    assert record is not None
    return record


def updated(transfer: Transfer, dated: date) -> Decision | None:
    """LCS reports that the record was saved, bearing that date now."""
    report = RecordUpdated(NOW, "REC-DUR1001", dated)
    return hear(transfer, transfer.reference, report, LCS, situation())


CORRECTED = found(DateStanding.CORRECTED, BEGAN, TODAY)
DISCREPANCY = found(DateStanding.DISCREPANCY, THIRD, THIRD)


def test_h08_a_correction_is_kept_with_both_dates_and_alerts_nobody() -> None:
    started = transfer_at(Stage.STARTED)

    decision = noted(started, CORRECTED)

    record, mark = the_record(decision.after), decision.after.reached("referral_date_corrected")
    assert mark is not None
    assert (mark.by, mark.note) == ("system:lcs", "2026-05-04 to 2026-11-20")
    assert (record.dated, record.dated_now, record.corrections) == (BEGAN, TODAY, 1)
    assert (record.standing, decision.alerts) == (DateStanding.CORRECTED, ())
    after = decision.after
    assert (decision.before, after.version) == (started, started.version + 1)
    assert decision.events == (
        Event(
            "referral_date_corrected", "system:lcs", NOW, Stage.STARTED, Stage.STARTED,
            after.version, ("was:2026-05-04", "now:2026-11-20"),
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    "standing", [DateStanding.DISCREPANCY, DateStanding.REFUSED, DateStanding.WRONG_CHILD]
)
def test_h08_what_could_not_be_settled_alerts_the_receiving_team(standing: DateStanding) -> None:
    decision = noted(transfer_at(Stage.STARTED), found(standing, THIRD, THIRD))

    (alert,) = decision.alerts
    assert (alert.kind, alert.team) == (f"referral_date_{standing}", "ff-bishop")
    assert the_record(decision.after).corrections == 0


def test_h08_a_right_date_is_recorded_once() -> None:
    right = found(DateStanding.ALREADY_RIGHT, TODAY, TODAY)

    first = noted(transfer_at(Stage.STARTED), right)

    assert first.after.reached("referral_date_already_right") is not None
    assert note_finding(first.after, right, LCS, situation()) is None
    corrected = noted(transfer_at(Stage.STARTED), CORRECTED).after
    assert note_finding(corrected, right, LCS, situation()) is None


def test_a_finding_about_a_record_that_is_not_the_transfer_s_changes_nothing() -> None:
    stranger = replace(CORRECTED, record_id="REC-OTHER")

    assert note_finding(transfer_at(Stage.STARTED), stranger, LCS, situation()) is None
    assert note_finding(transfer_at(Stage.DISPATCHED), CORRECTED, LCS, situation()) is None


def test_h08_a_date_that_is_copied_again_is_corrected_once_more_and_then_raised() -> None:
    transfer, may_amend = noted(transfer_at(Stage.STARTED), CORRECTED).after, []

    for _ in range(2):
        copied_again = updated(transfer, BEGAN)
        assert copied_again is not None
        (message,) = copied_again.messages
        assert isinstance(message.payload, RecordDateCheck)
        may_amend.append(message.payload.check.may_amend)
        transfer = noted(copied_again.after, CORRECTED).after

    assert may_amend == [True, False]


def test_h08_an_update_that_shows_the_right_or_the_known_date_is_no_news() -> None:
    corrected = noted(transfer_at(Stage.STARTED), CORRECTED).after
    in_flight = transfer_at(Stage.STARTED)
    raised = noted(transfer_at(Stage.STARTED), DISCREPANCY).after

    assert updated(corrected, TODAY) is None
    assert updated(in_flight, TODAY) is None
    assert updated(raised, THIRD) is None


@pytest.mark.parametrize(
    "standing", [DateStanding.DISCREPANCY, DateStanding.REFUSED, DateStanding.WRONG_CHILD]
)
def test_h08_what_a_person_put_right_after_an_alert_is_checked_and_recorded(
    standing: DateStanding,
) -> None:
    raised = noted(transfer_at(Stage.STARTED), found(standing, THIRD, THIRD)).after

    put_right = updated(raised, TODAY)

    assert put_right is not None
    (message,) = put_right.messages
    assert message.kind is MessageKind.CHECK_RECORD_DATE
    settled = noted(put_right.after, found(DateStanding.ALREADY_RIGHT, TODAY, TODAY))
    assert the_record(settled.after).standing is DateStanding.ALREADY_RIGHT
    assert settled.alerts == ()


@settings(max_examples=100, deadline=None)
@given(
    dates=st.lists(st.sampled_from([BEGAN, TODAY, THIRD, TODAY + timedelta(days=1)]), max_size=8)
)
def test_h08_however_lcs_and_people_set_the_date_it_is_amended_twice_at_most(
    dates: list[date],
) -> None:
    transfer, amended = transfer_at(Stage.STARTED), 0
    child_record = child()
    identity = RecordIdentity(child_record.child_id, child_record.name, child_record.date_of_birth)

    for dated in [BEGAN, *dates]:
        heard = updated(transfer, dated)
        transfer = heard.after if heard else transfer
        for message in heard.messages if heard else ():
            assert isinstance(message.payload, RecordDateCheck)
            check = message.payload.check
            judgement = judge(check, RecordDate(dated, identity, "v"), today=TODAY)
            if isinstance(judgement, Amend):
                amended += 1
                assert (judgement.read, judgement.right) == (BEGAN, TODAY)
                finding = found(DateStanding.CORRECTED, judgement.read, judgement.right)
            elif isinstance(judgement, Raise):
                finding = found(judgement.standing, dated, dated)
            else:
                finding = found(DateStanding.ALREADY_RIGHT, dated, dated)
            transfer = getattr(note_finding(transfer, finding, LCS, situation()), "after", transfer)

    assert amended == the_record(transfer).corrections <= 2


def test_h08_an_ehm_update_that_differs_is_raised_and_never_amended() -> None:
    started = transfer_at(Stage.STARTED, Pathway.STEP_DOWN)
    report = RecordUpdated(NOW, "REC-DUR1001", THIRD)

    decision = hear(started, started.reference, report, EHM, situation())

    assert decision is not None
    (message,) = decision.messages
    assert isinstance(message.payload, RecordDateCheck)
    assert message.payload.check.copied is None
    finding = DateFinding("REC-DUR1001", DateStanding.DISCREPANCY, THIRD, THIRD, "A third date")
    raised = note_finding(decision.after, finding, EHM, situation())
    assert raised is not None
    assert [(alert.kind, alert.team) for alert in raised.alerts] == [
        ("episode_start_date_discrepancy", "op-bishop")
    ]
