"""Siblings whom the receiving team tells apart: some are taken, others are not.

Hazards 1, 9 and 13.
"""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from builders import BEGAN, NOW, actor, child, durham, new_records, situation, transfer_at
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain import commands as c
from app.domain.close_at_source import Closed, close_at_source
from app.domain.closing import Remaining, RemainingOutcome
from app.domain.custody import custody_at, ledger
from app.domain.decide import decide
from app.domain.decision import Decision
from app.domain.dispatch import duty_task
from app.domain.duty_task import CaseSystem
from app.domain.errors import RulesBroken, StaleReport
from app.domain.hear import hear
from app.domain.messages import RecordDateCheck
from app.domain.pathway import Pathway, Stage
from app.domain.people import system_actor
from app.domain.record_dates import DateFinding, note_finding
from app.domain.referral_date import DateStanding
from app.domain.remaining_children import to_be_told_of
from app.domain.transfer import ChildOutcome, Transfer
from app.domain.tray_reports import (
    ChildLeftOut,
    NewRecord,
    RecordAllocated,
    RecordsCreated,
    Report,
)

LCS = system_actor(CaseSystem.LCS, "durham")
ALEX, BILLIE, CASEY = (
    child("DUR1001"),
    child("DUR1002", "Billie Example"),
    child("DUR1003", "Casey Example"),
)
HELD = transfer_at(Stage.PICKED_UP, children=(ALEX, BILLIE, CASEY))
RULES = durham().pathways[Pathway.STEP_UP]
LATER = NOW + timedelta(hours=1)
NOT_BILLIE = (c.NotTaken("DUR1002", "threshold_not_met", "Safe with an aunt"),)
INSTANT = timedelta(microseconds=1)


def start(*taken: str, not_taken: tuple[c.NotTaken, ...] = NOT_BILLIE) -> c.Start:
    """A start that creates a record for each of `taken`."""
    records = tuple(NewRecord(x, f"REC-{x}", LATER, BEGAN) for x in taken)
    return c.Start(records, not_taken)


def start_with_one_record(*taken: str) -> c.Start:
    """A start that names the same record for each of `taken`."""
    asked = start(*taken)
    return replace(asked, records=tuple(replace(x, record_id="REC-1") for x in asked.records))


def begin(held: Transfer = HELD) -> Decision:
    """Alex and Casey are taken, Billie is not."""
    return decide(held, start("DUR1001", "DUR1003"), actor("ff.manager"), situation(LATER))


def tell(transfer: Transfer, report: Report) -> Decision | None:
    """The system's report on the present task."""
    return hear(transfer, transfer.reference, report, LCS, situation(LATER))


def test_a_child_who_is_not_taken_has_no_record_and_is_checked_by_nobody() -> None:
    decision = begin()

    alex, billie, casey = decision.after.children
    checks = [m.payload for m in decision.messages]
    assert decision.after.stage is Stage.STARTED
    assert [x.outcome for x in (alex, billie, casey)] == ["taken", "not_taken", "taken"]
    assert (billie.record, billie.outcome_reason) == (None, "threshold_not_met")
    assert (alex.outcome_at, billie.outcome_at) == (LATER, LATER)
    assert [x.check.child.child_id for x in checks if isinstance(x, RecordDateCheck)] == [
        "DUR1001",
        "DUR1003",
    ]


def test_the_sender_is_told_of_a_child_who_is_not_taken_once_and_without_a_name() -> None:
    decision = begin()

    (alert,) = decision.alerts
    mark = decision.after.reached("child_not_taken")
    assert mark is not None
    assert (alert.kind, alert.team) == ("child_not_taken", "op-bishop")
    assert alert.says == "A child was not taken: threshold_not_met"
    assert "DUR1002" not in alert.key + alert.says
    assert (mark.person, mark.reason, mark.note) == (
        "DUR1002",
        "threshold_not_met",
        "Safe with an aunt",
    )
    allocated = decide(
        decision.after, c.Allocate("a.worker", LATER), actor("ff.manager"), situation(LATER)
    )
    assert allocated.alerts == ()


def test_of_three_children_one_is_not_taken_and_one_has_a_third_date() -> None:
    after = begin().after
    third = DateFinding("REC-DUR1003", DateStanding.DISCREPANCY, BEGAN, date(2026, 6, 1), "A third")

    found = note_finding(after, third, LCS, situation(LATER))

    assert found is not None
    standings = [x.record and x.record.standing for x in found.after.children]
    assert standings == [DateStanding.UNCHECKED, None, DateStanding.DISCREPANCY]
    assert [alert.kind for alert in found.alerts] == ["referral_date_discrepancy"]


NOBODY: frozenset[str] = frozenset()
OPEN, GOES, ENDS = RemainingOutcome
BILLIE_STAYS = Remaining("DUR1002", OPEN)


