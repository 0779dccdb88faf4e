"""One team holds the lead for the child at every instant, whatever is decided. Hazards 1 and 19."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from builders import NOW, PEOPLE, actor, durham, new_records, opening, situation, transfer_at
from domain.disputes import BACK, DECIDERS, GO, STAY, Disputing, escalate_it, raise_one, resolve_it
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain import commands as c
from app.domain.close_at_source import Closed, close_at_source
from app.domain.custody import Custody, custody_at, ledger
from app.domain.decide import decide
from app.domain.decision import Decision, Situation
from app.domain.errors import RulesBroken, TransferError
from app.domain.london import local_date
from app.domain.open_transfer import open_transfer
from app.domain.pathway import Pathway, Stage
from app.domain.people import Actor
from app.domain.protocol import CouncilProtocol, PathwayRules
from app.domain.record_milestone import Happened, record_milestone
from app.domain.transfer import Transfer

TAKEN = (Stage.STARTED, Stage.ALLOCATED, Stage.COMPLETED)
MINUTE = timedelta(minutes=1)
INSTANT = timedelta(microseconds=1)
PASSING = ["allocated", "started", "picked_up", "dispatched", "origin_closing_begun"]
Step = c.Command | Closed | str | Disputing


def passing_on(name: str) -> CouncilProtocol:
    """Durham's protocol, with custody that passes on another milestone."""
    pathways = {
        pathway: replace(rules, custody_passes_on=name)
        for pathway, rules in durham().pathways.items()
    }
    return replace(durham(), pathways=pathways)


PROTOCOLS = {name: passing_on(name) for name in PASSING}


def steps(transfer: Transfer, now: datetime) -> list[tuple[str, Step]]:
    """Everything that anybody might try next; a text is a milestone."""
    up = transfer.pathway is Pathway.STEP_UP
    return [
        ("author", c.Edit(transfer.form)),
        ("author", c.Finalise()),
        ("authoriser", c.Authorise()),
        ("authoriser", c.Return("Say more")),
        ("origin manager", c.Return("Say more")),
        ("origin manager", c.Redirect("ff-east" if up else "op-east", "Wrong tray")),
        ("origin manager", c.Redirect(opening(transfer.pathway).form.recipient or "", "Back")),
        ("receiver", c.PickUp(PEOPLE[transfer.pathway]["receiver"], now)),
        ("receiving manager", c.Release(now)),
        ("receiving manager", c.Decline("threshold_not_met", "Not yet", now)),
        ("receiving manager", c.Start(new_records(transfer.children, now))),
        ("receiving manager", c.Allocate("a.worker", now)),
        ("origin manager", c.Complete("Closed on paper")),
        ("author", "origin_closing_begun"),
        ("author", Closed(local_date(now))),
        ("author", raise_one),
        ("receiving manager", raise_one),
        ("origin manager", escalate_it),
        *((who, resolve_it(x)) for who in DECIDERS for x in (GO, BACK, STAY)),
    ]


def take(transfer: Transfer, step: Step, person: Actor, where: Situation) -> Decision | None:
    """The decision, or None where it is refused."""
    try:
        if callable(step):
            return step(transfer, person, where)
        if isinstance(step, Closed):
            return close_at_source(transfer, step, person, where)
        if isinstance(step, str):
            return record_milestone(transfer, Happened(step, where.now), person, where)
        return decide(transfer, step, person, where)
    except TransferError:
        return None


def one_hold_at_every_instant(transfer: Transfer, rules: PathwayRules) -> None:
    """Each hold ends where the next begins, and at and around every border one of them is on."""
    holds = ledger(transfer, rules)
    assert [hold.until for hold in holds] == [*(hold.since for hold in holds[1:]), None]
    assert holds[0].since is None
    borders = {mark.at for mark in transfer.milestones} | {x.since for x in holds if x.since}
    for border in sorted(borders):
        for at in (border - INSTANT, border, border + INSTANT):
            assert [custody_at(transfer, rules, at)] == [hold for hold in holds if hold.is_at(at)]


CANCEL = ("origin manager", c.Cancel("other", "No longer needed"))


def possible(transfer: Transfer, where: Situation, *, cancel: bool) -> list[Transfer]:
    """Every transfer that one more step may lead to; `cancel`: the end as well."""
    people = PEOPLE[transfer.pathway]
    more: list[tuple[str, Step]] = [CANCEL] if cancel else []
    tried = (
        take(transfer, step, actor(people.get(who, who)), where)
        for who, step in steps(transfer, where.now) + more
    )
    return [decision.after for decision in tried if decision is not None]


