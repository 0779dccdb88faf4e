"""Opening a transfer: what stands in its way, in words, and what is only warned of."""

from dataclasses import replace

import pytest
from builders import actor, durham, opening, situation
from domain.recording_council import recording

from app.domain.breach import Breach, Severity, must
from app.domain.commands import Open
from app.domain.decision import Situation
from app.domain.errors import NotVisible, RulesBroken
from app.domain.open_transfer import open_transfer
from app.domain.pathway import Pathway, Stage
from app.domain.protocol import Gate, Rule
from app.domain.rules.form import StatementGiven

WORKER = actor("op.worker")


def refused(command: Open, where: Situation | None = None) -> tuple[Breach, ...]:
    with pytest.raises(RulesBroken) as refusal:
        open_transfer(command, WORKER, where or situation())
    return refusal.value.breaches


def test_a_pathway_that_the_council_s_protocol_has_not_is_named() -> None:
    ups = {Pathway.STEP_UP: durham().pathways[Pathway.STEP_UP]}
    where = situation(protocol=replace(durham(), pathways=ups))

    breaches = refused(opening(Pathway.STEP_DOWN, origin_team="op-bishop"), where)

    assert breaches == (must("pathway", "Durham's protocol has no step_down", "no such pathway"),)


def test_where_there_is_no_such_route_those_that_there_are_are_named() -> None:
    routes = "meeting, immediate_risk"

    breaches = refused(opening(route="by_post"))

    says = f"Choose a route of this pathway: {routes}"
    assert breaches == (must("route", says, "no such route"),)


def test_a_team_that_records_in_the_other_system_is_told_which_it_is() -> None:
    breaches = refused(opening(Pathway.STEP_DOWN, origin_team="op-bishop"))

    says, found = "Open it from a team that records in LCS", "a team that records in EHM"
    assert breaches == (must("origin-system", says, found),)


def test_a_team_of_nobody_s_is_not_there() -> None:
    with pytest.raises(NotVisible, match=r"^no-such-team$"):
        open_transfer(opening(origin_team="no-such-team"), WORKER, situation())


def test_what_a_rule_only_warns_of_is_said_of_what_was_opened_and_in_the_audit() -> None:
    worries = Rule(
        *("X-1-worries", (Gate.OPEN,), Severity.SHOULD, StatementGiven("worries")),
        "Say what people worry about",
        "X 1",
    )

    decision = open_transfer(opening(), WORKER, recording(rules=(worries,)))

    assert decision.after.stage is Stage.DRAFT
    assert [(x.code, x.severity) for x in decision.warnings] == [("X-1-worries", Severity.SHOULD)]
    assert decision.events[0].codes == ("warned:X-1-worries",)
