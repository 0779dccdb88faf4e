"""A procedure that nobody thought of, played from its opening to its end by its file alone.

Marlshire has a school panel every third Thursday, an operations manager's gate on the step up, an
edge of care team that passes the case on to a court team, and timescales of its own.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from builders import calendar

from app.domain import commands as c
from app.domain.clocks import ClockState
from app.domain.consent import Consent, How
from app.domain.custody import ledger
from app.domain.decide import decide
from app.domain.decision import Decision, Situation
from app.domain.duty_task import CaseSystem
from app.domain.errors import NotPermitted, RulesBroken
from app.domain.form import AttachedForm, Form
from app.domain.open_transfer import open_transfer
from app.domain.pathway import Pathway, Stage
from app.domain.people import Actor, Membership, Role, Team
from app.domain.record_consent import record_consent
from app.domain.record_milestone import Happened, record_milestone
from app.domain.transfer import Child, Origin, OriginRecord, Transfer
from app.domain.tray_reports import NewRecord
from app.protocols.reader import read_protocol

PROTOCOL = read_protocol(Path(__file__).with_name("marlshire.toml"))


def team(team_id: str, kind: str, system: CaseSystem) -> Team:
    """A team of Marlshire."""
    return Team(team_id, "marlshire", team_id, kind, "Marlshire", "All", system, team_id.upper())


HUB, EDGE = team("hub", "hub", CaseSystem.EHM), team("edge", "edge_of_care", CaseSystem.LCS)
COURT = team("court", "court", CaseSystem.LCS)
TEAMS = {one.id: one for one in (HUB, EDGE, COURT)}


def person(role: Role, works_in: Team) -> Actor:
    """Somebody of Marlshire."""
    name = f"{works_in.id}.{role}"
    return Actor(name, "marlshire", frozenset({Membership(role, works_in.id)}))


WORKER, MANAGER = person(Role.PRACTITIONER, HUB), person(Role.TEAM_MANAGER, HUB)
OPERATIONS, CHAIR = person(Role.OPERATIONS_MANAGER, HUB), person(Role.CHAIR, HUB)
EDGE_MANAGER, COURT_MANAGER = person(Role.TEAM_MANAGER, EDGE), person(Role.TEAM_MANAGER, COURT)

OPENED = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
PANEL = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
FORM = Form(
    date(2026, 11, 26),
    "Worried",
    "edge",
    forms=(AttachedForm("assessment", "A-1", date(2026, 11, 2)),),
    statements={"panel_words": "Absent since June", "family_words": "We want help"},
    factors=("violence",),
)
CONSENT = Consent(
    "c-1", "share_assessment", "A parent", date(2026, 11, 20), How.WRITTEN,
    informed=True, explicit=True, recorded_by=WORKER.id, recorded_at=OPENED,
)  # fmt: skip
Play = Callable[[Transfer, Situation], Decision]


def at(now: datetime) -> Situation:
    """Marlshire's situation at a time."""
    return Situation(PROTOCOL, TEAMS, calendar(), now)


