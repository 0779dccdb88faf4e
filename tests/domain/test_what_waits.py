"""What waits for a person is what the table of stages has them do next, and nothing else."""

from dataclasses import replace

import pytest
from builders import somebody

from app.domain.milestone_kind import Side
from app.domain.pathway import Pathway, Stage
from app.domain.people import Actor, Delegated, Membership, Role
from app.domain.waiting import Waiting, waiting_for

TEAM = frozenset({"op-bishop"})
UNDER = frozenset({("durham", "2026-11", Pathway.STEP_DOWN)})
FOUR_EYES = {Role.TEAM_MANAGER: UNDER}
AWAITING = Stage.AWAITING_AUTHORISATION


def waits(role: Role, team: str | None = "op-bishop") -> set[Waiting]:
    return set(waiting_for(somebody("some.body", role, team), FOUR_EYES))


def places(found: set[Waiting]) -> set[tuple[Stage, Side]]:
    return {(waiting.stage, waiting.side) for waiting in found}


def test_dl_17_forms_wait_for_a_manager_of_the_origin_who_did_not_prepare_them() -> None:
    (forms,) = (x for x in waits(Role.TEAM_MANAGER) if x.stage is AWAITING and x.under)

    assert (forms.side, forms.teams, forms.under) == (Side.ORIGIN, TEAM, UNDER)
    assert forms.not_prepared_by == {"some.body"}
    assert forms.held_by is None


def test_dl_17_no_form_waits_for_somebody_whose_role_authorises_none() -> None:
    assert not [x for x in waits(Role.PRACTITIONER) if x.under]
    assert not [x for x in waiting_for(somebody("x", Role.TEAM_MANAGER, "t"), {}) if x.under]


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.TEAM_MANAGER])
def test_tasks_in_the_tray_wait_for_the_receiving_team(role: Role) -> None:
    assert (Stage.DISPATCHED, Side.RECEIVING) in places(waits(role))


def test_what_was_declined_waits_for_the_origin_s_manager_and_for_no_other() -> None:
    assert (Stage.DECLINED, Side.ORIGIN) in places(waits(Role.TEAM_MANAGER))
    assert (Stage.DECLINED, Side.RECEIVING) not in places(waits(Role.TEAM_MANAGER))
    assert Stage.DECLINED not in {stage for stage, _ in places(waits(Role.PRACTITIONER))}


def test_a_draft_keeps_nobody_waiting_and_neither_does_what_has_ended() -> None:
    stages = {stage for role in Role for stage, _ in places(waits(role))}

    assert not stages & {Stage.DRAFT, Stage.ALLOCATED, Stage.COMPLETED, Stage.CANCELLED}


def test_what_was_picked_up_waits_for_its_holder_in_whichever_of_their_teams() -> None:
    held = [x for x in waits(Role.PRACTITIONER) if x.held_by]

    assert {(x.held_by, x.side, x.teams) for x in held} == {("some.body", Side.RECEIVING, TEAM)}


def test_only_what_is_judged_is_kept_from_those_who_prepared_it() -> None:
    for waiting in waits(Role.TEAM_MANAGER):
        assert waiting.not_prepared_by == ({"some.body"} if waiting.stage is AWAITING else set())


def test_the_teams_are_those_in_which_the_person_has_the_role() -> None:
    person = somebody("some.body", Role.PRACTITIONER, "op-bishop")
    more = {Membership(Role.PRACTITIONER, "op-east", None), Membership(Role.CHAIR, "ff-bishop")}
    person = replace(person, memberships=person.memberships | more)

    (tray,) = (x for x in waiting_for(person, FOUR_EYES) if x.stage is Stage.DISPATCHED)

    assert tray.teams == {"op-bishop", "op-east"}


@pytest.mark.parametrize("nobody", [Actor("x", "durham"), somebody("x", Role.AUDITOR)])
def test_nothing_waits_for_somebody_without_a_team(nobody: Actor) -> None:
    assert waiting_for(nobody, FOUR_EYES) == ()


def test_nothing_waits_twice() -> None:
    for role in Role:
        found = waiting_for(somebody("some.body", role, "op-bishop"), FOUR_EYES)
        assert len(found) == len(set(found))


def test_dl_17_what_a_delegation_brings_waits_without_the_forms_of_either_of_the_two() -> None:
    manages = Membership(Role.TEAM_MANAGER, "op-bishop")
    person = somebody("some.body", Role.TEAM_MANAGER, "op-east")
    person = replace(
        person,
        memberships=person.memberships | {manages},
        delegated=frozenset({Delegated(manages, "a.manager")}),
    )

    found = waiting_for(person, FOUR_EYES)

    forms = {(x.teams, x.not_prepared_by) for x in found if x.under}
    assert forms == {
        (frozenset({"op-east"}), frozenset({"some.body"})),
        (TEAM, frozenset({"some.body", "a.manager"})),
    }
    trays = {x.teams for x in found if x.stage is Stage.DISPATCHED}
    assert trays == {frozenset({"op-east"}), TEAM}
