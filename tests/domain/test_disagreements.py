"""Disagreements: who raises, escalates and resolves them, and what their outcome does."""

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import NOW, actor, durham, situation, somebody, transfer_at
from domain.disputes import (
    BACK,
    GO,
    ID,
    STAY,
    chairs_decide,
    dispute,
    escalated,
    ladder,
    raised,
    resolved,
)

from app.domain import commands as c
from app.domain.breach import Breach, must
from app.domain.close_at_source import Closed, close_at_source
from app.domain.decide import decide
from app.domain.decision import Alert, Decision, Event
from app.domain.disagreement import Step
from app.domain.errors import (
    NotPermitted,
    NotVisible,
    RulesBroken,
    SeparationOfDuties,
    StaleVersion,
)
from app.domain.escalate_disagreement import escalate_disagreement
from app.domain.messages import MessageKind
from app.domain.pathway import ENDED, Pathway, Stage
from app.domain.people import Delegated, Membership, Role
from app.domain.raise_disagreement import raise_disagreement
from app.domain.record_milestone import Happened, record_milestone
from app.domain.resolve_disagreement import resolve_disagreement
from app.domain.transfer import Milestone, Transfer

RAISERS = {
    Role.PRACTITIONER,
    Role.TEAM_MANAGER,
    Role.TEAM_COORDINATOR,
    Role.CHAIR,
    Role.OPERATIONS_MANAGER,
}
OPEN = sorted(set(Stage) - ENDED - {Stage.AWAITING_AUTHORISATION})
EITHER_TEAM = ("op-bishop", "ff-bishop")
SENT = transfer_at(Stage.DISPATCHED)


def breaches(refused: pytest.ExceptionInfo[RulesBroken]) -> list[str]:
    return [breach.code for breach in refused.value.breaches]


def names(decision: Decision) -> list[str]:
    before = decision.before
    assert before is not None
    new = decision.after.milestones[len(before.milestones) :]
    return [f"{m.name}:{m.outcome}" if m.outcome else m.name for m in new]


@pytest.mark.parametrize("stage", OPEN)
def test_a_disagreement_is_raised_at_every_stage_before_the_end(stage: Stage) -> None:
    before = transfer_at(stage)

    decision = raised(before)

    after = decision.after
    assert after.disagreement == dispute()
    assert (after.stage, after.version) == (stage, before.version + 1)
    assert names(decision) == ["disagreement_raised:not_agreed"]
    assert [(e.action, e.codes) for e in decision.events] == [
        ("disagreement_raised", ("not_agreed",))
    ]


@pytest.mark.parametrize("stage", sorted(ENDED))
def test_no_disagreement_is_raised_once_the_transfer_has_ended(stage: Stage) -> None:
    with pytest.raises(RulesBroken) as refused:
        raised(transfer_at(stage))

    assert breaches(refused) == ["disagreement-stage"]


def test_several_kinds_are_one_disagreement_and_the_first_is_its_milestone_s() -> None:
    both = ("not_accepted", "not_agreed")

    decision = raised(SENT, dispute(kinds=both))

    assert decision.after.disagreements[0].kinds == both
    assert names(decision) == ["disagreement_raised:not_accepted"]
    assert decision.events[0].codes == both


def test_one_is_open_at_a_time_and_the_refusal_names_it() -> None:
    first = raised(SENT).after

    with pytest.raises(RulesBroken) as refused:
        raised(first, dispute(id="another"))

    assert breaches(refused) == ["disagreement-open"]
    assert ID in refused.value.breaches[0].found


def test_after_one_is_resolved_another_may_be_raised() -> None:
    settled = resolved(raised(SENT).after, STAY, by="ff.manager").after

    again = raised(settled, dispute(id="another")).after

    assert [x.open for x in again.disagreements] == [False, True]


