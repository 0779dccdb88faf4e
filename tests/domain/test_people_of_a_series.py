"""Who belongs to a series of meetings: what they see, for how long, and what they record."""

from dataclasses import replace

import pytest
from builders import NOW, TODAY, situation, somebody, transfer_at
from domain.recording_council import recording

from app.domain.authority import VisibleTo, may_see, require, visible_to
from app.domain.errors import NotPermitted, NotVisible, RulesBroken
from app.domain.milestone_kind import Side
from app.domain.pathway import Pathway, Stage
from app.domain.people import OF_A_SERIES, Actor, Membership, Role
from app.domain.protocol import CouncilProtocol
from app.domain.record_milestone import Happened, record_milestone
from app.domain.relations import recorders
from app.domain.rights import Act
from app.domain.transfer import BookedMeeting, Transfer
from app.protocols.shelf import load_protocols

DRAFT = transfer_at(Stage.DRAFT)
MEETINGS = {series: BookedMeeting(series, NOW) for series in ("north", "south")}
FOR_NORTH, FOR_SOUTH = (replace(DRAFT, meeting=MEETINGS[series]) for series in MEETINGS)
CHAIR, DEPUTY, COORDINATOR, MEMBER = (
    somebody(role.value, role, meeting="north")
    for role in (Role.CHAIR, Role.DEPUTY_CHAIR, Role.TEAM_COORDINATOR, Role.MEMBER)
)
SERVING = {Role.CHAIR: CHAIR, Role.DEPUTY_CHAIR: DEPUTY, Role.TEAM_COORDINATOR: COORDINATOR}
EVERYBODY = {**SERVING, Role.MEMBER: MEMBER}
COUNCILS = ("durham", "cheshire_east", "islington", "rochdale")


def council(code: str) -> CouncilProtocol:
    found = load_protocols(None).in_force(code, TODAY)
    assert found is not None
    return found


PACKS = {code: council(code) for code in COUNCILS}
CELLS = [
    pytest.param(code, pathway, name, role, id=f"{code}-{pathway}-{name}-{role}")
    for code, pack in PACKS.items()
    for pathway, rules in pack.pathways.items()
    for name in rules.milestones
    for role in EVERYBODY
]
"""Every milestone of every council, with everybody of a series."""


def before_the_meeting(code: str, pathway: Pathway) -> Transfer:
    """A draft under that council's protocol that is submitted to North's meeting."""
    rules = PACKS[code].pathways[pathway]
    draft = transfer_at(Stage.DRAFT, pathway)
    return replace(draft, meeting=MEETINGS["north"], protocol=code, route=next(iter(rules.routes)))


def answer_to(transfer: Transfer, name: str, who: Actor, code: str) -> str:
    """Recorded, kept back by rules that say what is missing, or not theirs."""
    try:
        record_milestone(transfer, Happened(name, NOW), who, situation(protocol=PACKS[code]))
    except RulesBroken:
        return "theirs"
    except (NotPermitted, NotVisible) as refusal:
        return type(refusal).__name__
    return "theirs"


def test_every_role_that_may_belong_to_a_series_is_tried() -> None:
    assert EVERYBODY.keys() == OF_A_SERIES


@pytest.mark.parametrize(("code", "pathway", "name", "role"), CELLS)
def test_ce_m13_who_serves_a_series_records_what_is_for_their_role_whichever_side_s_it_is(
    code: str, pathway: Pathway, name: str, role: Role
) -> None:
    kind = PACKS[code].pathways[pathway].milestones[name]
    as_what = {role, Role.CHAIR} if role is Role.DEPUTY_CHAIR else {role}
    theirs = role is not Role.MEMBER and bool(as_what & set(kind.roles))
    booked = before_the_meeting(code, pathway)

    there = answer_to(booked, name, EVERYBODY[role], code)
    elsewhere = answer_to(replace(booked, meeting=MEETINGS["south"]), name, EVERYBODY[role], code)

    assert there == ("theirs" if theirs else "NotPermitted")
    assert elsewhere == "NotVisible"


