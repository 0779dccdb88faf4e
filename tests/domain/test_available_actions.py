"""What an actor is told they can do is what the decision lets them do, and why not the rest."""

from dataclasses import replace

import pytest
from builders import durham, situation, transfer_at
from domain.cells import STANDINGS, TEAMS, UNREACHED, command_for, people_of, transfer_of

from app.domain import commands as c
from app.domain.available import Available, available_actions
from app.domain.booking import no_such_series
from app.domain.breach import Breach, Severity, must
from app.domain.decide import decide
from app.domain.decision import Situation
from app.domain.errors import (
    IllegalTransition,
    NotPermitted,
    NotVisible,
    RulesBroken,
    SeparationOfDuties,
    TransferError,
)
from app.domain.form import Meeting
from app.domain.milestone_names import Named
from app.domain.pathway import Action, Pathway, Stage
from app.domain.people import Actor
from app.domain.protocol import Gate, Rule
from app.domain.rules.facts import Need
from app.domain.rules.family import TeamAroundNamed
from app.domain.rules.form import LeadProfessionalIdentified
from app.domain.rules.milestone import AnyMilestone, Authorised
from app.domain.transfer import Transfer

CODES: dict[type[TransferError], str] = {
    SeparationOfDuties: "separation-of-duties",
    NotPermitted: "not-permitted",
    IllegalTransition: "illegal-transition",
    RulesBroken: "rules-broken",
}
EVERY_STANDING = [
    pytest.param(pathway, standing, id=f"{pathway}-{standing}")
    for pathway in Pathway
    for standing in STANDINGS
    if pathway not in UNREACHED.get(standing, ())
]
EVERY_STAGE = [
    pytest.param(pathway, stage, id=f"{pathway}-{stage}")
    for pathway in Pathway
    for stage in Stage
    if pathway not in UNREACHED.get(stage, ())
]


def answer(transfer: Transfer, command: c.Command, person: Actor, where: Situation) -> str | None:
    """None where the decision is made, else the code of its refusal."""
    try:
        decide(transfer, command, person, where)
    except TransferError as refusal:
        return CODES[type(refusal)]
    return None


def said(transfer: Transfer, person: Actor, where: Situation) -> dict[Action, str | None]:
    """Why not, for every action."""
    return {x.action: x.why_not for x in available_actions(transfer, person, where)}


def of(action: Action, transfer: Transfer, person: Actor, where: Situation) -> Available:
    """What is said of that action."""
    found = available_actions(transfer, person, where)
    return next(x for x in found if x.action is action)


def faithful(pathway: Pathway, transfer: Transfer, where: Situation) -> None:
    """Hold everything that is said to everybody against the decisions themselves."""
    for name, person in people_of(pathway).items():
        try:
            answers = said(transfer, person, where)
        except NotVisible:
            with pytest.raises(NotVisible):
                decide(transfer, c.Finalise(), person, where)
            continue
        for action, why_not in answers.items():
            command = command_for(action, transfer, TEAMS[pathway][2])
            assert answer(transfer, command, person, where) == why_not, (name, action)


@pytest.mark.parametrize(("pathway", "stage"), EVERY_STAGE)
def test_h06_everybody_is_told_at_every_stage_what_the_decision_would_say(
    pathway: Pathway, stage: Stage
) -> None:
    faithful(pathway, transfer_at(stage, pathway), situation())


@pytest.mark.parametrize(("pathway", "standing"), EVERY_STANDING)
@pytest.mark.parametrize("meetings", [(), ("weekly",)], ids=["no meeting", "a meeting"])
def test_h06_and_where_a_transfer_came_from_makes_no_difference(
    pathway: Pathway, standing: str, meetings: tuple[str, ...]
) -> None:
    rules = durham().pathways[pathway]
    routes = {name: replace(x, meetings=meetings) for name, x in rules.routes.items()}
    protocol = replace(durham(), pathways={pathway: replace(rules, routes=routes)})

    faithful(pathway, transfer_of(pathway, standing), situation(protocol=protocol))


def asking(pathway: Pathway, gate: Gate, *needs: Need) -> Situation:
    """Durham's situation, with rules of that gate alone."""
    asked = tuple(
        Rule(f"X-{n}", (gate,), Severity.MUST, need, "Do it", "X 1") for n, need in enumerate(needs)
    )
    rules = replace(durham().pathways[pathway], rules=asked)
    return situation(protocol=replace(durham(), pathways={pathway: rules}))


