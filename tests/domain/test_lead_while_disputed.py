"""The lead stays until a disagreement is resolved. Hazards 1 and 19; IS 12, CE M27."""

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import PEOPLE, actor, durham, situation, transfer_at
from domain.disputes import GO, STAY, dispute, escalated, raised, resolved
from domain.histories import HOUR, at, mark, told
from domain.recording_council import recording

from app.domain import commands as c
from app.domain.close_at_source import Closed, close_at_source
from app.domain.custody import Custody, custody_at, ledger
from app.domain.decide import decide
from app.domain.errors import RulesBroken
from app.domain.pathway import Pathway, Stage
from app.domain.transfer import Milestone

RULES = recording().protocol.pathways[Pathway.STEP_UP]
ORIGIN, FIRST, SECOND = "op-bishop", "ff-bishop", "ff-chester"
TEN, ELEVEN, NOON, ONE = at("10:00"), at("11:00"), at("12:00"), at("13:00")
SENT, STARTED = mark("dispatched", TEN - HOUR, team=FIRST), mark("started", TEN)
ALLOCATED = mark("allocated", ELEVEN, person="A. Worker")
RAISED = mark("disagreement_raised:other", TEN)
RESOLVED = mark("disagreement_resolved:stays", NOON)


def leads(*marks: Milestone) -> list[Custody]:
    return list(ledger(told(*marks), RULES))


def passing_at(when: object) -> list[Custody]:
    return [
        Custody(ORIGIN, None, until=when),  # type: ignore[arg-type]
        Custody(FIRST, when, "A. Worker"),  # type: ignore[arg-type]
    ]


def test_h19_the_origin_leads_on_while_it_is_disputed_and_the_lead_passes_as_it_is_resolved() -> (
    None
):
    assert leads(SENT, STARTED, RAISED, ALLOCATED) == [Custody(ORIGIN, None)]
    assert leads(SENT, STARTED, RAISED, ALLOCATED, RESOLVED) == passing_at(NOON)


def test_is_12_what_is_resolved_before_the_allocation_delays_nothing() -> None:
    early = replace(RESOLVED, at=TEN)

    assert leads(SENT, STARTED, RAISED, early, ALLOCATED) == passing_at(ELEVEN)


def test_h19_what_is_reported_late_passes_nothing_while_it_was_disputed() -> None:
    assert leads(SENT, STARTED, RAISED, RESOLVED, ALLOCATED) == passing_at(NOON)


def test_h19_what_has_passed_already_is_not_given_back_by_a_dispute() -> None:
    raised_later = replace(RAISED, at=NOON)

    assert leads(SENT, STARTED, ALLOCATED, raised_later) == passing_at(ELEVEN)


def test_h19_a_receiving_team_that_leads_passes_it_on_whatever_is_disputed() -> None:
    passed_on = mark("passed_on", ONE, team=SECOND)

    held = leads(SENT, STARTED, ALLOCATED, replace(RAISED, at=NOON), passed_on)

    assert [(x.team, x.since) for x in held] == [(ORIGIN, None), (FIRST, ELEVEN), (SECOND, ONE)]


def test_h19_a_second_dispute_keeps_the_lead_as_the_first_did() -> None:
    again, settled = replace(RAISED, at=NOON), replace(RESOLVED, at=ONE)

    assert leads(SENT, STARTED, RAISED, RESOLVED, again, ALLOCATED) == [Custody(ORIGIN, None)]
    assert leads(SENT, STARTED, RAISED, RESOLVED, again, ALLOCATED, settled) == passing_at(ONE)


@pytest.mark.parametrize("pathway", Pathway)
def test_ce_m27_a_decided_transfer_is_led_by_the_origin_until_the_managers_have_settled_it(
    pathway: Pathway,
) -> None:
    started, rules = transfer_at(Stage.STARTED, pathway), durham().pathways[pathway]
    author, manager = PEOPLE[pathway]["author"], actor(PEOPLE[pathway]["receiving manager"])
    disputed = escalated(raised(started, dispute(by=author), actor(author)).after).after
    later = situation().now + timedelta(hours=2)

    allocated = decide(disputed, c.Allocate("a.worker", later - HOUR), manager, situation(later))
    settled = resolved(allocated.after, STAY, where=situation(later)).after

    assert custody_at(allocated.after, rules, later).team == started.origin_team
    assert custody_at(settled, rules, later - HOUR).team == started.origin_team
    assert custody_at(settled, rules, later) == Custody(started.sent_to or "", later, "a.worker")


def test_h01_the_origin_does_not_close_while_it_is_disputed_who_leads() -> None:
    started, worker = transfer_at(Stage.STARTED), actor("op.worker")
    allocate, manager = c.Allocate("a.worker", situation().now), actor("ff.manager")
    disputed = decide(raised(started).after, allocate, manager, situation()).after

    with pytest.raises(RulesBroken, match="closing-acceptance"):
        close_at_source(disputed, Closed(situation().now.date()), worker, situation())
    settled = resolved(disputed, STAY).after
    closed = close_at_source(settled, Closed(situation().now.date()), worker, situation()).after
    assert closed.stage is Stage.COMPLETED


def test_h19_a_declined_case_that_goes_ahead_is_the_origin_s_until_it_is_taken() -> None:
    declined = raised(transfer_at(Stage.DECLINED)).after

    sent_again = resolved(declined, GO).after

    rules = durham().pathways[Pathway.STEP_UP]
    assert sent_again.stage is Stage.DISPATCHED
    assert list(ledger(sent_again, rules)) == [Custody(ORIGIN, None)]