def test_an_unknown_kind_is_answered_with_those_that_there_are_and_the_protocol_s_clause() -> None:
    escalation = situation().rules(SENT).escalation
    assert escalation is not None
    asked = (("dislike",), ("not_agreed", "not_agreed"), ())

    found: list[Breach] = []
    for kinds in asked:
        with pytest.raises(RulesBroken) as refused:
            raised(SENT, dispute(kinds=kinds))
        found += refused.value.breaches

    choice = f"Choose from: {', '.join(escalation.kinds)}"
    assert found == [
        must("disagreement-kind", choice, "1 not known", escalation.source),
        must("disagreement-kind", "Name each kind once", "one of them twice", escalation.source),
        must("disagreement-kind", choice, "0 not known", escalation.source),
    ]


def test_every_breach_of_a_disagreement_is_named_at_once() -> None:
    ended = replace(raised(SENT).after, stage=Stage.CANCELLED)

    with pytest.raises(RulesBroken) as refused:
        raised(ended, dispute(kinds=("dislike", "dislike")))

    assert breaches(refused) == [
        "disagreement-kind",
        "disagreement-kind",
        "disagreement-open",
        "disagreement-stage",
    ]
    assert "dislike" not in str([(x.says, x.found) for x in refused.value.breaches])


def test_where_the_protocol_has_no_ladder_nothing_is_raised() -> None:
    with pytest.raises(RulesBroken) as refused:
        raise_disagreement(SENT, dispute(), actor("op.worker"), ladder(None))

    assert refused.value.breaches[0].says == "This protocol knows none"


@pytest.mark.parametrize("team", EITHER_TEAM)
@pytest.mark.parametrize("role", Role)
def test_h06_who_raises_is_somebody_with_any_of_a_teams_roles(role: Role, team: str) -> None:
    person = somebody("some.body", role, team)

    if role in RAISERS:
        found = raised(SENT, dispute(by="some.body"), person).after
        assert found.disagreements[0].raised_by == "some.body"
    else:
        with pytest.raises(NotVisible):
            raised(SENT, dispute(by="some.body"), person)


def test_h06_nobody_of_another_team_raises_anything() -> None:
    with pytest.raises(NotVisible):
        raised(SENT, who=actor("op.chester.manager"))


@pytest.mark.parametrize("name", ["raised", "escalated", "resolved"])
def test_nobody_records_by_hand_what_becomes_of_a_disagreement(name: str) -> None:
    happened = Happened(f"disagreement_{name}", NOW, outcome="not_agreed")

    with pytest.raises(RulesBroken, match=r"^milestone$"):
        record_milestone(raised(SENT).after, happened, actor("op.manager"), situation())


def test_df_21_it_goes_up_to_the_operations_manager_and_both_teams_are_told() -> None:
    before = raised(SENT).after

    decision = escalated(before)

    found = decision.after.disagreements[0]
    assert found.steps == (Step("operations_manager", "op.manager", NOW, "Not within the day"),)
    assert found.level == "operations_manager"
    assert names(decision) == ["disagreement_escalated:operations_manager"]
    assert [(x.kind, x.team) for x in decision.alerts] == [
        ("disagreement_escalated", team) for team in EITHER_TEAM
    ]
    assert len({x.key for x in decision.alerts}) == 2
    assert "Not within the day" not in str(decision.alerts) + str(decision.events)


def test_h19_each_step_up_is_told_anew() -> None:
    where = ladder(durham().pathways[Pathway.STEP_UP].escalation, more_levels=True)
    first = escalated(raised(SENT, where=where).after, where=where)
    second = escalated(first.after, where=where)

    assert {x.key for x in first.alerts}.isdisjoint(x.key for x in second.alerts)


def test_the_audit_of_a_step_up_and_of_its_end_says_to_which_level_and_how() -> None:
    before = raised(SENT).after

    up = escalated(before)
    end = resolved(up.after, GO, by="operations.manager")

    stage, version = Stage.DISPATCHED, before.version
    assert up.events == (
        Event(
            *("disagreement_escalated", "op.manager", NOW, stage, stage, version + 1),
            ("operations_manager",),
        ),
    )
    assert end.events == (
        Event(
            *("disagreement_resolved", "operations.manager", NOW, stage, stage, version + 2),
            (GO,),
        ),
    )


