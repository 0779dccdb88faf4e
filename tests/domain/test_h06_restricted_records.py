"""Restricted records: who is denied never sees, and who is not named does not either."""

from dataclasses import replace

import pytest
from builders import NOW, situation, somebody, transfer_at
from domain.restricting import (
    CONFLICT,
    NAMED,
    actor,
    asking,
    kept_from,
    known,
    open_to,
    restriction,
    standing_in,
)
from hypothesis import given
from hypothesis import strategies as st

from app.domain import commands as c
from app.domain.authority import may_read, may_see, require, require_visible
from app.domain.breach import must
from app.domain.decide import decide
from app.domain.decision import Decision, Event
from app.domain.errors import NotPermitted, NotVisible, RulesBroken, StaleVersion
from app.domain.party import Party
from app.domain.pathway import Pathway, Stage
from app.domain.people import AUTHORITY_WIDE, Actor, Membership, Role
from app.domain.relations import in_council, parties, relations
from app.domain.restrict import lift, reads_restrictions, restrict, without_people
from app.domain.restriction import Restriction, RestrictionKind
from app.domain.rights import Act
from app.domain.transfer import Transfer
from app.domain.withheld import Reader, before, reader, withheld

SENT = transfer_at(Stage.DISPATCHED)
RULES = situation().rules(SENT)
MANAGER = actor("op.manager")
SEEING = ["op.worker", "op.manager", "ff.socialworker", "ff.manager", "an.auditor", "systems.team"]
memberships = st.builds(
    Membership,
    st.sampled_from(Role),
    st.sampled_from(["op-bishop", "ff-bishop", "op-chester", None]),
    st.sampled_from(["weekly", None]),
)
people = st.sampled_from(["ann", "ben", "cat", "op.worker"])
actors = st.builds(
    Actor,
    people,
    st.sampled_from(["durham", "islington"]),
    st.frozensets(memberships, max_size=4),
    opened=st.sampled_from([frozenset[str](), frozenset({SENT.id})]),
)
restrictions = st.lists(
    st.builds(restriction, st.sampled_from(RestrictionKind), st.one_of(st.none(), people)).filter(
        lambda x: x.person is not None or x.kind is NAMED
    ),
    max_size=5,
)
stages = st.sampled_from([Stage.DRAFT, Stage.DISPATCHED, Stage.PICKED_UP, Stage.COMPLETED])
AT: dict[Stage, Transfer] = {
    stage: transfer_at(stage) for stage in Stage if stage is not Stage.AWAITING_AUTHORISATION
}


@given(actors, restrictions, stages)
def test_h06_a_denied_person_never_sees_and_is_nothing_to_it(
    who: Actor, placed: list[Restriction], stage: Stage
) -> None:
    transfer = kept_from(replace(AT[stage], restrictions=tuple(placed)), who.id)

    assert not may_see(who, transfer)
    assert not may_read(who, transfer)
    assert relations(who, transfer) == parties(who, transfer, RULES) == frozenset()
    with pytest.raises(NotVisible):
        require_visible(who, transfer)


@given(actors, restrictions, stages)
def test_h06_a_restriction_gives_nobody_what_they_had_not_before(
    who: Actor, placed: list[Restriction], stage: Stage
) -> None:
    transfer = replace(AT[stage], restrictions=tuple(placed))

    if may_see(who, transfer):
        assert may_see(who, AT[stage])
    assert relations(who, transfer) <= relations(who, AT[stage])


@given(actors, restrictions, stages, st.sampled_from([x for x in Act if x.name != "READ_TRANSFER"]))
def test_h06_a_broken_glass_never_writes(
    who: Actor, placed: list[Restriction], stage: Stage, act: Act
) -> None:
    transfer = replace(AT[stage], restrictions=tuple(placed))
    if may_see(who, transfer) or not may_read(who, transfer):
        return

    with pytest.raises(NotPermitted):
        require(act, who, transfer)
    for command in (
        c.Finalise(),
        c.Redirect("ff-chester", "Moved"),
        c.Cancel("no_longer_needed", "No"),
    ):
        with pytest.raises(NotPermitted):
            decide(transfer, command, who, situation())