@pytest.mark.parametrize("by", Side)
def test_ce_m13_the_deputy_counts_wherever_the_chair_does(by: Side) -> None:
    chairs, deputies = recorders(by, (Role.CHAIR,)), recorders(by, (Role.DEPUTY_CHAIR,))
    require(Act.RECORD_MILESTONE, DEPUTY, FOR_NORTH, chairs)
    require(Act.RECORD_MILESTONE, CHAIR, FOR_NORTH, chairs)

    with pytest.raises(NotPermitted):
        require(Act.RECORD_MILESTONE, CHAIR, FOR_NORTH, deputies)
    with pytest.raises(NotPermitted):
        require(Act.RECORD_MILESTONE, COORDINATOR, FOR_NORTH, chairs)


@pytest.mark.parametrize("who", EVERYBODY.values(), ids=EVERYBODY.keys())
def test_consents_who_steps_in_and_pauses_are_the_teams_and_no_series(who: Actor) -> None:
    for act in (Act.RECORD_CONSENT, Act.WITHDRAW_CONSENT, Act.STEP_IN, Act.PAUSE_CLOCK):
        with pytest.raises(NotPermitted):
            require(act, who, FOR_NORTH)


def test_a_chair_s_milestone_of_the_receiving_side_is_theirs_while_nothing_is_sent() -> None:
    decision = record_milestone(FOR_NORTH, Happened("accepted", NOW), CHAIR, recording())

    assert decision.after.milestones[-1].by == CHAIR.id
    assert decision.after.version == FOR_NORTH.version + 1


@pytest.mark.parametrize("who", EVERYBODY.values(), ids=EVERYBODY.keys())
def test_h14_a_case_is_seen_by_the_series_it_is_submitted_to_and_by_no_other(who: Actor) -> None:
    assert may_see(who, FOR_NORTH)
    assert not may_see(who, FOR_SOUTH)
    assert not may_see(who, DRAFT)
    assert not may_see(replace(who, authority="elsewhere"), FOR_NORTH)


@pytest.mark.parametrize("stage", Stage)
def test_a_case_stays_seen_by_its_series_whatever_becomes_of_it(stage: Stage) -> None:
    assert may_see(MEMBER, replace(FOR_NORTH, stage=stage))


def test_who_belongs_to_a_team_and_a_series_sees_what_either_sees() -> None:
    both = Actor(
        "both",
        "durham",
        frozenset(
            {Membership(Role.PRACTITIONER, "op-east"), Membership(Role.MEMBER, None, "north")}
        ),
    )

    seen = replace(visible_to(both), reader=None)
    assert seen == VisibleTo(frozenset({"op-east"}), frozenset({"north"}))
    assert may_see(both, FOR_NORTH)
    assert may_see(both, replace(DRAFT, origin_team="op-east"))
    assert not may_see(both, FOR_SOUTH)


def test_an_auditor_who_is_a_member_too_still_reads_all() -> None:
    both = frozenset({Membership(Role.AUDITOR), Membership(Role.MEMBER, meeting="north")})

    assert visible_to(Actor("an auditor", "durham", both)).every


def test_a_role_of_a_series_is_not_a_role_of_a_team_of_that_name_nor_of_the_authority() -> None:
    assert not CHAIR.is_(Role.CHAIR, "north")
    assert not CHAIR.is_(Role.CHAIR)
    assert not somebody("a chair", Role.CHAIR, "north").serves("north", Role.CHAIR)
    assert CHAIR.teams() == frozenset()
    assert CHAIR.series() == {"north"}


@pytest.mark.parametrize(
    ("held", "asked", "serves"),
    [
        (Role.CHAIR, Role.CHAIR, True),
        (Role.DEPUTY_CHAIR, Role.CHAIR, True),
        (Role.CHAIR, Role.DEPUTY_CHAIR, False),
        (Role.TEAM_COORDINATOR, Role.TEAM_COORDINATOR, True),
        (Role.MEMBER, Role.TEAM_COORDINATOR, False),
    ],
)
def test_a_deputy_serves_as_the_chair_does_and_everybody_else_as_what_they_are(
    held: Role,
    asked: Role,
    serves: bool,  # noqa: FBT001 - as asked
) -> None:
    assert somebody("a.person", held, meeting="north").serves("north", asked) is serves