def test_the_audit_of_an_outcome_that_moves_the_transfer_says_which_before_what_it_moved() -> None:
    declined = raised(transfer_at(Stage.DECLINED)).after

    first, moved = resolved(declined, GO).events

    who, version = "operations.manager", declined.version + 1
    stages = (Stage.DECLINED, Stage.DECLINED)
    assert first == Event("disagreement_resolved", who, NOW, *stages, version, (GO,))
    assert (moved.action, moved.from_stage, moved.version) == ("redirect", stages[0], version)


def test_h19_each_team_is_told_once_of_each_disagreement_how_it_ended() -> None:
    told = resolved(raised(SENT).after, STAY).alerts

    kind, says = "disagreement_resolved", "A disagreement is resolved: All stays as it is (DF 21)"
    assert told == tuple(
        Alert(kind, f"{kind}:{SENT.id}:{ID}:{team}", team, says) for team in EITHER_TEAM
    )


def test_of_a_draft_that_the_receiver_has_not_seen_the_origin_alone_is_told() -> None:
    drafted = raised(transfer_at(Stage.DRAFT)).after

    assert [x.team for x in escalated(drafted).alerts] == ["op-bishop"]


def test_a_level_may_be_passed_over_and_none_is_gone_down_again() -> None:
    where = ladder(durham().pathways[Pathway.STEP_UP].escalation, more_levels=True)
    before = raised(SENT, where=where).after

    highest = escalated(before, level="partnership", where=where).after

    assert highest.disagreements[0].level == "partnership"
    for level in ("operations_manager", "nobody"):
        with pytest.raises(RulesBroken, match=r"^disagreement-level$"):
            escalated(highest, level=level, where=where)
    with pytest.raises(RulesBroken, match=r"^disagreement-level$"):
        escalated(before, level="nobody", where=where)


def test_above_the_highest_level_there_is_none() -> None:
    with pytest.raises(RulesBroken, match=r"^disagreement-level$"):
        escalated(escalated(raised(SENT).after).after)


@pytest.mark.parametrize(
    ("person", "may"),
    [
        ("op.worker", True),  # who raised it
        ("op.keyworker", False),
        ("op.manager", True),
        ("ff.socialworker", False),
        ("ff.manager", True),
        ("ff.coordinator", False),
        ("operations.manager", True),
    ],
)
def test_h06_who_escalates_is_a_manager_or_chair_of_either_team_or_who_raised_it(
    person: str, *, may: bool
) -> None:
    before = raised(SENT).after

    if may:
        assert escalated(before, by=person).after.disagreements[0].steps[0].by == person
    else:
        with pytest.raises(NotPermitted):
            escalated(before, by=person)


@pytest.mark.parametrize(
    ("person", "before", "after"),
    [
        ("op.worker", False, False),
        ("op.manager", True, False),
        ("ff.socialworker", False, False),
        ("ff.manager", True, False),
        ("ff.coordinator", False, False),
        ("operations.manager", False, True),
    ],
)
def test_h06_who_resolves_is_who_decides_at_its_level(
    person: str, *, before: bool, after: bool
) -> None:
    at_first = raised(SENT).after
    for transfer, may in ((at_first, before), (escalated(at_first).after, after)):
        if may:
            found = resolved(transfer, STAY, by=person).after.disagreements[0]
            assert (found.resolved_by, found.resolved_at) == (person, NOW)
        else:
            with pytest.raises(NotPermitted):
                resolved(transfer, STAY, by=person)