@pytest.mark.parametrize("role", sorted(AUTHORITY_WIDE))
def test_h06_a_conflict_of_interest_holds_against_whoever_sees_all(role: Role) -> None:
    who = somebody("ann", role)

    assert may_see(who, SENT)
    assert not may_see(who, kept_from(SENT, "ann"))


def test_h06_nobody_else_is_kept_out_by_somebody_s_conflict() -> None:
    transfer = kept_from(SENT, "ann")

    assert all(may_see(actor(person), transfer) for person in SEEING)


def test_h06_of_named_people_alone_the_rest_of_the_team_sees_nothing() -> None:
    named = open_to(transfer_at(Stage.DISPATCHED), "op.keyworker")
    sees = {
        person: may_see(actor(person), named)
        for person in (*SEEING, "op.keyworker", "ff.coordinator", "lcs.service", "ehm.service")
    }

    assert sees == {
        "op.worker": True,  # who works on it
        "op.keyworker": True,
        "op.manager": True,
        "ff.manager": True,
        "ff.socialworker": False,
        "ff.coordinator": False,
        "an.auditor": True,
        "systems.team": False,
        "lcs.service": True,
        "ehm.service": True,
    }


def test_h06_who_holds_a_restricted_task_sees_it() -> None:
    held = open_to(replace(transfer_at(Stage.PICKED_UP), holder="ff.socialworker"))

    assert may_see(actor("ff.socialworker"), held)
    assert not may_see(actor("ff.coordinator"), held)


def test_h06_a_name_lets_nobody_in_who_had_no_business_there() -> None:
    assert not may_see(actor("op.chester.manager"), open_to(SENT, "op.chester.manager"))


def test_h06_a_conflict_wins_over_being_named() -> None:
    assert not may_see(
        actor("op.keyworker"), kept_from(open_to(SENT, "op.keyworker"), "op.keyworker")
    )


def test_what_is_lifted_withholds_nothing() -> None:
    lifted = replace(restriction(CONFLICT, "op.worker"), lifted_at=NOW, lifted_by="op.manager")

    assert not withheld(actor("op.worker"), replace(SENT, restrictions=(lifted,)))


@pytest.mark.parametrize("who", ["op.manager", "ff.manager", "operations.manager"])
def test_a_manager_of_either_team_restricts_and_lifts(who: str) -> None:
    asked = asking(CONFLICT, "op.keyworker")

    restricted = restrict(SENT, asked, known("op.keyworker"), actor(who), situation())
    lifted = lift(restricted.after, CONFLICT, (), actor(who), situation())

    assert restricted.after.version == SENT.version + 1
    assert not may_see(actor("op.keyworker"), restricted.after)
    assert may_see(actor("op.keyworker"), lifted.after)
    assert [x.lifted_by for x in lifted.after.restrictions] == [who]
    assert restricted.events[0].codes == (
        "conflict_of_interest", "related_to_the_family", "person:op.keyworker",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("op.worker", NotPermitted),
        ("ff.coordinator", NotPermitted),
        ("an.auditor", NotPermitted),
        ("systems.team", NotPermitted),
        ("op.chester.manager", NotVisible),
    ],
)
def test_h06_nobody_else_restricts_or_lifts(who: str, refusal: type[Exception]) -> None:
    transfer = kept_from(SENT, "op.keyworker")

    with pytest.raises(refusal):
        restrict(transfer, asking(CONFLICT, "x"), known("x"), actor(who), situation())
    with pytest.raises(refusal):
        lift(transfer, CONFLICT, (), actor(who), situation())


