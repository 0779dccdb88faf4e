"""A team is closed: its successor has what it had, from that instant and without a gap."""

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import (
    NOW,
    PEOPLE,
    actor,
    durham,
    opening,
    sample_directory,
    situation,
    somebody,
    transfer_at,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain import commands as c
from app.domain.authority import may_see
from app.domain.breach import Breach, Severity
from app.domain.clocks import team_of
from app.domain.custody import Custody, custody_at, ledger
from app.domain.decide import decide
from app.domain.decision import Decision, Situation
from app.domain.duty_task import CaseSystem
from app.domain.errors import RulesBroken
from app.domain.messages import MessageKind
from app.domain.milestone_kind import Side
from app.domain.open_transfer import open_transfer
from app.domain.pathway import ENDED, Pathway, Stage
from app.domain.people import Role
from app.domain.protocol import Gate, Rule
from app.domain.rules.family import TeamAroundNamed
from app.domain.succession import Succession, succeed
from app.domain.transfer import Milestone, Transfer

TEAMS = {team.id: team for team in sample_directory().teams}
ADMIN = actor("systems.team")
LATER = NOW + timedelta(hours=5)
INSTANT = timedelta(microseconds=1)
RULES = durham().pathways[Pathway.STEP_UP]
OF_OP = Succession(TEAMS["op-bishop"], TEAMS["op-east"], "Two become one")
OF_FF = Succession(TEAMS["ff-bishop"], TEAMS["ff-east"], "Two become one")


def closing(asked: Succession, at: timedelta = timedelta(hours=5)) -> Situation:
    """The teams with the closed one no longer active."""
    where = situation(NOW + at)
    closed = {asked.closed.id: replace(asked.closed, active=False)}
    return replace(where, teams={**where.teams, **closed})


def pass_on(transfer: Transfer, asked: Succession) -> Decision:
    return succeed(transfer, asked, ADMIN, closing(asked))


@pytest.mark.parametrize(
    ("stage", "origin", "receiving"),
    [
        (Stage.DRAFT, ("origin",), ("recipient",)),
        (Stage.DISPATCHED, ("origin",), ("redirected",)),
        (Stage.PICKED_UP, ("origin",), ("receiving",)),
        (Stage.DECLINED, ("origin",), ("receiving",)),
        (Stage.STARTED, ("origin",), ("receiving",)),
        (Stage.ALLOCATED, ("origin",), ("receiving",)),
        (Stage.COMPLETED, (), ()),
        (Stage.CANCELLED, (), ()),
    ],
)
def test_what_passes_to_the_successor_by_stage(
    stage: Stage, origin: tuple[str, ...], receiving: tuple[str, ...]
) -> None:
    transfer = transfer_at(stage)

    assert (OF_OP.what(transfer), OF_FF.what(transfer)) == (origin, receiving)


@pytest.mark.parametrize("pathway", Pathway)
@pytest.mark.parametrize("asked", [OF_OP, OF_FF], ids=["early help", "social care"])
@pytest.mark.parametrize("stage", sorted(set(Stage) - ENDED))
def test_h01_nothing_open_is_left_with_a_closed_team_and_the_stage_stays(
    stage: Stage, asked: Succession, pathway: Pathway
) -> None:
    if (pathway, stage) == (Pathway.STEP_UP, Stage.AWAITING_AUTHORISATION):
        return
    transfer = transfer_at(stage, pathway)

    decision = pass_on(transfer, asked)

    after = decision.after
    closed, new = asked.closed.id, asked.successor.id
    assert (after.stage, after.version) == (stage, transfer.version + 1)
    assert closed not in (after.origin_team, after.sent_to, after.form.recipient)
    assert {team_of(side, after) for side in (Side.ORIGIN, Side.RECEIVING)}.isdisjoint({closed})
    assert custody_at(after, durham().pathways[pathway], LATER).team != closed
    was_seen = may_see(somebody("x", Role.TEAM_MANAGER, closed), transfer)
    assert may_see(somebody("x", Role.TEAM_MANAGER, new), after) is was_seen
    (event,) = decision.events
    assert event.codes[:2] == (f"from:{closed}", f"to:{new}")


@pytest.mark.parametrize(
    ("stage", "pathway", "gate"),
    [
        (Stage.DRAFT, Pathway.STEP_UP, Gate.EDIT),
        (Stage.AWAITING_AUTHORISATION, Pathway.STEP_DOWN, Gate.DISPATCH),
        (Stage.DISPATCHED, Pathway.STEP_UP, Gate.DISPATCH),
        (Stage.DECLINED, Pathway.STEP_UP, Gate.DISPATCH),
        (Stage.PICKED_UP, Pathway.STEP_UP, Gate.EDIT),
        (Stage.STARTED, Pathway.STEP_UP, Gate.EDIT),
        (Stage.ALLOCATED, Pathway.STEP_UP, Gate.EDIT),
    ],
)
def test_h02_what_passes_on_is_held_to_the_dispatch_where_a_task_is_sent_next_and_to_the_edit_else(
    stage: Stage, pathway: Pathway, gate: Gate
) -> None:
    asked = OF_FF if pathway is Pathway.STEP_UP else OF_OP
    rules = tuple(
        Rule(each, (each,), Severity.SHOULD, TeamAroundNamed(), "Name them", "X 1")
        for each in (Gate.EDIT, Gate.DISPATCH)
    )
    half = replace(durham().pathways[pathway], rules=rules)
    where = replace(closing(asked), protocol=replace(durham(), pathways={pathway: half}))

    decision = succeed(transfer_at(stage, pathway), asked, ADMIN, where)

    assert [warning.code for warning in decision.warnings] == [gate]
    assert decision.events[-1].codes[-1] == f"warned:{gate}"


@pytest.mark.parametrize(
    ("asked", "side"), [(OF_OP, Side.ORIGIN), (OF_FF, Side.RECEIVING)], ids=["origin", "receiving"]
)
def test_who_took_over_on_which_side_and_what_was_said_of_it_stays_in_the_record(
    asked: Succession, side: Side
) -> None:
    started = transfer_at(Stage.STARTED)

    after = pass_on(started, asked).after

    assert after.milestones[len(started.milestones) :] == (
        Milestone(
            "team_succeeded",
            LATER,
            ADMIN.id,
            LATER,
            team=asked.successor.id,
            note="Two become one",
            outcome=side,
        ),
    )


def test_a_task_in_a_closed_team_s_tray_is_withdrawn_there_and_delivered_to_the_successor() -> None:
    sent = transfer_at(Stage.DISPATCHED)

    decision = pass_on(sent, OF_FF)

    kinds = [message.kind for message in decision.messages]
    assert kinds == [MessageKind.WITHDRAW_TASK, MessageKind.DELIVER_TASK]
    assert (decision.after.dispatch, decision.after.sent_to) == (sent.dispatch + 1, "ff-east")
    assert getattr(decision.messages[1].payload, "tray", None) == TEAMS["ff-east"].tray


def test_h01_the_successor_leads_from_the_instant_in_which_the_team_closed() -> None:
    allocated = transfer_at(Stage.ALLOCATED)

    after = pass_on(pass_on(allocated, OF_FF).after, OF_OP).after

    assert ledger(after, RULES) == (
        Custody("op-bishop", None, until=NOW),
        Custody("ff-bishop", NOW, "a.worker", LATER),
        Custody("ff-east", LATER, "a.worker"),
    )


def test_h01_no_successor_leads_before_the_team_was_closed_however_late_it_is_told() -> None:
    after = pass_on(transfer_at(Stage.STARTED), OF_FF).after
    manager, told_at = somebody("m", Role.TEAM_MANAGER, "ff-east"), LATER + timedelta(hours=1)
    before_it = LATER - timedelta(hours=1)

    given = decide(after, c.Allocate("a.worker", before_it), manager, situation(told_at)).after

    holds = [(hold.team, hold.since, hold.until) for hold in ledger(given, RULES)]
    assert holds == [("op-bishop", None, LATER), ("ff-east", LATER, None)]


def test_h01_the_origin_s_successor_leads_while_nobody_else_does() -> None:
    after = pass_on(transfer_at(Stage.STARTED, origin_lead="K. Lead"), OF_OP).after
    then = LATER + timedelta(hours=1)

    given = decide(after, c.Allocate("a.worker", then), actor("ff.manager"), situation(then)).after

    assert ledger(given, RULES) == (
        Custody("op-bishop", None, "K. Lead", LATER),
        Custody("op-east", LATER, "K. Lead", then),
        Custody("ff-bishop", then, "a.worker"),
    )


@settings(max_examples=60, deadline=None)
@given(
    stage=st.sampled_from(sorted(set(Stage) - ENDED - {Stage.AWAITING_AUTHORISATION})),
    closings=st.lists(
        st.tuples(st.sampled_from(["op", "ff"]), st.sampled_from(["bishop", "east", "chester"])),
        max_size=5,
    ),
    passes_on=st.sampled_from(["allocated", "started"]),
)
def test_h01_exactly_one_team_leads_at_every_instant_whatever_teams_close(
    stage: Stage, closings: list[tuple[str, str]], passes_on: str
) -> None:
    rules = replace(RULES, custody_passes_on=passes_on)
    transfer = transfer_at(stage)
    borders = [NOW]
    for hours, (kind, place) in enumerate(closings, start=1):
        team = transfer.origin_team if kind == "op" else transfer.form.recipient or ""
        new = TEAMS.get(f"{kind}-{place}")
        if new is None or new.id == team:
            continue
        asked = Succession(TEAMS[team], new, "Closed")
        at = timedelta(hours=hours)
        transfer = succeed(transfer, asked, ADMIN, closing(asked, at)).after
        borders.append(NOW + at)

    holds = ledger(transfer, rules)

    assert holds[0].since is None
    assert [hold.until for hold in holds] == [*(hold.since for hold in holds[1:]), None]
    for border in borders:
        for at_ in (border - INSTANT, border, border + INSTANT):
            assert len([hold for hold in holds if hold.is_at(at_)]) == 1
    last = custody_at(transfer, rules, borders[-1])
    assert last.team in (transfer.origin_team, transfer.sent_to)


def test_a_task_that_comes_back_into_a_closed_team_s_tray_is_told_of_and_can_be_redirected() -> (
    None
):
    held = pass_on(transfer_at(Stage.PICKED_UP), OF_FF).after
    manager = somebody("m", Role.TEAM_MANAGER, "ff-east")

    released = decide(held, c.Release(LATER), manager, situation(LATER))
    again = decide(released.after, c.Redirect("ff-east", "Its own tray"), manager, situation(LATER))

    (alert,) = released.alerts
    assert (alert.kind, alert.team) == ("task_in_closed_tray", "ff-east")
    assert [m.kind for m in again.messages] == [
        MessageKind.WITHDRAW_TASK,
        MessageKind.DELIVER_TASK,
    ]


@pytest.mark.parametrize("stage", sorted(set(Stage) - ENDED - {Stage.AWAITING_AUTHORISATION}))
def test_h02_nothing_passes_to_referral_to_progress_whatever_its_stage(stage: Stage) -> None:
    asked = replace(OF_FF, successor=TEAMS["referral-to-progress"])

    with pytest.raises(RulesBroken) as refused:
        succeed(transfer_at(stage), asked, ADMIN, closing(asked))

    assert "DL-3-referral-to-progress" in [breach.code for breach in refused.value.breaches]


@pytest.mark.parametrize("then", [[], [OF_OP]], ids=["alone", "and the sender's after it"])
def test_h01_a_task_lies_in_a_closed_tray_whatever_other_team_is_closed_later(
    then: list[Succession],
) -> None:
    held = transfer_at(Stage.PICKED_UP)
    for asked in (OF_FF, *then):
        held = pass_on(held, asked).after
    manager = somebody("m", Role.TEAM_MANAGER, "ff-east")

    released = decide(held, c.Release(LATER), manager, situation(LATER))
    again = decide(released.after, c.Redirect("ff-east", "Its own"), manager, situation(LATER))

    assert [(alert.kind, alert.team) for alert in released.alerts] == [
        ("task_in_closed_tray", "ff-east")
    ]
    assert not again.after.lies_in_closed_tray


@pytest.mark.parametrize("stage", [Stage.DISPATCHED, Stage.DECLINED])
def test_h02_a_task_that_may_not_go_to_the_successor_keeps_the_team_open(stage: Stage) -> None:
    closed = replace(OF_FF, successor=replace(TEAMS["ff-east"], active=False))
    where = closing(closed)
    where = replace(where, teams={**where.teams, "ff-east": closed.successor})

    with pytest.raises(RulesBroken):
        succeed(transfer_at(stage), closed, ADMIN, where)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"active": False}, ["not active"]),
        ({"kind": "early_help"}, ["another kind"]),
        ({"authority": "islington"}, ["another authority"]),
        ({"case_system": CaseSystem.EHM}, ["another case system"]),
        ({"active": False, "kind": "x"}, ["not active", "another kind"]),
        ({"id": "ff-bishop"}, ["the same team"]),
    ],
)
def test_a_successor_is_another_active_team_of_its_kind(
    changes: dict[str, object], found: list[str]
) -> None:
    asked = replace(OF_FF, successor=replace(TEAMS["ff-east"], **changes))  # type: ignore[arg-type]

    assert [x.found for x in asked.breaches(0)] == found
    assert not list(OF_FF.breaches(500))
    assert [x.found for x in OF_FF.breaches(501)] == ["501 open transfers"]
    assert all(isinstance(x, Breach) and x.severity is Severity.MUST for x in OF_FF.breaches(501))


def test_nothing_new_is_opened_from_a_closed_team() -> None:

    with pytest.raises(RulesBroken, match=r"^origin-active$"):
        open_transfer(opening(), actor(PEOPLE[Pathway.STEP_UP]["author"]), closing(OF_OP))


def test_a_task_that_comes_back_into_an_open_team_s_tray_alerts_nobody() -> None:
    held = transfer_at(Stage.PICKED_UP)

    assert decide(held, c.Release(LATER), actor("ff.manager"), situation(LATER)).alerts == ()