def test_h06_who_decides_for_the_raiser_alone_does_not_resolve_it() -> None:
    raiser = actor("op.manager")
    by = dispute(by=raiser.id)
    disputed = raised(SENT, by, raiser).after
    role = Membership(Role.TEAM_MANAGER, "op-bishop")
    delegate = replace(
        actor("op.worker"),
        memberships=frozenset({role}),
        delegated=frozenset({Delegated(role, raiser.id)}),
    )
    of_both = replace(delegate, delegated=delegate.delegated | {Delegated(role, "another.manager")})

    with pytest.raises(SeparationOfDuties):
        resolved(disputed, who=delegate)
    assert resolved(disputed, who=of_both).after.disagreement is None


def test_who_raised_it_does_not_resolve_it() -> None:
    manager = actor("op.manager")
    own = raised(SENT, dispute(by="op.manager"), manager).after

    with pytest.raises(SeparationOfDuties):
        resolved(own, STAY, by="op.manager")


def test_a_level_may_be_decided_by_one_side_alone() -> None:
    where = ladder(durham().pathways[Pathway.STEP_UP].escalation, by_origin=True)
    before = escalated(raised(SENT, where=where).after, where=where).after

    with pytest.raises(NotPermitted):
        resolved(before, STAY, who=somebody("x", Role.OPERATIONS_MANAGER, "ff-bishop"), where=where)
    ours = somebody("x", Role.OPERATIONS_MANAGER, "op-bishop")
    assert resolved(before, STAY, who=ours, where=where).after.disagreement is None


def test_nothing_is_done_about_a_disagreement_twice_nor_about_one_that_is_not_there() -> None:
    settled = resolved(raised(SENT).after, STAY, by="ff.manager").after

    for again in (escalated, resolved):
        with pytest.raises(RulesBroken, match=r"^disagreement-resolved$"):
            again(settled, by="ff.manager")
        with pytest.raises(NotVisible, match=ID):
            again(SENT)


def test_an_outcome_that_the_protocol_does_not_know_is_refused() -> None:
    with pytest.raises(RulesBroken, match=r"^disagreement-outcome$"):
        resolved(raised(SENT).after, "we_won", by="ff.manager")


def test_every_step_is_held_to_the_version_that_it_was_made_against() -> None:
    before, where = raised(SENT).after, situation()
    stale, manager = SENT.version, actor("ff.manager")

    with pytest.raises(StaleVersion):
        raise_disagreement(before, dispute(), actor("op.worker"), where, expected_version=stale)
    with pytest.raises(StaleVersion):
        escalate_disagreement(before, ID, "Up", manager, where, expected_version=stale)
    with pytest.raises(StaleVersion):
        resolve_disagreement(before, ID, STAY, "So", manager, where, expected_version=stale)


@pytest.mark.parametrize("stage", OPEN)
@pytest.mark.parametrize(
    ("outcome", "moves"),
    [
        (GO, {Stage.DECLINED: Stage.DISPATCHED}),
        (BACK, {Stage.DECLINED: Stage.DRAFT, Stage.DISPATCHED: Stage.CANCELLED}),
        (STAY, {}),
    ],
)
def test_an_outcome_moves_the_transfer_where_the_table_has_a_row_and_nowhere_else(
    outcome: str, moves: dict[Stage, Stage], stage: Stage
) -> None:
    before = raised(transfer_at(stage)).after

    decision = resolved(before, outcome)

    assert decision.after.stage is moves.get(stage, stage)
    assert decision.after.disagreement is None
    assert decision.after.version == before.version + 1
    assert decision.events[0].action == "disagreement_resolved"
    assert {event.version for event in decision.events} == {before.version + 1}


@pytest.mark.parametrize(("outcome", "stage"), [(GO, Stage.AWAITING_AUTHORISATION),
                                                (BACK, Stage.DRAFT)])  # fmt: skip
def test_a_form_that_waits_for_authorisation_is_taken_back_and_never_authorised_by_an_outcome(
    outcome: str, stage: Stage
) -> None:
    before = transfer_at(Stage.AWAITING_AUTHORISATION, Pathway.STEP_DOWN)
    waiting = raised(before, dispute(by="ff.socialworker"), actor("ff.socialworker")).after

    after = resolved(waiting, outcome, by="ff.manager").after

    assert after.stage is stage
    assert after.authorised_by is None