def test_h06_a_denied_manager_does_not_lift_what_keeps_them_out() -> None:
    with pytest.raises(NotVisible):
        lift(kept_from(SENT, "op.manager"), CONFLICT, (), MANAGER, situation())


def test_a_stale_version_restricts_nothing() -> None:
    with pytest.raises(StaleVersion):
        restrict(SENT, asking(CONFLICT, "x"), known("x"), MANAGER, situation(), expected_version=0)


def codes_of_refusal(transfer: object, *people: str, **of_known: tuple[str, ...]) -> list[str]:
    names = [person for person in people if person != "stranger"]
    with pytest.raises(RulesBroken) as refused:
        restrict(
            transfer,  # type: ignore[arg-type]
            asking(CONFLICT, *people),
            known(*names, **of_known),
            MANAGER,
            situation(),
        )
    return sorted(breach.code for breach in refused.value.breaches)


@pytest.mark.parametrize("part", ["worker", "origin_lead", "holder", "lead_professional"])
@pytest.mark.parametrize("named", ["ann", "ann by name"])
def test_h06_whose_work_it_is_must_be_reassigned_before_they_are_denied(
    part: str, named: str
) -> None:
    transfer = replace(transfer_at(Stage.PICKED_UP), **{part: named})  # type: ignore[arg-type]

    assert codes_of_refusal(transfer, "ann") == ["restriction-reassign"]


def test_somebody_whose_work_is_over_may_be_denied() -> None:
    over = replace(transfer_at(Stage.COMPLETED), lead_professional="ann")

    assert restrict(over, asking(CONFLICT, "ann"), known("ann"), MANAGER, situation()).after


def test_h06_the_last_manager_of_the_origin_team_is_not_denied() -> None:
    assert codes_of_refusal(SENT, "op.manager", managers=("op.manager",)) == [
        "restriction-last-manager"
    ]
    one_left = kept_from(SENT, "m2")
    assert codes_of_refusal(one_left, "op.manager", managers=("op.manager", "m2")) == [
        "restriction-last-manager"
    ]


def test_a_manager_may_step_back_from_it_themselves_where_there_is_another() -> None:
    decision = restrict(
        SENT, asking(CONFLICT, "op.manager"), known("op.manager"), MANAGER, situation()
    )

    assert not may_see(MANAGER, decision.after)


def test_every_breach_of_a_restriction_is_told_at_once() -> None:
    mine = replace(SENT, worker="ann")

    assert codes_of_refusal(mine, "stranger", "ann", "lcs", systems=("lcs",)) == [
        "restriction-person",
        "restriction-reassign",
        "restriction-system",
    ]


def test_who_is_named_already_is_not_named_again() -> None:
    assert codes_of_refusal(kept_from(SENT, "ann"), "ann") == ["restriction-people"]
    assert codes_of_refusal(SENT) == ["restriction-people"]


def test_a_restriction_to_nobody_is_one_and_more_people_are_let_in_later() -> None:
    closed = restrict(SENT, asking(NAMED), known(), MANAGER, situation()).after
    keyworker = actor("op.keyworker")

    more = restrict(
        closed, asking(NAMED, "op.keyworker"), known("op.keyworker"), MANAGER, situation()
    ).after

    assert not may_see(keyworker, closed)
    assert may_see(keyworker, more)
    assert [x.person for x in more.restrictions] == [None, "op.keyworker"]
    with pytest.raises(RulesBroken):
        restrict(more, asking(NAMED), known(), MANAGER, situation())


def test_one_name_is_lifted_and_the_restriction_stays_until_it_is_lifted_whole() -> None:
    named = open_to(SENT, "op.keyworker")
    keyworker = actor("op.keyworker")

    one = lift(named, NAMED, ("op.keyworker",), MANAGER, situation()).after
    whole = lift(one, NAMED, (), MANAGER, situation()).after

    assert not may_see(keyworker, one)
    assert may_see(keyworker, whole)
    with pytest.raises(RulesBroken):
        lift(whole, NAMED, (), MANAGER, situation())
    with pytest.raises(RulesBroken):
        lift(one, NAMED, ("nobody",), MANAGER, situation())


