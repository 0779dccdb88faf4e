"""Every act around a transfer, everybody, every standing, against a table of this file's own.

It knows nothing of app/domain/rights.py: a change there shows here. Hazard 6.
"""

from dataclasses import replace

import pytest
from builders import NOW
from domain.cells import SERVING, STANDINGS, UNREACHED, people_of, transfer_of
from domain.test_every_cell import sees

from app.domain.authority import require, require_right
from app.domain.errors import TransferError
from app.domain.milestone_kind import Side
from app.domain.party import Party
from app.domain.pathway import Pathway
from app.domain.people import Actor, Role
from app.domain.relations import recorders, relations
from app.domain.rights import Act
from app.domain.transfer import BookedMeeting, Transfer

WORKERS = "origin practitioner, origin manager, receiving practitioner, receiving manager, holder"
MANAGERS = "origin manager, receiving manager"
OPERATIONS = "origin operations manager, receiving operations manager"
REST = "origin co-ordinator, receiving co-ordinator, origin chair, receiving chair"
OF_SERIES = "chair, deputy chair, co-ordinator"
READERS = "receiving system, other system, auditor, administrator"
TEAMS = f"{WORKERS}, {OPERATIONS}, {REST}"
CHAIRS = "origin chair, receiving chair, chair, deputy chair"

THEIRS: dict[Act, str] = {
    Act.READ_TRANSFER: f"{TEAMS}, {OF_SERIES}, member, {READERS}",
    Act.READ_FEEDBACK: f"{TEAMS}, {OF_SERIES}, member, auditor, administrator",
    Act.RECORD_CONSENT: WORKERS,
    Act.WITHDRAW_CONSENT: WORKERS,
    Act.DECIDE_WITHDRAWAL: f"{MANAGERS}, {OPERATIONS}",
    Act.RECORD_SHARING_BASIS: MANAGERS,
    Act.STEP_IN: WORKERS,
    Act.STEP_OUT: WORKERS,
    Act.GIVE_FEEDBACK: WORKERS,
    Act.PAUSE_CLOCK: f"{MANAGERS}, {OPERATIONS}",
    Act.RESUME_CLOCK: f"{MANAGERS}, {OPERATIONS}",
    Act.RAISE_DISAGREEMENT: f"{TEAMS}, {OF_SERIES}",
    Act.ESCALATE_DISAGREEMENT: f"{MANAGERS}, {OPERATIONS}, {CHAIRS}",
    Act.REPLAY_DELIVERY: f"{MANAGERS}, {OPERATIONS}, administrator",
}
NAMED: dict[tuple[Side, Role], str] = {
    (Side.ORIGIN, Role.PRACTITIONER): "origin practitioner",
    (Side.RECEIVING, Role.PRACTITIONER): "receiving practitioner, holder",
    (Side.EITHER, Role.TEAM_MANAGER): MANAGERS,
    (Side.ORIGIN, Role.TEAM_MANAGER): "origin manager",
    (Side.ORIGIN, Role.TEAM_COORDINATOR): "origin co-ordinator, co-ordinator",
    (Side.RECEIVING, Role.CHAIR): "receiving chair, chair, deputy chair",
    (Side.EITHER, Role.DEPUTY_CHAIR): "deputy chair",
    (Side.EITHER, Role.OPERATIONS_MANAGER): OPERATIONS,
    (Side.EITHER, Role.MEMBER): "",
    (Side.EITHER, Role.AUDITOR): "",
}
"""Whom a protocol means that has an act done by that role of that side."""
BY_PROTOCOL = (Act.RECORD_MILESTONE, Act.RECORD_REVIEW, Act.RESOLVE_DISAGREEMENT)
STANDING = pytest.mark.parametrize(
    ("pathway", "standing"),
    [
        (p, standing)
        for p in Pathway
        for standing in STANDINGS
        if p not in UNREACHED.get(standing, ())
    ],
)


