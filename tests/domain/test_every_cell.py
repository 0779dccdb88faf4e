"""Every stage, action and person of both pathways, against a table of this file's own.

The tables below are written by hand from the table "Stages and actions" of the lifecycle, and
know nothing of app/domain/pathway.py: a change there shows here. Hazard 6.
"""

from dataclasses import replace

import pytest
from builders import NOW, opening, situation, somebody, transfer_at
from domain.cells import (
    SERVING,
    STANDINGS,
    TEAMS,
    UNREACHED,
    command_for,
    people_of,
    ready_for_it,
    transfer_of,
)

from app.domain import commands as c
from app.domain.decide import decide
from app.domain.errors import IllegalTransition, NotPermitted, NotVisible, TransferError
from app.domain.open_transfer import open_transfer
from app.domain.pathway import Action, Pathway, Stage
from app.domain.people import Actor, Membership, Role
from app.domain.record_milestone import Happened, record_milestone
from app.domain.transfer import BookedMeeting, Transfer

ORIGIN_TEAM = {"origin practitioner", "origin manager"}
ORIGIN_MANAGER = {"origin manager"}
RECEIVING_MANAGER = {"receiving manager", "receiving system"}
RECEIVING_TEAM = {"receiving practitioner", "holder", *RECEIVING_MANAGER}
HOLDER = {"holder", *RECEIVING_MANAGER}
MANAGERS = {"origin manager", "receiving manager"}
OPERATIONS = {"origin operations manager", "receiving operations manager"}

Table = dict[tuple[str, str], tuple[set[str], str]]

BOTH: Table = {
    ("edit", "draft"): (ORIGIN_TEAM, "draft"),
    ("submit_to_meeting", "draft"): (ORIGIN_TEAM, "draft"),
    ("redirect", "dispatched"): (MANAGERS | OPERATIONS, "dispatched"),
    ("pick_up", "dispatched"): (RECEIVING_TEAM, "picked_up"),
    ("release", "picked_up"): (HOLDER, "dispatched"),
    ("decline", "dispatched"): (RECEIVING_MANAGER, "declined"),
    ("decline", "picked_up"): (RECEIVING_MANAGER, "declined"),
    ("redirect", "declined"): (ORIGIN_MANAGER, "dispatched"),
    ("return", "declined"): (ORIGIN_MANAGER, "draft"),
    ("start", "picked_up"): (RECEIVING_MANAGER, "started"),
    ("allocate", "started"): (RECEIVING_MANAGER, "allocated"),
    ("complete", "allocated"): (MANAGERS, "completed"),
    ("cancel", "draft"): (ORIGIN_MANAGER, "cancelled"),
    ("cancel", "awaiting_authorisation"): (ORIGIN_MANAGER, "cancelled"),
    ("cancel", "dispatched"): (ORIGIN_MANAGER, "cancelled"),
}
TABLES: dict[Pathway, Table] = {
    Pathway.STEP_UP: BOTH | {("finalise", "draft"): (ORIGIN_TEAM, "dispatched")},
    Pathway.STEP_DOWN: BOTH
    | {
        ("finalise", "draft"): (ORIGIN_TEAM, "awaiting_authorisation"),
        ("authorise", "awaiting_authorisation"): (ORIGIN_MANAGER, "dispatched"),
        ("return", "awaiting_authorisation"): (ORIGIN_MANAGER, "draft"),
    },
}
READ_ALL = {"receiving system", "other system", "auditor", "administrator"}
ORIGINS_OWN = {"draft", "awaiting_authorisation"}
HELD = {"picked_up", "started", "allocated", "completed"}
CELLS = [
    pytest.param(pathway, standing, action, id=f"{pathway}-{standing}-{action}")
    for pathway in Pathway
    for standing in STANDINGS
    for action in Action
    if action is not Action.OPEN and pathway not in UNREACHED.get(standing, ())
]