def test_lifting_one_kind_leaves_the_other_and_tells_the_audit_whose_names_it_took_off() -> None:
    transfer = kept_from(open_to(SENT, "ann", "ben"), "cat")
    closed, ann, ben, cat = transfer.restrictions
    gone = (replace(x, lifted_at=NOW, lifted_by="op.manager") for x in (closed, ann, ben))
    after = replace(transfer, restrictions=(*gone, cat), version=transfer.version + 1)
    stage, codes = transfer.stage, ("named_only", "person:ann", "person:ben")
    event = Event("restriction_lifted", "op.manager", NOW, stage, stage, after.version, codes)

    assert lift(transfer, NAMED, (), MANAGER, situation()) == Decision(transfer, after, (event,))


def test_whom_a_restriction_names_is_for_managers_and_auditors() -> None:
    read = {person: reads_restrictions(actor(person), kept_from(SENT, "x")) for person in SEEING}

    assert read == {
        "op.worker": False, "op.manager": True, "ff.socialworker": False,
        "ff.manager": True, "an.auditor": True, "systems.team": False,
    }  # fmt: skip
    assert without_people("restricted", ["named_only", "person:x"]) == ["named_only"]
    assert without_people("reassigned", ["person:x"]) == ["person:x"]


def test_h06_whoever_stands_in_for_somebody_who_is_denied_has_roles_of_their_own_alone() -> None:
    stranger = standing_in("kim", "op.manager", Role.TEAM_MANAGER, "op-bishop")
    own = Membership(Role.PRACTITIONER, "op-bishop")
    colleague = standing_in("kim", "op.manager", Role.TEAM_MANAGER, "op-bishop", own)
    transfer = kept_from(SENT, "op.manager")

    assert may_see(stranger, SENT)
    assert not may_see(stranger, transfer)
    assert may_see(colleague, transfer)
    with pytest.raises(NotPermitted):
        decide(transfer, c.Redirect("ff-chester", "Moved"), colleague, situation())
    assert not may_see(colleague, open_to(transfer))


def test_h06_whoever_stands_in_for_somebody_else_keeps_what_they_stand_in_for() -> None:
    deputy = standing_in("kim", "op.manager", Role.TEAM_MANAGER, "op-bishop")

    for transfer in (SENT, kept_from(SENT, "another"), open_to(SENT)):
        assert before(deputy, transfer) == deputy
        assert not withheld(deputy, transfer)
    assert before(deputy, kept_from(SENT, "op.manager")) == deputy.own


def test_h06_who_is_kept_from_it_is_withheld_from_by_who_they_are() -> None:
    transfer = kept_from(SENT, "op.worker")

    assert withheld(actor("op.worker"), transfer)
    assert not withheld(MANAGER, transfer)


def test_a_list_is_for_somebody_with_all_that_they_reach_and_without_what_is_lent_them() -> None:
    chairs = Membership(Role.CHAIR, "op-chester", "weekly")
    deputy = standing_in("kim", "op.manager", Role.TEAM_MANAGER, "op-bishop", chairs)
    own = Reader(
        "kim",
        teams=frozenset({"op-chester"}),
        series=frozenset({"weekly"}),
    )

    assert reader(deputy) == replace(
        own,
        manages=frozenset({"op-bishop"}),
        teams=frozenset({"op-bishop", "op-chester"}),
        stands_in_for=frozenset({"op.manager"}),
        own=own,
    )
    assert reader(somebody("an.auditor", Role.AUDITOR)) == Reader(
        "an.auditor", reads_restricted=True, sees_all=True
    )