@pytest.mark.parametrize(
    ("action", "stage", "person"),
    [
        (Action.FINALISE, Stage.DRAFT, "origin practitioner"),
        (Action.AUTHORISE, Stage.AWAITING_AUTHORISATION, "origin manager"),
        (Action.START, Stage.PICKED_UP, "receiving manager"),
        (Action.ALLOCATE, Stage.STARTED, "receiving manager"),
        (Action.COMPLETE, Stage.ALLOCATED, "receiving manager"),
        (Action.SUBMIT_TO_MEETING, Stage.DRAFT, "origin practitioner"),
    ],
)
def test_what_the_rules_of_its_gate_refuse_is_said_with_every_breach(
    action: Action, stage: Stage, person: str
) -> None:
    where = asking(
        Pathway.STEP_DOWN, Gate(action.value), TeamAroundNamed(), LeadProfessionalIdentified()
    )
    transfer, who = transfer_at(stage, Pathway.STEP_DOWN), people_of(Pathway.STEP_DOWN)[person]

    found = of(action, transfer, who, where)

    assert found.why_not == "rules-broken"
    assert [breach.code for breach in found.breaches] == ["X-0", "X-1"]


def test_four_eyes_are_said_to_be_asked_of_whoever_wrote_the_form_themselves() -> None:
    manager = people_of(Pathway.STEP_DOWN)["origin manager"]
    waiting = transfer_at(Stage.AWAITING_AUTHORISATION, Pathway.STEP_DOWN)

    found = of(Action.AUTHORISE, replace(waiting, author=manager.id), manager, situation())

    assert found == Available(Action.AUTHORISE, "separation-of-duties")


def test_a_rule_that_only_warns_keeps_nothing_back() -> None:
    draft = transfer_at(Stage.DRAFT)
    without_meeting = replace(draft, form=replace(draft.form, meeting=Meeting()))
    who = people_of(Pathway.STEP_UP)["origin practitioner"]

    found = of(Action.FINALISE, without_meeting, who, situation())

    assert (found.why_not, found.breaches) == (None, ())


def test_who_may_authorise_is_not_told_that_nobody_has_authorised_it_yet() -> None:
    where = asking(Pathway.STEP_DOWN, Gate.DISPATCH, Authorised())
    waiting = transfer_at(Stage.AWAITING_AUTHORISATION, Pathway.STEP_DOWN)
    manager = people_of(Pathway.STEP_DOWN)["origin manager"]

    found = of(Action.AUTHORISE, waiting, manager, where)

    assert found.why_not is None
    assert decide(waiting, c.Authorise(), manager, where).after.stage is Stage.DISPATCHED


def test_what_holds_once_the_form_is_finalised_is_not_missing_before() -> None:
    finalised = AnyMilestone((Named("finalised"),))
    where = asking(Pathway.STEP_UP, Gate.DISPATCH, finalised)
    worker = people_of(Pathway.STEP_UP)["origin practitioner"]

    assert of(Action.FINALISE, transfer_at(Stage.DRAFT), worker, where).why_not is None


def test_a_case_that_is_not_submitted_yet_is_held_to_what_a_submitted_one_is() -> None:
    worker = people_of(Pathway.STEP_UP)["origin practitioner"]

    found = of(Action.SUBMIT_TO_MEETING, transfer_at(Stage.DRAFT), worker, situation())

    codes = [breach.code for breach in found.breaches]
    assert codes == ["DF-1-discussed", "DF-2-agreed", "DF-5-evidence"]


def test_a_route_that_goes_to_no_meeting_says_so() -> None:
    urgent = transfer_at(Stage.DRAFT, route="immediate_risk")
    worker = people_of(Pathway.STEP_UP)["origin practitioner"]

    found = of(Action.SUBMIT_TO_MEETING, urgent, worker, situation())

    source = durham().pathways[Pathway.STEP_UP].routes["immediate_risk"].source
    assert found.breaches == (
        Breach(
            "meeting-series",
            "This route goes to no meeting",
            source,
            Severity.MUST,
            "no such series",
        ),
    )


@pytest.mark.parametrize(
    ("meetings", "says"),
    [
        (("weekly",), "Choose a series: weekly"),
        (("weekly", "panel"), "Choose a series: weekly, panel"),
        ((), "This route goes to no meeting"),
    ],
)
def test_a_series_that_the_route_does_not_go_to_is_refused_with_those_that_it_does(
    meetings: tuple[str, ...], says: str
) -> None:
    route = replace(durham().pathways[Pathway.STEP_UP].routes["meeting"], meetings=meetings)

    assert no_such_series(route) == must("meeting-series", says, "no such series", route.source)


def test_actions_come_in_the_order_of_the_process_and_opening_is_none_of_them() -> None:
    worker = people_of(Pathway.STEP_UP)["origin practitioner"]

    found = available_actions(transfer_at(Stage.DRAFT), worker, situation())

    assert [x.action for x in found] == [x for x in Action if x is not Action.OPEN]


def test_a_transfer_that_is_not_theirs_has_no_actions_and_does_not_exist() -> None:
    stranger = people_of(Pathway.STEP_UP)["look-alike manager"]

    with pytest.raises(NotVisible):
        available_actions(transfer_at(Stage.DRAFT), stranger, situation())