def sees(name: str, standing: str) -> bool:
    """Whether the transfer exists for them: drafts, and what never left, are the origin's own."""
    receiving = name.startswith("receiving ") or name == "holder"
    kept = {"draft", "awaiting_authorisation", "draft again", "waiting again", "cancelled"}
    reached = standing not in kept
    return name.startswith("origin ") or name in READ_ALL or (receiving and reached)


def expected(pathway: Pathway, standing: str, action: Action, name: str) -> str:
    """What the hand-written table says: a stage, or the name of the refusal."""
    table = TABLES[pathway]
    stage = transfer_of(pathway, standing).stage.value
    if not sees(name, standing):
        return "NotVisible"
    if name == "holder" and standing not in HELD:
        name = "receiving practitioner"
    not_there_yet = stage in ORIGINS_OWN or standing == "cancelled"
    is_nobody = name == "receiving system" and not_there_yet
    ever = any(name in who for (doing, _), (who, _) in table.items() if doing == action)
    if is_nobody or not ever:
        return "NotPermitted"
    if (action.value, stage) not in table:
        return "IllegalTransition"
    who, target = table[action.value, stage]
    return target if name in who else "NotPermitted"


def outcome(transfer: Transfer, command: c.Command, person: Actor) -> str:
    """What the domain says."""
    try:
        return decide(transfer, command, person, situation()).after.stage.value
    except TransferError as refusal:
        return type(refusal).__name__


@pytest.mark.parametrize(("pathway", "standing", "action"), CELLS)
def test_h06_every_person_gets_what_the_table_gives_them_in_every_cell(
    pathway: Pathway, standing: str, action: Action
) -> None:
    transfer = ready_for_it(action, transfer_of(pathway, standing))
    command = command_for(action, transfer, TEAMS[pathway][2])

    answers = {
        name: outcome(transfer, command, person) for name, person in people_of(pathway).items()
    }

    assert answers == {name: expected(pathway, standing, action, name) for name in answers}


@pytest.mark.parametrize(("pathway", "standing", "action"), CELLS)
def test_h06_who_serves_the_meeting_sees_what_is_submitted_to_it_and_no_action_is_theirs(
    pathway: Pathway, standing: str, action: Action
) -> None:
    transfer = transfer_of(pathway, standing)
    booked = replace(transfer, meeting=BookedMeeting("weekly", NOW))
    elsewhere = replace(transfer, meeting=BookedMeeting("fortnightly", NOW))
    command = command_for(action, transfer, TEAMS[pathway][2])

    for name, person in SERVING.items():
        assert outcome(booked, command, person) == "NotPermitted", name
        assert outcome(elsewhere, command, person) == "NotVisible", name
        assert outcome(replace(transfer, meeting=None), command, person) == "NotVisible", name


@pytest.mark.parametrize("pathway", Pathway)
def test_every_action_and_every_role_is_tried(pathway: Pathway) -> None:
    people = (*people_of(pathway).values(), *SERVING.values())

    tried = {membership.role for person in people for membership in person.memberships}

    assert tried == set(Role)
    assert {action for action, _ in TABLES[Pathway.STEP_DOWN]} == set(Action) - {Action.OPEN}


def test_a_step_up_has_nothing_to_authorise_in_durham() -> None:
    finalised = decide(
        transfer_at(Stage.DRAFT), c.Finalise(), people_of(Pathway.STEP_UP)["origin manager"],
        situation(),
    )  # fmt: skip

    assert finalised.after.stage is Stage.DISPATCHED


@pytest.mark.parametrize("pathway", Pathway)
def test_h06_practitioners_and_managers_of_the_origin_team_open_and_nobody_else(
    pathway: Pathway,
) -> None:
    answers: dict[str, str] = {}

    for name, person in people_of(pathway).items():
        try:
            answers[name] = open_transfer(opening(pathway), person, situation()).after.stage.value
        except TransferError as refusal:
            answers[name] = type(refusal).__name__

    assert answers == {
        name: "draft"
        if name in ORIGIN_TEAM
        else ("NotPermitted" if name.startswith("origin ") else "NotVisible")
        for name in answers
    }