def outcome(act: Act, actor: Actor, on: Transfer, named: frozenset[Party] | None = None) -> str:
    """What the check says."""
    try:
        require(act, actor, on, named)
    except TransferError as refusal:
        return type(refusal).__name__
    return "theirs"


def everybody(pathway: Pathway) -> dict[str, Actor]:
    """Of both teams, of other teams, of the meeting, of the council and of another one."""
    return people_of(pathway) | SERVING


def expected(name: str, standing: str, theirs: str) -> str:
    """What the tables above say of a transfer that is before the meeting."""
    if name not in SERVING and not sees(name, standing):
        return "NotVisible"
    return "theirs" if name in theirs.split(", ") else "NotPermitted"


@STANDING
def test_h06_every_act_around_a_transfer_is_for_those_whose_it_is_and_for_nobody_else(
    pathway: Pathway, standing: str
) -> None:
    transfer = replace(transfer_of(pathway, standing), meeting=BookedMeeting("weekly", NOW))

    for act, theirs in THEIRS.items():
        for name, person in everybody(pathway).items():
            found = outcome(act, person, transfer)
            assert found == expected(name, standing, theirs), (act, name)


@STANDING
def test_h06_what_a_protocol_has_done_by_a_role_of_a_side_is_for_them_and_for_nobody_else(
    pathway: Pathway, standing: str
) -> None:
    transfer = replace(transfer_of(pathway, standing), meeting=BookedMeeting("weekly", NOW))

    for (side, role), theirs in NAMED.items():
        for act in BY_PROTOCOL:
            for name, person in everybody(pathway).items():
                found = outcome(act, person, transfer, recorders(side, (role,)))
                assert found == expected(name, standing, theirs), (act, side, role, name)


@pytest.mark.parametrize("act", [*BY_PROTOCOL, Act.CLOSE_AT_SOURCE])
def test_h06_what_the_protocol_names_nobody_for_is_nobodys(act: Act) -> None:
    transfer = transfer_of(Pathway.STEP_UP, "dispatched")

    for name, person in people_of(Pathway.STEP_UP).items():
        assert outcome(act, person, transfer) != "theirs", name


def test_h06_only_the_origin_closes_at_source_whoever_the_protocol_names() -> None:
    transfer = transfer_of(Pathway.STEP_DOWN, "allocated")
    anybody = recorders(Side.EITHER, Role)

    theirs = {
        name
        for name, person in everybody(Pathway.STEP_DOWN).items()
        if outcome(Act.CLOSE_AT_SOURCE, person, transfer, anybody) == "theirs"
    }

    assert all(name.startswith("origin ") for name in theirs)
    assert len(theirs) == 5


def test_h06_who_raised_a_disagreement_escalates_it_and_never_resolves_it() -> None:
    transfer = transfer_of(Pathway.STEP_UP, "dispatched")
    people = people_of(Pathway.STEP_UP)
    managers = recorders(Side.EITHER, (Role.TEAM_MANAGER,))

    for name in ("origin practitioner", "receiving manager"):
        raiser = relations(people[name], transfer) | {Party.RAISER}
        require_right(Act.ESCALATE_DISAGREEMENT, raiser)
        with pytest.raises(TransferError) as refusal:
            require_right(Act.RESOLVE_DISAGREEMENT, raiser, managers)
        by_role = "SeparationOfDuties" if name.endswith("manager") else "NotPermitted"
        assert type(refusal.value).__name__ == by_role


@pytest.mark.parametrize("pathway", Pathway)
def test_h06_whoever_is_nothing_to_a_transfer_has_no_relation_to_it(pathway: Pathway) -> None:
    transfer, people = transfer_of(pathway, "dispatched"), people_of(pathway)

    assert relations(people["look-alike manager"], transfer) == {
        Party.ANYBODY,
        Party.PERSON_OF_A_TEAM,
        Party.WORKER_OF_A_TEAM,
    }
    assert relations(people["former member"], replace(transfer, holder=None)) == {Party.ANYBODY}
    assert relations(people["another council's"], transfer) == frozenset()
