"""The origin closes its own record, once, and never before the receiving side has accepted."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from builders import (
    BEGAN,
    NOW,
    TODAY,
    actor,
    durham,
    sample_directory,
    situation,
    somebody,
    transfer_at,
)

from app.domain import commands as c
from app.domain.breach import must
from app.domain.census_closure import Activities, Assessment
from app.domain.close_at_source import Closed, close_at_source, in_the_way, proposed_reason
from app.domain.custody import ledger
from app.domain.decide import decide
from app.domain.decision import Situation
from app.domain.errors import NotPermitted, NotVisible, RulesBroken, StaleVersion
from app.domain.milestone_kind import Side
from app.domain.milestone_names import Named
from app.domain.pathway import Pathway, Stage
from app.domain.people import Actor, Role
from app.domain.succession import Succession, succeed
from app.domain.transfer import Milestone, Origin, Transfer

UP, DOWN = Pathway.STEP_UP, Pathway.STEP_DOWN
CLOSERS = {UP: actor("op.worker"), DOWN: actor("ff.socialworker")}
ACCEPTED = (Stage.ALLOCATED, Stage.COMPLETED)
LATER = NOW + timedelta(days=3)
TEAMS = {team.id: team for team in sample_directory().teams}


def codes(
    transfer: Transfer, closed: Closed, who: Actor | None = None, where: Situation | None = None
) -> list[str]:
    """The codes of what refuses it."""
    with pytest.raises(RulesBroken) as refusal:
        close_at_source(transfer, closed, who or CLOSERS[transfer.pathway], where or situation())
    return [breach.code for breach in refusal.value.breaches]


@pytest.mark.parametrize(
    ("pathway", "stage"),
    [
        (pathway, stage)
        for pathway in Pathway
        for stage in Stage
        if stage not in ACCEPTED and (pathway, stage) != (UP, Stage.AWAITING_AUTHORISATION)
    ],
)
def test_h01_the_origin_does_not_close_before_the_receiving_side_has_accepted(
    pathway: Pathway, stage: Stage
) -> None:
    transfer = transfer_at(stage, pathway)

    assert codes(transfer, Closed(TODAY)) == ["closing-acceptance"]
    assert [breach.code for breach in in_the_way(transfer, situation())] == ["closing-acceptance"]


HELD_BY_THE_ORIGIN = [Stage.DISPATCHED, Stage.PICKED_UP, Stage.DECLINED, Stage.STARTED]
SUCCESSIONS = {
    UP: Succession(TEAMS["op-bishop"], TEAMS["op-east"], "Two become one"),
    DOWN: Succession(TEAMS["ff-bishop"], TEAMS["ff-east"], "Two become one"),
}


@pytest.mark.parametrize("pathway", Pathway)
@pytest.mark.parametrize("stage", HELD_BY_THE_ORIGIN)
def test_h01_another_team_or_lead_at_the_origin_is_no_acceptance(
    pathway: Pathway, stage: Stage
) -> None:
    named = Milestone("lead_changed", NOW, "x", NOW, person="K. Lead", outcome=Side.ORIGIN)
    led = transfer_at(stage, pathway).with_milestone(named)
    succeeded = succeed(led, SUCCESSIONS[pathway], actor("systems.team"), situation(LATER)).after
    closer = somebody("x", Role.TEAM_MANAGER, succeeded.origin_team)

    assert len(ledger(succeeded, durham().pathways[pathway])) > 1
    assert codes(led, Closed(TODAY)) == ["closing-acceptance"]
    assert codes(succeeded, Closed(TODAY), closer, situation(LATER)) == ["closing-acceptance"]


@pytest.mark.parametrize("pathway", Pathway)
def test_h01_after_a_succession_the_origin_closes_on_the_day_of_the_acceptance_or_later(
    pathway: Pathway,
) -> None:
    started = transfer_at(Stage.STARTED, pathway)
    succeeded = succeed(started, SUCCESSIONS[pathway], actor("systems.team"), situation()).after
    receiver = somebody("y", Role.TEAM_MANAGER, str(succeeded.sent_to))
    given = decide(succeeded, c.Allocate("a.worker", LATER), receiver, situation(LATER)).after
    closer = somebody("x", Role.TEAM_MANAGER, succeeded.origin_team)

    closed = close_at_source(given, Closed(LATER.date()), closer, situation(LATER))

    assert closed.after.closing is not None
    assert codes(given, Closed(TODAY), closer, situation(LATER)) == ["closing-day"]


@pytest.mark.parametrize("pathway", Pathway)
@pytest.mark.parametrize("stage", ACCEPTED)
def test_dl_07_18_the_origin_closes_once_the_receiving_side_has_accepted(
    pathway: Pathway, stage: Stage
) -> None:
    transfer = transfer_at(stage, pathway)

    decision = close_at_source(transfer, Closed(TODAY), CLOSERS[pathway], situation())

    closing = decision.after.closing
    mark = decision.after.reached("origin_closed")
    assert decision.after.stage is Stage.COMPLETED
    assert decision.after.version == transfer.version + 1
    assert closing is not None
    assert mark is not None
    assert (mark.at, mark.reason) == (NOW, closing.reason)
    assert in_the_way(transfer, situation()) == ()


def test_the_reason_is_the_proposed_one_unless_another_is_given() -> None:
    transfer = transfer_at(Stage.ALLOCATED, DOWN)
    assessed = replace(transfer, origin=Origin("child_and_family_assessment", "CFA-1"))

    closing = close_at_source(transfer, Closed(TODAY), CLOSERS[DOWN], situation()).after.closing

    rules = durham().pathways[DOWN]
    assert closing is not None
    assert (closing.reason, closing.proposed) == ("RC7", "RC7")
    assert proposed_reason(assessed, rules) == "RC9"
    assert proposed_reason(transfer_at(Stage.DRAFT), durham().pathways[UP]) == "step_up"


def test_another_reason_than_the_proposed_one_needs_a_comment() -> None:
    transfer = transfer_at(Stage.ALLOCATED, DOWN)
    moved = Closed(TODAY, "RC5", "They moved to another council.")

    closing = close_at_source(transfer, moved, CLOSERS[DOWN], situation()).after.closing

    assert codes(transfer, Closed(TODAY, "RC5")) == ["closing-comment"]
    assert closing is not None
    assert (closing.reason, closing.proposed, closing.comment) == ("RC5", "RC7", moved.comment)


def test_where_nothing_is_proposed_the_reason_must_be_given() -> None:
    transfer = replace(transfer_at(Stage.ALLOCATED, DOWN), origin=Origin("another", "X-1"))

    given = close_at_source(transfer, Closed(TODAY, "RC7"), CLOSERS[DOWN], situation())

    assert codes(transfer, Closed(TODAY)) == ["8810"]
    assert given.after.closing is not None


@pytest.mark.parametrize(
    ("pathway", "reason"), [(UP, "RC7"), (UP, "step_down"), (DOWN, "step_up"), (DOWN, "RC10")]
)
def test_a_record_closes_for_a_reason_of_its_own_kind(pathway: Pathway, reason: str) -> None:
    assert codes(transfer_at(Stage.ALLOCATED, pathway), Closed(TODAY, reason, "x")) == [
        "closing-reason"
    ]


@pytest.mark.parametrize("pathway", Pathway)
def test_it_closes_on_a_day_from_the_acceptance_to_today(pathway: Pathway) -> None:
    transfer, where, one = transfer_at(Stage.ALLOCATED, pathway), situation(LATER), timedelta(1)
    closer = CLOSERS[pathway]

    same_day = close_at_source(transfer, Closed(TODAY), closer, where)

    mark = same_day.after.reached("origin_closed")
    assert mark is not None
    assert NOW <= mark.at < LATER
    assert codes(transfer, Closed(TODAY - one), where=where) == ["closing-day"]
    assert codes(transfer, Closed(LATER.date() + one), where=where) == ["closing-day"]


def test_an_episode_does_not_end_before_it_starts_and_has_no_activities() -> None:
    transfer = transfer_at(Stage.ALLOCATED)
    begun_later = replace(
        transfer, origin_record=replace(transfer.origin_record, started_on=date(2026, 11, 21))
    )

    assert codes(begun_later, Closed(TODAY, activities=Activities())) == [
        "closing-start",
        "closing-activities",
    ]


def test_a_referral_is_held_to_the_census_and_every_breach_cites_it() -> None:
    transfer = transfer_at(Stage.ALLOCATED, DOWN)
    done = Activities((Assessment(BEGAN - timedelta(1)),), icpc_on=BEGAN)

    with pytest.raises(RulesBroken) as refusal:
        close_at_source(
            transfer,
            Closed(TODAY, "RC9", "No plan in the end", done),
            CLOSERS[DOWN],
            situation(),
        )

    found = [(breach.code, breach.source) for breach in refusal.value.breaches]
    assert found == [(rule, "Children in Need census") for rule in ("1103", "2990", "8867")]


def test_rules_that_could_not_be_asked_are_kept_with_the_closing() -> None:
    transfer = transfer_at(Stage.ALLOCATED, DOWN)
    known = Closed(TODAY, activities=Activities((Assessment(BEGAN, TODAY),)))

    without = close_at_source(transfer, Closed(TODAY), CLOSERS[DOWN], situation())
    with_them = close_at_source(transfer, known, CLOSERS[DOWN], situation())

    assert without.after.closing is not None
    assert with_them.after.closing is not None
    assert without.after.closing.unchecked == ("1103", "2889", "4015", "8565", "8867")
    assert with_them.after.closing.unchecked == ()
    assert "unchecked:8565" in without.events[0].codes


@pytest.mark.parametrize("pathway", Pathway)
def test_what_is_closed_is_not_closed_twice(pathway: Pathway) -> None:
    transfer, closer = transfer_at(Stage.ALLOCATED, pathway), CLOSERS[pathway]
    closed = close_at_source(transfer, Closed(TODAY), closer, situation()).after

    assert codes(closed, Closed(TODAY)) == ["closing-once"]


def test_everything_that_is_wrong_is_told_at_once() -> None:
    transfer = transfer_at(Stage.DISPATCHED, DOWN)

    found = codes(transfer, Closed(BEGAN - timedelta(1), "RC9", None, Activities()))

    assert found == ["closing-acceptance", "closing-comment", "8630", "8825Q"]


@pytest.mark.parametrize("pathway", Pathway)
def test_a_protocol_without_a_closing_closes_nothing(pathway: Pathway) -> None:
    rules = replace(durham().pathways[pathway], closing=None)
    without = replace(durham(), pathways={**durham().pathways, pathway: rules})

    found = codes(
        transfer_at(Stage.ALLOCATED, pathway), Closed(TODAY), where=situation(protocol=without)
    )

    assert found == ["closing"]


def test_only_the_origin_closes_its_record_on_the_version_it_saw() -> None:
    transfer = transfer_at(Stage.ALLOCATED)
    coordinator = somebody("a coordinator", Role.TEAM_COORDINATOR, "op-bishop")

    for who in (actor("ff.manager"), actor("ff.socialworker"), coordinator):
        with pytest.raises(NotPermitted):
            close_at_source(transfer, Closed(TODAY), who, situation())
    with pytest.raises(NotVisible):
        close_at_source(transfer, Closed(TODAY), actor("ff.chester.manager"), situation())
    with pytest.raises(StaleVersion):
        close_at_source(transfer, Closed(TODAY), CLOSERS[UP], situation(), expected_version=1)


def test_the_audit_carries_codes_and_no_comment() -> None:
    transfer = transfer_at(Stage.ALLOCATED, DOWN)
    moved = Closed(TODAY, "RC5", "They moved to Elsewhere.", Activities())

    decision = close_at_source(transfer, moved, CLOSERS[DOWN], situation())

    assert decision.events[0].action == "origin_closed"
    assert decision.events[0].codes == ("RC5",)
    assert "Elsewhere" not in repr(decision.events)
    assert decision.messages == ()


def closing_by(pathway: Pathway, **changes: Any) -> Situation:
    """Durham, where the origin closes in another way."""
    rules = durham().pathways[pathway]
    assert rules.closing is not None
    half = replace(rules, closing=replace(rules.closing, **changes))
    return situation(protocol=replace(durham(), pathways={**durham().pathways, pathway: half}))


def test_what_is_closed_only_after_a_milestone_says_after_which_and_by_which_clause() -> None:
    after = (Named("plan_ended"), Named("visit", "refused"))
    where = closing_by(UP, says="Close the episode", source="X 1", after=after)
    transfer = transfer_at(Stage.ALLOCATED)
    refused = transfer.with_milestone(Milestone("visit", NOW, "x", NOW, outcome="refused"))

    says = "Close the episode: only after plan_ended or visit:refused"
    assert in_the_way(transfer, where) == (must("closing-order", says, "not reached", "X 1"),)
    assert in_the_way(refused, where) == ()


def test_the_origin_s_record_is_closed_by_whom_the_protocol_has_close_it() -> None:
    where = closing_by(UP, roles=(Role.TEAM_MANAGER,))
    transfer = transfer_at(Stage.ALLOCATED)

    by_manager = close_at_source(transfer, Closed(TODAY), actor("op.manager"), where)

    assert by_manager.after.closing is not None
    with pytest.raises(NotPermitted):
        close_at_source(transfer, Closed(TODAY), CLOSERS[UP], where)


def test_h01_a_day_before_the_acceptance_cites_the_hazard() -> None:
    with pytest.raises(RulesBroken) as refusal:
        close_at_source(
            transfer_at(Stage.ALLOCATED), Closed(TODAY - timedelta(1)), CLOSERS[UP], situation()
        )

    assert [(x.code, x.source, x.found) for x in refusal.value.breaches] == [
        ("closing-day", "HZ 1", "a day before the acceptance")
    ]


def test_an_episode_may_end_on_the_day_it_began_and_the_census_asks_nothing_of_it() -> None:
    transfer = transfer_at(Stage.ALLOCATED)
    short = replace(transfer, origin_record=replace(transfer.origin_record, started_on=TODAY))

    closing = close_at_source(short, Closed(TODAY), CLOSERS[UP], situation()).after.closing

    assert closing is not None
    assert (closing.closed_on, closing.unchecked) == (TODAY, ())