def test_h19_a_declined_task_goes_ahead_to_the_same_team_as_a_new_task() -> None:
    declined = raised(transfer_at(Stage.DECLINED)).after

    decision = resolved(declined, GO)

    assert names(decision) == ["disagreement_resolved:goes_ahead", "redirected", "dispatched"]
    assert decision.after.sent_to == declined.sent_to
    assert decision.after.dispatch == declined.dispatch + 1
    assert [m.kind for m in decision.messages] == [MessageKind.DELIVER_TASK]
    assert [e.action for e in decision.events] == ["disagreement_resolved", "redirect"]


def test_h19_what_may_not_be_sent_is_not_sent_by_an_outcome_either() -> None:
    declined = raised(transfer_at(Stage.DECLINED)).after
    gone = situation()
    closed = replace(gone.teams["ff-bishop"], active=False)
    where = replace(gone, teams={**gone.teams, "ff-bishop": closed})

    with pytest.raises(RulesBroken) as refused:
        resolved(declined, GO, where=where)

    assert "DL-3-recipient-active" in breaches(refused)


def test_a_task_that_nobody_picked_up_is_withdrawn_when_it_is_taken_back() -> None:
    decision = resolved(raised(SENT).after, BACK)

    assert [m.kind for m in decision.messages] == [MessageKind.WITHDRAW_TASK]
    assert names(decision) == ["disagreement_resolved:taken_back", "cancelled"]
    assert decision.after.milestones[-1].reason == "taken_back"


def test_h19_the_receiving_side_alone_does_not_withdraw_what_was_sent_to_it() -> None:
    before = raised(SENT).after
    receiving, origin = actor("ff.manager"), actor("op.manager")

    with pytest.raises(RulesBroken) as refused:
        resolved(before, BACK, who=receiving)
    stays = resolved(before, STAY, who=receiving)
    withdrawn = resolved(before, BACK, who=origin)

    assert breaches(refused) == ["disagreement-outcome"]
    assert stays.after.stage is Stage.DISPATCHED
    assert withdrawn.after.stage is Stage.CANCELLED


@pytest.mark.parametrize("outcome", [GO, BACK, STAY])
@pytest.mark.parametrize("stage", [Stage.DISPATCHED, Stage.DECLINED, Stage.ALLOCATED])
def test_h19_both_teams_are_told_how_it_ended(stage: Stage, outcome: str) -> None:
    decision = resolved(raised(transfer_at(stage)).after, outcome)

    told = [x for x in decision.alerts if x.kind == "disagreement_resolved"]
    assert [x.team for x in told] == list(EITHER_TEAM)
    assert len({x.key for x in told}) == 2
    assert "The school's report" not in str(told)


def test_of_a_draft_that_is_agreed_after_all_the_origin_alone_is_told() -> None:
    decision = resolved(raised(decided("not_agreed")).after, GO)

    assert [(x.kind, x.team) for x in decision.alerts] == [("disagreement_resolved", "op-bishop")]


def decided(outcome: str, *more: Milestone) -> Transfer:
    """A draft that its meeting decided on."""
    marks = (
        Milestone("submitted_to_meeting", NOW, "op.worker", NOW, until=NOW),
        Milestone("meeting_decided", NOW, "op.manager", NOW, outcome=outcome),
        *more,
    )
    draft = transfer_at(Stage.DRAFT)
    return replace(draft, milestones=(*draft.milestones, *marks))


def test_what_the_meeting_did_not_agree_is_agreed_once_it_goes_ahead() -> None:
    before = raised(decided("not_agreed")).after

    decision = resolved(before, GO)

    agreed = decision.after.milestones[-1]
    assert names(decision) == ["disagreement_resolved:goes_ahead", "meeting_decided:agreed"]
    assert agreed == Milestone(
        *("meeting_decided", NOW, "operations.manager", NOW),
        reason="disagreement_resolved",
        note="The school's report",
        outcome="agreed",
    )
    assert decision.after.stage is Stage.DRAFT


