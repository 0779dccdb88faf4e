"""A legal hold stands until somebody else than who placed it lifts it."""

from dataclasses import replace

import pytest
from builders import NOW, somebody

from app.domain.authority import may
from app.domain.errors import (
    NotPermitted,
    NotVisible,
    SeparationOfDuties,
    StaleVersion,
    TransferError,
)
from app.domain.legal_hold import (
    HoldReason,
    LegalHold,
    LiftReason,
    hold_event,
    lift,
    require_sees_hold,
)
from app.domain.people import AUTHORITY_WIDE, Actor, Delegated, Membership, Role
from app.domain.relations import in_council
from app.domain.rights import Act
from app.domain.settled import Settled

HOLDS = (Role.OPERATIONS_MANAGER, Role.ADMINISTRATOR)
READS_HOLDS = (*HOLDS, Role.AUDITOR)
HOLD = LegalHold("hold-1", "durham", HoldReason.LITIGATION, "who.placed", NOW, child_id="DUR1001")
SOMEBODY_ELSE = somebody("who.lifts", Role.ADMINISTRATOR)
LIFTED = replace(
    HOLD, version=2, lifted_by="who.lifts", lifted_at=NOW, lifted_reason=LiftReason.CONCLUDED
)


@pytest.mark.parametrize("role", Role)
def test_who_holds_manages_operations_or_administers_and_auditors_read(role: Role) -> None:
    team = None if role in AUTHORITY_WIDE else "op-bishop"
    person = somebody("x", role, team)

    assert may(Act.PLACE_LEGAL_HOLD, in_council(person)) == (role in HOLDS)
    assert may(Act.READ_LEGAL_HOLDS, in_council(person)) == (role in READS_HOLDS)
    if role in READS_HOLDS:
        assert require_sees_hold(person, HOLD) == HOLD
    else:
        with pytest.raises(NotVisible):
            require_sees_hold(person, HOLD)


def test_another_council_s_hold_does_not_exist() -> None:
    for nothing in (None, replace(HOLD, authority="rochdale")):
        with pytest.raises(NotVisible):
            require_sees_hold(SOMEBODY_ELSE, nothing)


def test_a_lifted_hold_says_who_when_and_why() -> None:
    lifted = lift(HOLD, LiftReason.CONCLUDED, SOMEBODY_ELSE, NOW, expected_version=1)

    assert lifted == LIFTED
    assert HOLD.stands
    assert not lifted.stands


@pytest.mark.parametrize(
    ("hold", "person", "version", "refusal"),
    [
        (HOLD, somebody("x", Role.TEAM_MANAGER), 1, NotPermitted),
        (HOLD, somebody("who.placed", Role.ADMINISTRATOR), 1, SeparationOfDuties),
        (HOLD, SOMEBODY_ELSE, 2, StaleVersion),
        (LIFTED, SOMEBODY_ELSE, 2, Settled),
    ],
)
def test_h06_who_placed_a_hold_does_not_lift_it_and_it_is_lifted_once(
    hold: LegalHold, person: Actor, version: int, refusal: type[TransferError]
) -> None:
    with pytest.raises(refusal) as refused:
        lift(hold, LiftReason.CONCLUDED, person, NOW, expected_version=version)

    assert refused.type is refusal


def test_the_audit_of_a_hold_names_its_child_where_it_is_on_one() -> None:
    event = hold_event("placed", HOLD, "who.placed", NOW, HoldReason.LITIGATION)

    assert (event.action, event.actor, event.at) == ("legal_hold_placed", "who.placed", NOW)
    assert (event.from_stage, event.to_stage, event.version) == (None, None, None)
    assert event.codes == ("hold:hold-1", "reason:litigation", "child:durham:DUR1001")
    on_transfer = replace(HOLD, child_id=None, transfer="t-1")
    assert hold_event("placed", on_transfer, "x", NOW, "other").codes == (
        "hold:hold-1",
        "reason:other",
    )


def test_h06_whoever_stands_in_for_who_placed_a_hold_does_not_lift_it() -> None:
    held = Membership(Role.OPERATIONS_MANAGER, "op-bishop")
    deputy = Actor("kim", "durham", frozenset({held}), frozenset({Delegated(held, "who.placed")}))

    with pytest.raises(NotPermitted):
        lift(HOLD, LiftReason.CONCLUDED, deputy, NOW, expected_version=1)
    by_another = replace(deputy, delegated=frozenset({Delegated(held, "another")}))
    assert lift(HOLD, LiftReason.CONCLUDED, by_another, NOW, expected_version=1).version == 2