def allocated() -> Transfer:
    """Alex and Casey are with a social worker, Billie is the origin's."""
    allocate = c.Allocate("a.worker", LATER)
    return decide(begin().after, allocate, actor("ff.manager"), situation(LATER)).after


def close(*told: Remaining, elsewhere: frozenset[str] = NOBODY) -> Transfer:
    """The origin closes, and says that of whom it still has."""
    closed = Closed(LATER.date(), remaining=told, elsewhere=elsewhere)
    return close_at_source(allocated(), closed, actor("op.worker"), situation(LATER)).after


@pytest.mark.parametrize(
    ("told", "elsewhere", "codes"),
    [
        ((), NOBODY, ["closing-remaining"]),
        (
            (Remaining("DUR1001", OPEN),),
            NOBODY,
            ["closing-remaining", "closing-remaining-child"],
        ),
        ((BILLIE_STAYS, Remaining("DUR1001", OPEN)), NOBODY, ["closing-remaining-child"]),
        ((BILLIE_STAYS, Remaining("DUR9999", OPEN)), NOBODY, ["closing-remaining-child"]),
        ((BILLIE_STAYS, BILLIE_STAYS), NOBODY, ["closing-remaining-child"]),
        ((Remaining("DUR1002", GOES),), NOBODY, ["closing-remaining-transfer"]),
        ((Remaining("DUR1002", GOES),), frozenset({"DUR1001"}), ["closing-remaining-transfer"]),
        ((Remaining("DUR1002", ENDS),), NOBODY, ["closing-remaining-comment"]),
    ],
    ids=[
        "nobody is told of",
        "one who was taken",
        "one who was taken too",
        "a stranger",
        "twice",
        "no other transfer",
        "a transfer of another child",
        "ended without a word",
    ],
)
def test_h01_the_origin_does_not_close_over_the_head_of_a_child_who_was_not_taken(
    told: tuple[Remaining, ...], elsewhere: frozenset[str], codes: list[str]
) -> None:
    with pytest.raises(RulesBroken) as refused:
        close(*told, elsewhere=elsewhere)

    assert [breach.code for breach in refused.value.breaches] == codes
    assert {breach.source for breach in refused.value.breaches} == {"HZ 1"}
    assert "DUR" not in str(refused.value.breaches)


@pytest.mark.parametrize(
    ("told", "elsewhere", "kept"),
    [
        ((BILLIE_STAYS,), NOBODY, BILLIE_STAYS),
        ((Remaining("DUR1002", ENDS, "Safe"),), NOBODY, Remaining("DUR1002", ENDS, "Safe")),
        ((), frozenset({"DUR1002"}), Remaining("DUR1002", GOES)),
        ((Remaining("DUR1002", GOES),), frozenset({"DUR1002"}), Remaining("DUR1002", GOES)),
        ((BILLIE_STAYS,), frozenset({"DUR1002"}), BILLIE_STAYS),
    ],
    ids=["stays open", "nothing further", "is elsewhere", "goes elsewhere", "elsewhere and open"],
)
def test_h01_the_origin_closes_once_it_is_told_what_is_done_for_each_who_was_not_taken(
    told: tuple[Remaining, ...], elsewhere: frozenset[str], kept: Remaining
) -> None:
    closed = close(*told, elsewhere=elsewhere)

    assert closed.closing is not None
    assert closed.closing.remaining == (kept,)
    assert custody_at(closed, RULES, LATER, closed.children[1]).team == "op-bishop"
    assert to_be_told_of(closed, elsewhere) == (() if elsewhere else ("DUR1002",))


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        (start("DUR1001"), ["record-per-child"]),
        (start("DUR1001", "DUR1002", "DUR1003"), ["record-per-child"]),
        (start("DUR1001", "DUR1003", not_taken=NOT_BILLIE * 2), ["record-per-child"]),
        (start("DUR1001", "DUR9999"), ["record-per-child"]),
        (start_with_one_record("DUR1001", "DUR1003"), ["record-per-child"]),
        (
            c.Start((), tuple(c.NotTaken(x.child_id, "other") for x in HELD.children)),
            ["start-nobody"],
        ),
    ],
    ids=[
        "one is missing",
        "one is both",
        "one is twice",
        "another child",
        "one record",
        "nobody is taken",
    ],
)
def test_h13_a_start_tells_of_each_child_once_or_is_refused(
    asked: c.Start, codes: list[str]
) -> None:
    with pytest.raises(RulesBroken) as refused:
        decide(HELD, asked, actor("ff.manager"), situation(LATER))

    assert [breach.code for breach in refused.value.breaches] == codes
    assert {breach.source for breach in refused.value.breaches} == {"DL 8, 19"}