@pytest.mark.parametrize("pathway", Pathway)
def test_h06_either_teams_practitioners_and_managers_record_milestones_and_nobody_else(
    pathway: Pathway,
) -> None:
    transfer, answers = transfer_at(Stage.DISPATCHED, pathway), {}

    for name, person in people_of(pathway).items():
        happened = Happened("origin_closing_begun", NOW)
        try:
            record_milestone(transfer, happened, person, situation())
            answers[name] = "recorded"
        except TransferError as refusal:
            answers[name] = type(refusal).__name__

    assert answers == {
        name: "recorded"
        if name in ORIGIN_TEAM
        else ("NotPermitted" if sees(name, "dispatched") else "NotVisible")
        for name in answers
    }


@pytest.mark.parametrize("pathway", Pathway)
def test_h06_a_redirect_takes_the_transfer_out_of_the_first_teams_sight(pathway: Pathway) -> None:
    people, look_alike = people_of(pathway), TEAMS[pathway][2]
    sent = transfer_at(Stage.DISPATCHED, pathway)
    redirect = c.Redirect(look_alike, "The wrong tray")

    moved = decide(sent, redirect, people["origin manager"], situation()).after

    pick_up = c.PickUp("receiver", NOW)
    assert outcome(moved, pick_up, people["receiving manager"]) == "NotVisible"
    assert outcome(moved, pick_up, people["holder"]) == "NotVisible"
    assert outcome(moved, pick_up, people["look-alike practitioner"]) == "picked_up"


def test_h06_who_left_the_team_in_mid_session_holds_nothing_any_more() -> None:
    held = transfer_at(Stage.PICKED_UP)
    left = Actor("receiver", "durham", frozenset({Membership(Role.PRACTITIONER, "op-bishop")}))
    gone = Actor("receiver", "durham")

    assert outcome(held, c.Release(NOW), left) == "NotPermitted"
    assert outcome(held, c.Release(NOW), gone) == "NotVisible"


def test_h06_two_roles_add_up_and_give_nothing_besides() -> None:
    dispatched = transfer_at(Stage.DISPATCHED)
    both = Actor(
        "both",
        "durham",
        frozenset({Membership(Role.CHAIR, "op-bishop"), Membership(Role.AUDITOR, None)}),
    )
    of_both_teams = Actor(
        "of both teams",
        "durham",
        frozenset(
            {Membership(Role.PRACTITIONER, "op-bishop"), Membership(Role.TEAM_MANAGER, "ff-bishop")}
        ),
    )

    assert outcome(dispatched, c.PickUp("both", NOW), both) == "NotPermitted"
    assert outcome(dispatched, c.Cancel("other", "No"), of_both_teams) == "NotPermitted"
    assert outcome(dispatched, c.PickUp("x", NOW), of_both_teams) == "picked_up"


def test_refusals_say_the_action_and_the_stage() -> None:
    manager = people_of(Pathway.STEP_UP)["receiving manager"]

    with pytest.raises(IllegalTransition) as refusal:
        decide(
            transfer_at(Stage.STARTED), c.Decline("other", "Too late", NOW), manager, situation()
        )

    assert (refusal.value.action, refusal.value.stage) == (Action.DECLINE, Stage.STARTED)
    assert str(refusal.value) == "decline is not possible in the stage started"


def test_h06_an_unknown_origin_team_is_as_invisible_as_another_councils() -> None:
    worker = people_of(Pathway.STEP_UP)["origin practitioner"]
    stranger = replace(worker, authority="islington")

    with pytest.raises(NotVisible):
        open_transfer(replace(opening(), origin_team="no-such-team"), worker, situation())
    with pytest.raises(NotVisible):
        open_transfer(opening(), stranger, situation())


def test_h06_a_coordinator_of_the_origin_team_sees_and_does_not_open() -> None:
    coordinator = somebody("a co-ordinator", Role.TEAM_COORDINATOR, "op-bishop")

    with pytest.raises(NotPermitted):
        open_transfer(opening(), coordinator, situation())
