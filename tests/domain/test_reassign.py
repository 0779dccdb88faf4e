"""A leaver's work goes to a colleague: who led when stays true, and so does who wrote what."""

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import NOW, actor, durham, situation, somebody, transfer_at

from app.domain import commands as c
from app.domain.authority import require_of_team
from app.domain.custody import Custody, ledger
from app.domain.decide import decide
from app.domain.decision import Decision
from app.domain.duty_task import CaseSystem, TaskNotice
from app.domain.errors import NotPermitted, NotVisible, SeparationOfDuties
from app.domain.hear import hear
from app.domain.messages import MessageKind
from app.domain.pathway import Pathway, Stage
from app.domain.people import Role, system_actor
from app.domain.reassign import Part, Reassignment, Worker, breaches, reassign
from app.domain.rights import Act
from app.domain.transfer import Transfer
from app.domain.tray_reports import RecordAllocated, Report, TaskPickedUp, TaskReleased

RULES = durham().pathways[Pathway.STEP_UP]
LATER = NOW + timedelta(hours=5)
ANN, BEN = Worker("ann", "Ann Example"), Worker("ben", "Ben Example")
AT_ORIGIN = Reassignment("op-bishop", ANN, BEN, "Leaves on Friday")
AT_RECEIVER = Reassignment("ff-bishop", ANN, BEN)
LCS = system_actor(CaseSystem.LCS, "durham")


def change(transfer: Transfer, asked: Reassignment) -> Decision:
    """The work in Ben's hands."""
    decision = reassign(transfer, asked, actor("op.manager"), situation(LATER))
    assert decision is not None
    return decision


def test_a_draft_goes_to_a_colleague_and_stays_its_author_s() -> None:
    draft = replace(transfer_at(Stage.DRAFT), author="ann", last_editor="ann", worker="ann")

    decision = change(draft, AT_ORIGIN)

    after = decision.after
    assert (after.worker, after.author, after.last_editor) == ("ben", "ann", "ann")
    (event,) = decision.events
    assert (event.action, event.codes) == ("worker_changed", ("from:ann", "to:ben", "worker"))
    mark = after.reached("worker_changed")
    assert mark is not None
    assert (mark.person, mark.team, mark.note) == ("ben", "op-bishop", "Leaves on Friday")


def test_h06_who_wrote_a_form_does_not_judge_it_when_it_was_reassigned() -> None:
    waiting = transfer_at(Stage.AWAITING_AUTHORISATION, Pathway.STEP_DOWN)
    writer = Worker(waiting.author, "A Writer")
    asked = Reassignment("ff-bishop", writer, BEN)
    decision = reassign(waiting, asked, actor("ff.manager"), situation())
    assert decision is not None
    promoted = somebody(waiting.author, Role.TEAM_MANAGER, "ff-bishop")

    with pytest.raises(SeparationOfDuties):
        decide(decision.after, c.Authorise(), promoted, situation())


def test_a_held_task_is_released_by_the_one_and_picked_up_by_the_other_in_its_tray() -> None:
    held = replace(transfer_at(Stage.PICKED_UP), holder="ann")

    decision = change(held, AT_RECEIVER)

    told = [(m.kind, m.payload) for m in decision.messages]
    assert told == [
        (MessageKind.RELEASE_TASK, TaskNotice(held.reference, "ann")),
        (MessageKind.PICK_UP_TASK, TaskNotice(held.reference, "ben")),
    ]
    assert (decision.after.holder, decision.after.stage) == ("ben", Stage.PICKED_UP)
    assert len({m.key for m in decision.messages}) == 2
    assert [(m.name, m.person, m.team) for m in decision.after.milestones[-3:]] == [
        ("worker_changed", "ben", "ff-bishop"),
        ("released", "ann", None),
        ("picked_up", "ben", None),
    ]


def test_a_task_is_released_in_the_tray_by_the_name_that_it_was_picked_up_under() -> None:
    held = replace(transfer_at(Stage.PICKED_UP), holder="Ann Example")

    decision = change(held, AT_RECEIVER)

    released = decision.after.reached("released")
    assert released is not None
    assert released.person == "Ann Example"
    assert decision.messages[0].payload == TaskNotice(held.reference, "Ann Example")


@pytest.mark.parametrize("order", [1, -1], ids=["in order", "the other way round"])
def test_h15_the_tray_s_echo_of_it_changes_nothing_in_whatever_order(order: int) -> None:
    after = change(replace(transfer_at(Stage.PICKED_UP), holder="ann"), AT_RECEIVER).after
    echoes: list[Report] = [
        TaskReleased(LATER + timedelta(seconds=1), "ann"),
        TaskPickedUp(LATER + timedelta(seconds=2), "ben"),
    ]

    for report in echoes[::order]:
        heard = hear(after, after.reference, report, LCS, situation(LATER + timedelta(minutes=1)))
        assert heard is None