def test_ce_m27_below_the_first_level_a_manager_does_not_undo_what_the_meeting_decided() -> None:
    before = raised(decided("not_agreed")).after
    where = chairs_decide()
    manager, chair = actor("op.manager"), somebody("a.chair", Role.CHAIR, "op-bishop")

    with pytest.raises(RulesBroken) as refused:
        resolved(before, GO, who=manager, where=where)
    by_chair = resolved(before, GO, who=chair, where=where)
    stays = resolved(before, STAY, who=manager, where=where)
    above = resolved(before, GO, where=where)

    assert breaches(refused) == ["disagreement-level"]
    assert (
        names(by_chair)
        == names(above)
        == [
            "disagreement_resolved:goes_ahead",
            "meeting_decided:agreed",
        ]
    )
    assert names(stays) == ["disagreement_resolved:stays"]


@pytest.mark.parametrize(
    ("before", "outcome"),
    [
        (decided("agreed"), GO),
        (decided("not_agreed"), STAY),
        (decided("not_agreed"), BACK),
        (decided("not_agreed", Milestone("submitted_to_meeting", NOW, "x", NOW, until=NOW)), GO),
        (transfer_at(Stage.DRAFT), GO),
    ],
    ids=["agreed anyway", "stays", "taken back", "another meeting is to come", "no meeting yet"],
)
def test_no_outcome_anticipates_a_meeting_or_repeats_it(before: Transfer, outcome: str) -> None:
    decision = resolved(raised(before).after, outcome)

    assert names(decision) == [f"disagreement_resolved:{outcome}"]


def test_a_resolved_disagreement_says_how_and_why_and_the_audit_says_only_codes() -> None:
    decision = resolved(raised(SENT).after, STAY)

    found = decision.after.disagreements[0]
    assert (found.outcome, found.rationale, found.open) == (STAY, "The school's report", False)
    assert decision.events[0].codes == (STAY,)
    assert "The school" not in str(decision.events)


def test_ce_m27_an_allocated_transfer_is_completed_by_itself_only_once_it_is_resolved() -> None:
    closing = transfer_at(Stage.ALLOCATED)
    disputed = raised(closing).after
    worker, later = actor("op.worker"), situation(NOW + timedelta(hours=1))

    closed = close_at_source(disputed, Closed(NOW.date()), worker, later).after
    settled = resolved(closed, STAY, where=later).after

    assert closed.stage is Stage.ALLOCATED
    assert settled.stage is Stage.COMPLETED


def test_df_21_not_agreed_declined_and_disputed_each_start_the_24_hours() -> None:
    def clock(transfer: Transfer) -> str:
        (found,) = (x for x in situation().clocks(transfer) if x.kind.code == "DF-21-escalation")
        return found.state(NOW)

    disputed = raised(SENT).after

    assert clock(SENT) == "waiting"
    assert clock(disputed) == clock(transfer_at(Stage.DECLINED)) == "running"
    assert clock(escalated(disputed).after) == "met"
    assert clock(resolved(disputed, STAY, by="ff.manager").after) == "met"


def test_a_breach_of_a_disagreement_cites_the_ladder_s_clause() -> None:
    with pytest.raises(RulesBroken) as refused:
        raised(raised(SENT).after)

    found: Breach = refused.value.breaches[0]
    assert found.source == "DF 21"


CANCELLABLE = [Stage.DRAFT, Stage.DISPATCHED]


def cancelled_while_disputed(stage: Stage) -> Transfer:
    """A transfer that was cancelled from that stage while a disagreement was open."""
    open_one = raised(transfer_at(stage)).after
    cancel = c.Cancel("entered_in_error", "A mistake")
    return decide(open_one, cancel, actor("op.manager"), situation()).after


