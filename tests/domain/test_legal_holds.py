"""A legal hold stands until somebody else than who placed it lifts it."""

from dataclasses import replace

import pytest
from builders import NOW, somebody

from app.domain.errors import (
    NotPermitted,
    NotVisible,
    SeparationOfDuties,
    StaleVersion,
    TransferError,
)
from app.domain.legal_hold import (
    HOLDS,
    READS_HOLDS,
    HoldReason,
    LegalHold,
    LiftReason,
    hold_event,
    lift,
    require_holds,
    require_reads_holds,
    require_sees_hold,
)
from app.domain.people import Actor, Role
from app.domain.settled import Settled

HOLD = LegalHold("hold-1", "durham", HoldReason.LITIGATION, "who.placed", NOW, child_id="DUR1001")
SOMEBODY_ELSE = somebody("who.lifts", Role.ADMINISTRATOR)
LIFTED = lift(HOLD, LiftReason.CONCLUDED, SOMEBODY_ELSE, NOW, expected_version=1)


@pytest.mark.parametrize("role", Role)
def test_who_holds_manages_operations_or_administers_and_auditors_read(role: Role) -> None:
    person = somebody("x", role)

    if role in HOLDS:
        require_holds(person)
    else:
        with pytest.raises(NotPermitted):
            require_holds(person)
    if role in READS_HOLDS:
        require_reads_holds(person)
        assert require_sees_hold(person, HOLD) == HOLD
    else:
        with pytest.raises(NotPermitted):
            require_reads_holds(person)
        with pytest.raises(NotVisible):
            require_sees_hold(person, HOLD)


def test_another_council_s_hold_does_not_exist() -> None:
    for nothing in (None, replace(HOLD, authority="rochdale")):
        with pytest.raises(NotVisible):
            require_sees_hold(SOMEBODY_ELSE, nothing)


def test_a_lifted_hold_says_who_when_and_why() -> None:
    assert (
        replace(
            HOLD,
            version=2,
            lifted_by="who.lifts",
            lifted_at=NOW,
            lifted_reason=LiftReason.CONCLUDED,
        )
        == LIFTED
    )
    assert HOLD.stands
    assert not LIFTED.stands


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
    assert event.codes == ("hold:hold-1", "reason:litigation", "child:DUR1001")
    on_transfer = replace(HOLD, child_id=None, transfer="t-1")
    assert hold_event("placed", on_transfer, "x", NOW, "other").codes == (
        "hold:hold-1",
        "reason:other",
    )