def test_a_release_by_the_new_holder_is_one() -> None:
    after = change(replace(transfer_at(Stage.PICKED_UP), holder="ann"), AT_RECEIVER).after
    later = LATER + timedelta(hours=1)

    heard = hear(after, after.reference, TaskReleased(later, "ben"), LCS, situation(later))

    assert heard is not None
    assert (heard.after.stage, heard.after.holder) == (Stage.DISPATCHED, None)


def test_a_started_task_is_in_no_tray_and_none_is_told() -> None:
    started = replace(transfer_at(Stage.STARTED), holder="ann")

    decision = change(started, AT_RECEIVER)

    assert decision.messages == ()
    assert decision.after.holder == "ben"


@pytest.mark.parametrize(("named", "to"), [("Ann Example", "Ben Example"), ("ann", "ben")])
def test_h01_custody_names_each_lead_for_their_time(named: str, to: str) -> None:
    led = transfer_at(Stage.STARTED, origin_lead=named)
    allocated = decide(
        led, c.Allocate(named, NOW), actor("ff.manager"), situation(NOW)
    ).after  # fmt: skip

    again = reassign(allocated, AT_RECEIVER, actor("ff.manager"), situation(LATER))
    assert again is not None

    assert again.after.lead_professional == to
    assert ledger(again.after, RULES) == (
        Custody("op-bishop", None, named, NOW),
        Custody("ff-bishop", NOW, named, LATER),
        Custody("ff-bishop", LATER, to),
    )


def test_h01_the_origin_s_lead_is_named_for_their_time_too() -> None:
    sent = transfer_at(Stage.DISPATCHED, origin_lead="Ann Example")

    after = change(sent, AT_ORIGIN).after

    assert after.origin_lead == "Ben Example"
    assert ledger(after, RULES) == (
        Custody("op-bishop", None, "Ann Example", LATER),
        Custody("op-bishop", LATER, "Ben Example"),
    )


def test_h15_a_case_system_that_reports_late_does_not_take_the_lead_from_a_colleague() -> None:
    started = transfer_at(Stage.STARTED)
    allocated = decide(started, c.Allocate("ann", NOW), actor("ff.manager"), situation()).after
    again = change(allocated, AT_RECEIVER).after
    record = again.children[0].record
    assert record is not None
    told = RecordAllocated(LATER - timedelta(hours=1), record.record_id, "eve")

    heard = hear(again, again.reference, told, LCS, situation(LATER + timedelta(minutes=1)))

    assert heard is not None
    after = heard.after
    record = after.children[0].record
    assert record is not None
    assert record.allocated_to == "eve", "what the case system has is its own"
    assert after.lead_professional == ledger(after, RULES)[-1].lead_professional == "ben"


def test_what_is_not_the_leaver_s_or_not_in_the_team_stays() -> None:
    others = replace(transfer_at(Stage.PICKED_UP), holder="ann", worker="ann")

    assert AT_ORIGIN.parts(others) == (Part.WORKER,)
    assert AT_RECEIVER.parts(others) == (Part.HOLDER,)
    assert reassign(transfer_at(Stage.DRAFT), AT_ORIGIN, actor("op.manager"), situation()) is None


@pytest.mark.parametrize(
    ("role", "team", "error"),
    [
        (Role.TEAM_MANAGER, "op-bishop", None),
        (Role.OPERATIONS_MANAGER, "op-bishop", None),
        (Role.PRACTITIONER, "op-bishop", NotPermitted),
        (Role.TEAM_COORDINATOR, "op-bishop", NotPermitted),
        (Role.TEAM_MANAGER, "op-east", NotVisible),
        (Role.OPERATIONS_MANAGER, "op-east", NotVisible),
        (Role.ADMINISTRATOR, None, NotPermitted),
        (Role.AUDITOR, None, NotPermitted),
        (Role.SYSTEM_LCS, None, NotVisible),
    ],
)
def test_who_reassigns_work(role: Role, team: str | None, error: type[Exception] | None) -> None:
    who = somebody("x", role, team)

    if error is None:
        require_of_team(Act.REASSIGN_WORK, who, "op-bishop")
    else:
        with pytest.raises(error):
            require_of_team(Act.REASSIGN_WORK, who, "op-bishop")


def test_every_breach_of_a_reassignment_is_told_at_once() -> None:
    elsewhere = somebody("ben", Role.PRACTITIONER, "op-east")

    found = [(x.code, x.found) for x in breaches(AT_ORIGIN, elsewhere, 501)]

    assert found == [
        ("reassign-to", "somebody who is not"),
        ("reassign-too-many", "501 transfers"),
    ]
    assert not list(breaches(AT_ORIGIN, somebody("ben", Role.PRACTITIONER, "op-bishop"), 500))
    assert [x.found for x in breaches(replace(AT_ORIGIN, to=ANN), elsewhere, 0)] == [
        "the same person"
    ]