def test_a_delegate_of_the_manager_restricts_on_their_behalf() -> None:
    deputy = standing_in("kim", "op.manager", Role.TEAM_MANAGER, "op-bishop")

    decision = restrict(SENT, asking(CONFLICT, "x"), known("x"), deputy, situation())

    assert decision.events[0].codes[-1] == "for:op.manager"


def test_a_delegate_of_the_manager_lifts_on_their_behalf() -> None:
    deputy = standing_in("kim", "op.manager", Role.TEAM_MANAGER, "op-bishop")

    for kept, kind, codes in (
        (kept_from(SENT, "x", "y"), CONFLICT, (CONFLICT, "person:x", "person:y", "for:op.manager")),
        (open_to(SENT, "kim"), NAMED, (NAMED, "person:kim", "for:op.manager")),
    ):
        (event,) = lift(kept, kind, (), deputy, situation()).events
        assert (event.action, event.codes) == ("restriction_lifted", codes)


def test_who_also_works_there_restricts_by_the_role_that_was_lent_them() -> None:
    own = Membership(Role.PRACTITIONER, "op-bishop")
    deputy = standing_in("kim", "op.manager", Role.TEAM_MANAGER, "op-bishop", own)

    placed = restrict(SENT, asking(CONFLICT, "x"), known("x"), deputy, situation())
    lifted = lift(placed.after, CONFLICT, (), deputy, situation())

    assert placed.events[0].codes[-1] == lifted.events[0].codes[-1] == "for:op.manager"


def test_a_stale_version_lifts_nothing() -> None:
    kept = kept_from(SENT, "x")

    with pytest.raises(StaleVersion):
        lift(kept, CONFLICT, (), MANAGER, situation(), expected_version=kept.version + 1)
    lifted = lift(kept, CONFLICT, (), MANAGER, situation(), expected_version=kept.version)
    assert lifted.after.version == kept.version + 1


def test_fifty_people_are_named_at_once_and_one_more_is_not() -> None:
    fifty = [f"p{number}" for number in range(50)]
    everybody = known(*fifty, "one.more")

    placed = restrict(SENT, asking(CONFLICT, *fifty), everybody, MANAGER, situation())
    with pytest.raises(RulesBroken) as refusal:
        restrict(SENT, asking(CONFLICT, *fifty, "one.more"), everybody, MANAGER, situation())

    assert [x.person for x in placed.after.restrictions] == fifty
    assert refusal.value.breaches == (must("restriction-people", "Name at most 50 people", "more"),)


def test_h06_a_restricted_draft_is_as_another_team_s_for_whoever_is_not_let_in() -> None:
    draft = open_to(transfer_at(Stage.DRAFT, Pathway.STEP_UP))

    with pytest.raises(NotVisible):
        decide(draft, c.Finalise(), actor("op.keyworker"), situation())


def test_who_has_a_role_of_a_team_in_none_is_a_person_of_no_team() -> None:
    for role, team in ((Role.PRACTITIONER, None), (Role.AUDITOR, "op-bishop")):
        who = Actor("ann", "durham", frozenset({Membership(role, team)}))

        assert Party.PERSON_OF_A_TEAM not in in_council(who)
    assert Party.PERSON_OF_A_TEAM in in_council(somebody("ann", Role.PRACTITIONER, "op-bishop"))


def test_a_case_system_is_to_a_transfer_what_it_is_anyway_and_its_receiver() -> None:
    service = actor("lcs.service" if SENT.pathway is Pathway.STEP_UP else "ehm.service")

    assert parties(service, SENT, RULES) == relations(service, SENT) | {Party.RECEIVING_SYSTEM}


@pytest.mark.parametrize("who", ["op.manager", "lcs.service"])
def test_h06_in_another_council_or_denied_nobody_authorises_or_receives(who: str) -> None:
    elsewhere = replace(actor(who), authority="islington")

    assert parties(elsewhere, SENT, RULES) == relations(elsewhere, SENT)
    assert parties(actor(who), kept_from(SENT, actor(who).id), RULES) == frozenset()