@pytest.mark.parametrize("passes_on", PASSING)
@pytest.mark.parametrize("pathway", Pathway)
@settings(max_examples=40, deadline=None)
@given(choices=st.lists(st.integers(0, 1000), min_size=4, max_size=20))
def test_h01_exactly_one_team_holds_the_lead_at_every_instant_of_any_history(
    pathway: Pathway, passes_on: str, choices: list[int]
) -> None:
    protocol, now = PROTOCOLS[passes_on], NOW
    where = situation(now, protocol)
    rules = protocol.pathways[pathway]
    author = actor(PEOPLE[pathway]["author"])
    transfer = open_transfer(opening(pathway), author, where).after
    held_then: list[tuple[datetime, str]] = []
    led_when_raised = transfer.origin_team

    for choice in choices:
        now += MINUTE
        where = situation(now, protocol)
        ways = possible(transfer, where, cancel=choice > 900)
        if not ways:
            break
        transfer = ways[choice % len(ways)]

        holds = ledger(transfer, rules)
        begins = [hold.since for hold in holds[1:]]
        accepted = transfer.stage in TAKEN
        assert (holds[0].team, holds[0].since) == (transfer.origin_team, None)
        assert len(holds) <= 2
        assert all(begin is not None and begin <= now for begin in begins)
        one_hold_at_every_instant(transfer, rules)
        assert accepted or holds[-1].team == transfer.origin_team
        assert [custody_at(transfer, rules, then).team for then, _ in held_then] == [
            team for _, team in held_then
        ]
        leads = custody_at(transfer, rules, now).team
        held_then.append((now, leads))
        if transfer.disagreement is None or transfer.disagreement.raised_at == now:
            led_when_raised = leads
        assert leads == led_when_raised


@pytest.mark.parametrize("pathway", Pathway)
def test_h01_custody_passes_in_the_instant_of_the_allocation_and_not_before(
    pathway: Pathway,
) -> None:
    started, rules = transfer_at(Stage.STARTED, pathway), durham().pathways[pathway]
    then = NOW + timedelta(hours=3)
    manager = actor(PEOPLE[pathway]["receiving manager"])

    allocated = decide(started, c.Allocate("a.worker", then), manager, situation(then)).after

    before = custody_at(allocated, rules, then - timedelta(microseconds=1))
    assert before == Custody(started.origin_team, None, until=then)
    assert custody_at(allocated, rules, then) == Custody(
        started.form.recipient or "", then, "a.worker"
    )


@pytest.mark.parametrize("pathway", Pathway)
@pytest.mark.parametrize("stage", sorted(set(Stage) - {Stage.ALLOCATED, Stage.COMPLETED}))
def test_h01_the_origin_keeps_the_lead_in_every_stage_before_the_allocation(
    pathway: Pathway, stage: Stage
) -> None:
    if (pathway, stage) == (Pathway.STEP_UP, Stage.AWAITING_AUTHORISATION):
        return
    transfer = transfer_at(stage, pathway)

    assert ledger(transfer, durham().pathways[pathway]) == (Custody(transfer.origin_team, None),)


@pytest.mark.parametrize("passes_on", ["picked_up", "dispatched", "origin_closing_begun"])
def test_h19_a_decline_leaves_the_lead_with_the_origin_whatever_the_protocol_names(
    passes_on: str,
) -> None:
    protocol, held = PROTOCOLS[passes_on], transfer_at(Stage.PICKED_UP)
    begun = record_milestone(
        held, Happened("origin_closing_begun", NOW), actor("op.worker"), situation()
    ).after

    declined = decide(begun, c.Decline("other", "No", NOW), actor("ff.manager"), situation()).after

    assert ledger(declined, protocol.pathways[Pathway.STEP_UP]) == (Custody("op-bishop", None),)


def test_h01_a_milestone_before_the_acceptance_passes_the_lead_with_the_acceptance() -> None:
    begun = record_milestone(
        transfer_at(Stage.PICKED_UP), Happened("origin_closing_begun", NOW), actor("op.worker"),
        situation(),
    ).after  # fmt: skip
    then = NOW + timedelta(hours=1)
    start = c.Start(new_records(begun.children, then))

    started = decide(begun, start, actor("ff.manager"), situation(then)).after

    rules = PROTOCOLS["origin_closing_begun"].pathways[Pathway.STEP_UP]
    assert ledger(started, rules) == (
        Custody("op-bishop", None, until=then),
        Custody("ff-bishop", then),
    )


@pytest.mark.parametrize("pathway", Pathway)
@pytest.mark.parametrize(
    "stage", [Stage.DISPATCHED, Stage.PICKED_UP, Stage.DECLINED, Stage.STARTED]
)
def test_h01_the_sender_does_not_close_before_the_receiver_leads(
    pathway: Pathway, stage: Stage
) -> None:
    transfer, worker = transfer_at(stage, pathway), actor(PEOPLE[pathway]["author"])

    begun = record_milestone(
        transfer, Happened("origin_closing_begun", NOW), worker, situation()
    ).after

    assert begun.stage is stage
    with pytest.raises(RulesBroken, match=r"^closing-acceptance$"):
        close_at_source(transfer, Closed(local_date(NOW)), worker, situation())


def test_h01_nothing_of_the_closing_is_recorded_before_the_dispatch() -> None:
    with pytest.raises(RulesBroken, match=r"^milestone-order$"):
        record_milestone(
            transfer_at(Stage.DRAFT), Happened("origin_closing_begun", NOW), actor("op.worker"),
            situation(),
        )  # fmt: skip