def opening(**changes: object) -> c.Open:
    """How a transfer is opened; `changes` replace fields."""
    made = c.Open(
        id="0b0f3d9e-52c7-4d6e-9f7a-4a4f2a6f1c55",
        pathway=Pathway.STEP_UP,
        route="school_panel",
        origin=Origin("school_plan", "S-1"),
        origin_record=OriginRecord("R-1", date(2026, 8, 16), active=True),
        origin_team="hub",
        children=(Child("MAR1", "Casey Example", date(2018, 2, 3)),),
        form=FORM,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def does(command: c.Command, by: Actor) -> Play:
    return lambda transfer, where: decide(transfer, command, by, where)


def records(name: str, by: Actor, **more: object) -> Play:
    """That person records it as of now."""

    def play(transfer: Transfer, where: Situation) -> Decision:
        happened = replace(Happened(name, where.now), **more)  # type: ignore[arg-type]
        return record_milestone(transfer, happened, by, where)

    return play


def consents(transfer: Transfer, where: Situation) -> Decision:
    return record_consent(transfer, CONSENT, WORKER, where)


def on(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


CREATED = NewRecord("MAR1", "REC-1", on(27, 9), date(2026, 8, 16))
PLAY: tuple[tuple[datetime, Play], ...] = (
    (on(16, 10), does(c.SubmitToMeeting("panel", PANEL), WORKER)),
    (on(20, 10), consents),
    (on(23, 11), records("papers_sent", WORKER)),
    (on(24, 9), does(c.Finalise(), WORKER)),
    (on(26, 10), records("panel_decided", CHAIR, outcome="agreed")),
    (on(26, 16), does(c.Authorise(), OPERATIONS)),
    (on(26, 17), does(c.PickUp("edge.worker", on(26, 17)), EDGE_MANAGER)),
    (on(27, 9), does(c.Start((CREATED,)), EDGE_MANAGER)),
    (on(28, 9), records("passed_to_court_team", EDGE_MANAGER, team=COURT)),
    (on(30, 9), does(c.Allocate("court.worker", on(30, 9)), COURT_MANAGER)),
    (on(20, 9, month=12), records("family_seen", COURT_MANAGER)),
)


def played(steps: int = len(PLAY)) -> Transfer:
    """The transfer after so many of the steps."""
    transfer = open_transfer(opening(), WORKER, at(OPENED)).after
    for now, play in PLAY[:steps]:
        transfer = play(transfer, at(now)).after
    return transfer


def states(transfer: Transfer, now: datetime) -> dict[str, ClockState]:
    """How each clock stands then."""
    return {clock.kind.code: clock.state(now) for clock in at(now).clocks(transfer)}


def refused(play: Callable[[], object]) -> list[str]:
    """The codes of every breach that blocks."""
    with pytest.raises(RulesBroken) as refusal:
        play()
    return [breach.code for breach in refusal.value.breaches]


def test_it_goes_from_its_opening_to_its_end_by_decisions_alone_and_every_clock_is_met() -> None:
    ended = played()

    assert ended.stage is Stage.COMPLETED
    assert [hold.team for hold in ledger(ended, PROTOCOL.pathways[Pathway.STEP_UP])] == [
        "hub",
        "court",
    ]
    assert set(states(ended, on(31, 9, month=12)).values()) == {ClockState.MET}


def test_its_own_timescales_are_due_when_its_handbook_says() -> None:
    submitted, agreed, allocated = played(1), played(5), played(10)

    due = {
        clock.kind.code: clock.due_at
        for transfer in (submitted, agreed, allocated)
        for clock in at(PANEL).clocks(transfer)
        if clock.due_at
    }

    assert due["MH-3-papers"] == on(23, 12)
    assert due["MH-7-authorised-in-time"] == on(26, 23, 59).replace(second=59, microsecond=999999)
    assert due["MH-8-passed"] == on(30, 23, 59).replace(second=59, microsecond=999999)
    assert due["MH-9-seen"] == datetime(2027, 2, 28, 23, 59, 59, 999999, tzinfo=UTC)


def test_what_is_late_there_is_late_here() -> None:
    assert states(played(2), on(23, 13))["MH-3-papers"] is ClockState.LATE
    assert states(played(5), on(27, 0))["MH-7-authorised-in-time"] is ClockState.LATE


def test_a_clock_and_a_rule_count_only_under_their_condition() -> None:
    calm = replace(FORM, factors=(), statements={"panel_words": "Absent"})
    draft = open_transfer(opening(form=calm), WORKER, at(OPENED)).after
    violent = replace(draft, form=replace(calm, factors=("violence",)))

    finalised = decide(draft, c.Finalise(), WORKER, at(OPENED)).after

    assert finalised.stage is Stage.AWAITING_AUTHORISATION
    assert refused(lambda: decide(violent, c.Finalise(), WORKER, at(OPENED))) == ["MH-6-family"]
    assert "MH-8-passed" not in states(draft, OPENED)
    assert "MH-8-passed" in states(violent, OPENED)


def test_a_plan_of_less_than_three_months_is_not_opened() -> None:
    young = opening(origin_record=OriginRecord("R-1", date(2026, 8, 17), active=True))

    assert refused(lambda: open_transfer(young, WORKER, at(OPENED))) == ["MH-1-open"]


@pytest.mark.parametrize(
    "starts_at",
    [on(25, 9, 30), on(26, 14), on(19, 9, 30), on(3, 9, 30, month=12), on(5, 9, 30)],
    ids=["weekday", "time", "second week", "fourth week", "past"],
)
def test_only_a_panel_that_is_held_may_be_chosen(starts_at: datetime) -> None:
    command = c.SubmitToMeeting("panel", starts_at)

    assert refused(lambda: decide(played(0), command, WORKER, at(OPENED))) == ["meeting-time"]


def test_an_assessment_of_six_weeks_and_a_day_is_too_old() -> None:
    old = AttachedForm("assessment", "A-1", date(2026, 10, 12))
    draft = replace(played(0), form=replace(FORM, forms=(old,)))

    assert decide(draft, c.Finalise(), WORKER, at(on(23, 9))).after.stage is not Stage.DRAFT
    assert refused(lambda: decide(draft, c.Finalise(), WORKER, at(on(24, 9)))) == ["MH-5-age"]


def test_the_gate_is_the_operations_manager_s_and_asks_for_the_panel_and_the_consent() -> None:
    waiting = replace(played(4), consents=())

    with pytest.raises(NotPermitted):
        decide(waiting, c.Authorise(), MANAGER, at(PANEL))
    assert refused(lambda: decide(waiting, c.Authorise(), OPERATIONS, at(PANEL))) == [
        "MH-5-consent",
        "MH-7-agreed",
    ]


def test_the_edge_of_care_team_does_not_allocate_and_the_court_team_does() -> None:
    started, passed = played(8), played(9)
    allocate = c.Allocate("a.worker", on(28, 9))

    assert refused(lambda: decide(started, allocate, EDGE_MANAGER, at(on(28, 9)))) == ["MH-8-court"]
    assert decide(passed, allocate, COURT_MANAGER, at(on(28, 9))).after.stage is Stage.ALLOCATED


def test_a_task_goes_to_its_own_kind_of_team_and_is_declined_for_its_own_reasons() -> None:
    draft, sent = played(0), played(6)
    elsewhere = c.Edit(replace(FORM, recipient="court"))
    decline = c.Decline("threshold_not_met", "No", on(26, 17))

    assert refused(lambda: decide(draft, elsewhere, WORKER, at(OPENED))) == ["MH-4-kind"]
    assert refused(lambda: decide(sent, decline, EDGE_MANAGER, at(on(26, 17)))) == [
        "decline-reason"
    ]


def test_the_months_after_the_allocation_bring_its_review() -> None:
    half = PROTOCOL.pathways[Pathway.STEP_UP]

    assert half.reviews == ("MH-9-seen",)
    assert states(played(10), on(30, 9))["MH-9-seen"] is ClockState.RUNNING
    assert list(PROTOCOL.pathways) == [Pathway.STEP_UP]


def test_a_pathway_that_it_does_not_know_is_not_opened() -> None:
    down = opening(pathway=Pathway.STEP_DOWN)

    assert refused(lambda: open_transfer(down, WORKER, at(OPENED))) == ["pathway"]