def test_a_reason_is_one_of_the_protocol_s_where_it_has_any_save_for_a_system_s_own_words() -> None:
    reasons = {"not_engaged": "The family is not engaged", "moved": "The family has moved"}
    rules = replace(RULES, decline_reasons=reasons)
    where = replace(situation(LATER), protocol=replace(durham(), pathways={HELD.pathway: rules}))
    report = RecordsCreated(
        LATER,
        "ben",
        start("DUR1001", "DUR1003").records,
        (ChildLeftOut("DUR1002", "Lives elsewhere"),),
    )

    with pytest.raises(RulesBroken) as refused:
        decide(HELD, start("DUR1001", "DUR1003"), actor("ff.manager"), where)
    assert [(x.code, x.says) for x in refused.value.breaches] == [
        ("not-taken-reason", "Choose a reason: not_engaged, moved")
    ]
    heard = hear(HELD, HELD.reference, report, LCS, where)

    assert heard is not None
    assert heard.after.children[1].outcome_reason == "declined_in_tray"
    mark = heard.after.reached("child_not_taken")
    assert mark is not None
    assert mark.note == "Lives elsewhere"


@pytest.mark.parametrize(
    "left",
    [(), ("DUR9999",), ("DUR1002", "DUR1002"), ("DUR1001", "DUR1002")],
    ids=lambda x: "+".join(x) or "nobody",
)
def test_h13_a_report_whose_children_are_not_the_transfer_s_is_refused_as_a_whole(
    left: tuple[str, ...],
) -> None:
    records = start("DUR1001", "DUR1003").records
    report = RecordsCreated(LATER, "ben", records, tuple(ChildLeftOut(x, "No") for x in left))

    with pytest.raises(RulesBroken, match=r"^record-per-child$"):
        tell(HELD, report)
    if left != ("DUR1001", "DUR1002"):
        with pytest.raises(StaleReport):
            tell(begin().after, replace(report, records=records[:1]))


def test_a_report_that_is_told_again_says_nothing_new() -> None:
    report = RecordsCreated(
        LATER,
        "ben",
        start("DUR1001", "DUR1003").records,
        (ChildLeftOut("DUR1002", "Lives elsewhere"),),
    )

    heard = tell(HELD, report)

    assert heard is not None
    assert tell(heard.after, report) is None
    with pytest.raises(StaleReport):
        tell(heard.after, replace(report, not_taken=()))


def test_a_transfer_is_allocated_once_every_child_who_was_taken_is() -> None:
    started = begin().after

    first = tell(started, RecordAllocated(LATER, "REC-DUR1001", "sam"))
    assert first is not None
    second = tell(first.after, RecordAllocated(LATER, "REC-DUR1003", "sue"))

    assert second is not None
    assert (first.after.stage, second.after.stage) == (Stage.STARTED, Stage.ALLOCATED)
    assert second.after.children[1].record is None


def test_a_task_carries_no_child_who_was_not_taken() -> None:
    task = duty_task(begin().after, situation(LATER))

    assert [x.child_id for x in task.children] == ["DUR1001", "DUR1003"]


def test_h01_the_origin_leads_a_child_who_is_not_taken_throughout() -> None:
    after = decide(
        begin().after, c.Allocate("a.worker", LATER), actor("ff.manager"), situation(LATER)
    ).after
    alex, billie, _ = after.children

    assert [hold.team for hold in ledger(after, RULES)] == ["op-bishop", "ff-bishop"]
    assert ledger(after, RULES, alex) == ledger(after, RULES)
    assert [hold.team for hold in ledger(after, RULES, billie)] == ["op-bishop"]


@settings(max_examples=60, deadline=None)
@given(
    left=st.sets(st.sampled_from(["DUR1001", "DUR1002", "DUR1003"]), max_size=2),
    minutes=st.integers(0, 600),
)
def test_h01_exactly_one_team_leads_each_child_at_every_instant(
    left: set[str], minutes: int
) -> None:
    taken = tuple(x for x in HELD.children if x.child_id not in left)
    then = LATER + timedelta(minutes=minutes)
    asked = c.Start(new_records(taken, LATER), tuple(c.NotTaken(x, "other") for x in sorted(left)))
    started = decide(HELD, asked, actor("ff.manager"), situation(LATER)).after
    after = decide(
        started, c.Allocate("a.worker", then), actor("ff.manager"), situation(then)
    ).after

    for one in after.children:
        holds = ledger(after, RULES, one)
        assert holds[0].since is None
        assert [hold.until for hold in holds] == [*(hold.since for hold in holds[1:]), None]
        for at in (NOW, LATER, then - INSTANT, then, then + INSTANT):
            leads = custody_at(after, RULES, at, one).team
            went = one.outcome is ChildOutcome.TAKEN and at >= then
            assert leads == ("ff-bishop" if went else "op-bishop")
