"""Breaking the glass: a quarter of an hour of reading, for a reason, and the managers are told."""

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import NOW, somebody, transfer_at
from domain.restricting import actor, kept_from, open_to

from app.domain.authority import may_read, may_see, require_readable, require_visible
from app.domain.break_glass import (
    GLASS_BROKEN,
    BreakGlassReason,
    break_glass,
    require_may_break,
)
from app.domain.decision import Event
from app.domain.errors import NotPermitted, NotVisible, RulesBroken
from app.domain.pathway import Pathway, Stage
from app.domain.people import Actor, Role
from app.domain.transfer import Transfer

WHY = BreakGlassReason.OUT_OF_HOURS_DUTY
STRANGER = actor("op.chester.manager")
STAGES = [stage for stage in Stage if stage is not Stage.AWAITING_AUTHORISATION]
OF_A_TEAM = (
    Role.PRACTITIONER,
    Role.TEAM_MANAGER,
    Role.TEAM_COORDINATOR,
    Role.OPERATIONS_MANAGER,
)


def opened(who: Actor, transfer: Transfer) -> Actor:
    """Somebody whose glass is broken."""
    return replace(who, opened=frozenset({transfer.id}))


@pytest.mark.parametrize("role", OF_A_TEAM)
def test_h06_a_person_of_any_team_breaks_the_glass_for_a_quarter_of_an_hour(role: Role) -> None:
    who = somebody("ann", role, "op-chester")

    made = break_glass(transfer_at(Stage.DRAFT), who, WHY, "The police called", "o-1", NOW)

    assert made.opening.until == NOW + timedelta(minutes=15)
    codes = ("opening:o-1", "reason:out_of_hours_duty")
    draft, version = Stage.DRAFT, transfer_at(Stage.DRAFT).version
    assert made.event == Event(GLASS_BROKEN, "ann", NOW, draft, draft, version, codes)
    assert "police" not in str(made.event) + str(made.alerts)


def test_h06_the_managers_of_both_teams_are_alerted_each_time() -> None:
    sent = transfer_at(Stage.DISPATCHED)

    first = break_glass(sent, STRANGER, WHY, "Call", "o-1", NOW)
    second = break_glass(sent, opened(STRANGER, sent), WHY, "Again", "o-2", NOW)

    assert [alert.team for alert in first.alerts] == ["op-bishop", "ff-bishop"]
    assert not {x.key for x in first.alerts} & {x.key for x in second.alerts}


@pytest.mark.parametrize("stage", STAGES)
def test_h06_whoever_broke_the_glass_reads_and_does_nothing_else(stage: Stage) -> None:
    transfer = transfer_at(stage)
    who = opened(STRANGER, transfer)

    assert may_read(who, transfer)
    assert not may_see(who, transfer)
    require_readable(who, transfer)
    with pytest.raises(NotPermitted):
        require_visible(who, transfer)


@pytest.mark.parametrize("stage", STAGES)
def test_h06_a_broken_glass_loses_to_a_conflict_of_interest(stage: Stage) -> None:
    transfer = kept_from(transfer_at(stage), STRANGER.id)

    with pytest.raises(NotVisible):
        break_glass(transfer, STRANGER, WHY, "Call", "o-1", NOW)
    assert not may_read(opened(STRANGER, transfer), transfer)


def test_h06_it_opens_a_restricted_record_to_a_colleague_who_is_not_named() -> None:
    transfer = open_to(transfer_at(Stage.DISPATCHED))
    colleague = actor("op.keyworker")

    break_glass(transfer, colleague, WHY, "Call", "o-1", NOW)

    assert may_read(opened(colleague, transfer), transfer)
    with pytest.raises(NotPermitted):
        require_visible(opened(colleague, transfer), transfer)


def test_h06_it_opens_that_transfer_and_no_other() -> None:
    transfer = transfer_at(Stage.DISPATCHED)
    other = replace(transfer, id="another")

    assert not may_read(opened(STRANGER, transfer), other)


def test_h06_no_council_breaks_another_s_glass() -> None:
    transfer = transfer_at(Stage.DISPATCHED)
    foreign = replace(STRANGER, authority="islington")

    with pytest.raises(NotVisible):
        require_may_break(foreign, transfer)
    assert not may_read(opened(foreign, transfer), transfer)


UNSEEING = {
    "a chair": (somebody("c", Role.CHAIR, meeting="weekly"), NotVisible),
    "a member": (somebody("m", Role.MEMBER, meeting="weekly"), NotVisible),
    "nobody in particular": (Actor("n", "durham"), NotVisible),
    "an auditor": (actor("an.auditor"), NotPermitted),
    "an administrator": (actor("systems.team"), NotPermitted),
    "a case system": (actor("lcs.service"), NotPermitted),
}


@pytest.mark.parametrize(("who", "refusal"), UNSEEING.values(), ids=UNSEEING)
def test_h06_nobody_without_a_team_breaks_the_glass(who: Actor, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        break_glass(transfer_at(Stage.DISPATCHED), who, WHY, "Call", "o-1", NOW)


@pytest.mark.parametrize("pathway", Pathway)
def test_what_is_one_s_own_to_see_needs_no_breaking(pathway: Pathway) -> None:
    with pytest.raises(RulesBroken):
        break_glass(
            transfer_at(Stage.DISPATCHED, pathway), actor("op.worker"), WHY, "Call", "o-1", NOW
        )


def test_h06_who_left_every_team_reads_no_longer_what_they_opened() -> None:
    sent = transfer_at(Stage.DISPATCHED)
    left = replace(opened(STRANGER, sent), memberships=frozenset())

    assert may_read(opened(STRANGER, sent), sent)
    assert not may_read(left, sent)