@pytest.mark.parametrize("stage", CANCELLABLE)
@pytest.mark.parametrize("at_level", [False, True])
def test_on_a_cancelled_transfer_nothing_is_escalated_or_raised(
    stage: Stage, *, at_level: bool
) -> None:
    gone = cancelled_while_disputed(stage)
    where = ladder(durham().pathways[Pathway.STEP_UP].escalation, more_levels=True)
    if at_level:
        step = Step("operations_manager", "op.manager", NOW, "Not within the day")
        gone = gone.with_disagreement(replace(gone.disagreements[0], steps=(step,)))

    with pytest.raises(RulesBroken) as higher:
        escalated(gone, where=where)
    with pytest.raises(RulesBroken) as another:
        raised(gone, dispute(id="another"))

    assert breaches(higher) == ["disagreement-stage"]
    assert breaches(another) == ["disagreement-open", "disagreement-stage"]


@pytest.mark.parametrize("stage", sorted(ENDED))
def test_what_is_open_once_the_transfer_has_ended_is_not_escalated(stage: Stage) -> None:
    ended = replace(raised(SENT).after, stage=stage)

    with pytest.raises(RulesBroken) as refused:
        escalated(ended)

    assert [(x.code, x.found) for x in refused.value.breaches] == [("disagreement-stage", stage)]


@pytest.mark.parametrize("stage", OPEN)
def test_what_is_open_on_an_open_transfer_is_escalated_at_every_stage(stage: Stage) -> None:
    found = escalated(raised(transfer_at(stage)).after).after.disagreement

    assert found is not None
    assert found.level == "operations_manager"


@pytest.mark.parametrize("stage", CANCELLABLE)
def test_on_a_cancelled_transfer_it_is_resolved_with_an_outcome_that_moves_nothing(
    stage: Stage,
) -> None:
    gone = cancelled_while_disputed(stage)

    decision = resolved(gone, STAY, by="op.manager")

    assert decision.after.disagreement is None
    assert (decision.after.stage, decision.messages) == (Stage.CANCELLED, ())
    assert names(decision) == ["disagreement_resolved:stays"]
    for outcome in (GO, BACK):
        with pytest.raises(RulesBroken) as refused:
            resolved(gone, outcome, by="op.manager")
        assert breaches(refused) == ["disagreement-stage"]


def test_is_12_what_nobody_resolves_below_a_level_the_first_resolves_once_it_is_cancelled() -> None:
    escalation = durham().pathways[Pathway.STEP_UP].escalation
    assert escalation is not None
    where = ladder(replace(escalation, agreed_by=()))
    gone = cancelled_while_disputed(Stage.DRAFT)

    with pytest.raises(RulesBroken) as refused:
        resolved(raised(SENT).after, STAY, by="op.manager", where=where)
    after = resolved(gone, STAY, by="operations.manager", where=where, who=None).after

    assert breaches(refused) == ["disagreement-level"]
    assert after.disagreement is None


def test_where_no_outcome_of_the_protocol_moves_nothing_any_is_recorded_on_a_cancelled_one() -> (
    None
):
    escalation = durham().pathways[Pathway.STEP_UP].escalation
    assert escalation is not None
    moving = {code: x for code, x in escalation.outcomes.items() if code != STAY}
    where = ladder(replace(escalation, outcomes=moving))

    after = resolved(cancelled_while_disputed(Stage.DRAFT), GO, by="op.manager", where=where).after

    assert (after.disagreement, after.stage) == (None, Stage.CANCELLED)


def test_a_disagreement_that_changes_leaves_those_before_it_as_they_were() -> None:
    first, second = dispute(id="d-1"), dispute(id="d-2")
    two = replace(transfer_at(Stage.DISPATCHED), disagreements=(first, second))

    after = two.with_disagreement(replace(second, about="Something else"))

    assert after.disagreements == (first, replace(second, about="Something else"))
