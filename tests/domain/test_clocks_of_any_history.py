"""Whatever is decided, recorded, paused and reported, in whatever order: the clocks stay sane.

Hazards 3 and 18. A history is driven through the decisions themselves, and refusals change nothing.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest
from builders import NOW, PEOPLE, actor, durham, new_records, opening, sample_directory, situation
from domain.disputes import GO, STAY, Disputing, escalate_it, raise_one, resolve_it
from domain.histories import SHORT_CALENDAR
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain import commands as c
from app.domain.clock_kind import ClockKind
from app.domain.clocks import Clock, ClockState
from app.domain.close_at_source import Closed, close_at_source
from app.domain.decide import decide
from app.domain.decision import Decision, Situation
from app.domain.errors import TransferError
from app.domain.form import AttachedForm
from app.domain.hear import hear
from app.domain.london import local_date
from app.domain.milestone_kind import MilestoneKind, Side
from app.domain.milestone_names import Named, named
from app.domain.open_transfer import open_transfer
from app.domain.pathway import Pathway, Stage
from app.domain.pause_clock import pause_clock, resume_clock
from app.domain.pauses import Why
from app.domain.people import Actor, system_actor
from app.domain.protocol import CouncilProtocol
from app.domain.record_milestone import Happened, record_milestone
from app.domain.timescales import parse_within
from app.domain.transfer import Transfer
from app.domain.tray_reports import (
    RecordAllocated,
    RecordsCreated,
    Report,
    TaskDeclined,
    TaskPickedUp,
    TaskReceived,
    TaskReleased,
    not_later_than,
)

PICK_UP = "HZ-3-pick-up"
TEAMS = {team.id: team for team in sample_directory().teams}
MINUTE = timedelta(minutes=1)
WHY = Why("other", "Other")


def _more(code: str, starts: str, stops: str, within: str, **more: object) -> ClockKind:
    kind = ClockKind(
        code,
        "In time",
        "X 1",
        tuple(map(named, starts.split())),
        tuple(map(named, stops.split())),
        parse_within(within),
        Side.RECEIVING,
    )
    return replace(kind, **more)  # type: ignore[arg-type]


CLOCKS = (
    _more("X-restarts", "meeting_decided", "minutes_uploaded", "same day", restarts=True),
    _more("X-started", "picked_up", "started", "90 minutes"),
    _more("X-review", "allocated handover_visited", "handover_visited", "3 months"),
    _more("X-any", "declined returned", "redirected dispatched", "2 working days"),
)


def _protocol() -> CouncilProtocol:
    passed_on = MilestoneKind(
        "passed_on", "Passed on", Side.RECEIVING, "X 1", after=(Named("started"),)
    )
    pathways = {}
    for pathway, rules in durham().pathways.items():
        kind = "social_care" if pathway is Pathway.STEP_UP else "early_help"
        milestones = {**rules.milestones, "passed_on": replace(passed_on, passes_to_kind=kind)}
        pathways[pathway] = replace(rules, clocks=rules.clocks + CLOCKS, milestones=milestones)
    return replace(durham(), pathways=pathways)


PROTOCOL = _protocol()
Step = Callable[[Transfer, Situation, datetime], Decision | None]


def disputed(who: str, doing: Disputing) -> Step:
    """That party, or that person, does it about a disagreement."""

    def step(transfer: Transfer, where: Situation, when: datetime) -> Decision:
        del when
        person = PEOPLE[transfer.pathway].get(who, who)
        return doing(transfer, actor(person), where)

    return step


def by(party: str, command: Callable[[Transfer, datetime], c.Command]) -> Step:
    """That party decides it."""

    def step(transfer: Transfer, where: Situation, when: datetime) -> Decision:
        del when  # what people do happens now
        person = actor(PEOPLE[transfer.pathway][party])
        return decide(transfer, command(transfer, where.now), person, where)

    return step


def recorded(party: str, name: str, **more: object) -> Step:
    """That party records it, as of some time ago."""

    def step(transfer: Transfer, where: Situation, when: datetime) -> Decision:
        happened = replace(Happened(name, when), **more)  # type: ignore[arg-type]
        if name == "timescale_agreed":
            manager = actor(PEOPLE[transfer.pathway]["receiving manager"])
            happened = replace(happened, person=manager, until=when + timedelta(days=1))
        if name == "passed_on":
            up = transfer.pathway is Pathway.STEP_UP
            happened = replace(happened, team=TEAMS["ff-chester" if up else "op-chester"])
        person = actor(PEOPLE[transfer.pathway][party])
        return record_milestone(transfer, happened, person, where)

    return step


def closed(transfer: Transfer, where: Situation, when: datetime) -> Decision:
    """The author says that the origin closed, as of that day."""
    author = actor(PEOPLE[transfer.pathway]["author"])
    return close_at_source(transfer, Closed(local_date(when)), author, where)


def reported(report: Callable[[Transfer, datetime], Report]) -> Step:
    """The tray reports it, as of some time ago."""

    def step(transfer: Transfer, where: Situation, when: datetime) -> Decision | None:
        system = system_actor(where.rules(transfer).to_system, "durham")
        told = not_later_than(where.now, report(transfer, when))
        return hear(transfer, transfer.reference, told, system, where)

    return step


def paused(transfer: Transfer, where: Situation, when: datetime) -> Decision | None:
    """A manager pauses one of the clocks that run."""
    going = [clock.kind.code for clock in where.clocks(transfer) if clock.going]
    if not going:
        return None
    code = going[when.minute % len(going)]
    return pause_clock(transfer, code, WHY, _manager(transfer), where)


def resumed(transfer: Transfer, where: Situation, when: datetime) -> Decision | None:
    """A manager resumes the first clock that is paused."""
    del when
    held = [clock.kind.code for clock in where.clocks(transfer) if clock.paused_at]
    return resume_clock(transfer, held[0], WHY, _manager(transfer), where) if held else None


def _manager(transfer: Transfer) -> Actor:
    return actor(PEOPLE[transfer.pathway]["origin manager"])


def _away(transfer: Transfer) -> str:
    return "ff-east" if transfer.pathway is Pathway.STEP_UP else "op-east"


def _meeting(_: Transfer, now: datetime) -> c.Command:
    return c.SubmitToMeeting("weekly", now + timedelta(days=1 + now.minute % 9))


def _records(transfer: Transfer, when: datetime) -> RecordsCreated:
    return RecordsCreated(when, "w", new_records(transfer.children, when))


STEPS: tuple[Step, ...] = (
    by("author", lambda t, _: c.Edit(t.form)),
    by("author", _meeting),
    by("author", lambda *_: c.Finalise()),
    by("authoriser", lambda *_: c.Authorise()),
    by("authoriser", lambda *_: c.Return("Say more")),
    by("origin manager", lambda t, _: c.Redirect(_away(t), "Wrong tray")),
    by("receiver", lambda t, now: c.PickUp(PEOPLE[t.pathway]["receiver"], now)),
    by("receiving manager", lambda _, now: c.Release(now)),
    by("receiving manager", lambda _, now: c.Decline("threshold_not_met", "No", now)),
    by("receiving manager", lambda t, now: c.Start(new_records(t.children, now))),
    by("receiving manager", lambda _, now: c.Allocate("a.worker", now)),
    by("origin manager", lambda *_: c.Complete("Closed on paper")),
    reported(lambda _, when: TaskReceived(when)),
    reported(lambda _, when: TaskPickedUp(when, "a.worker")),
    reported(lambda _, when: TaskPickedUp(when, "b.worker")),
    reported(lambda _, when: TaskReleased(when)),
    reported(lambda _, when: TaskDeclined(when, "No")),
    reported(_records),
    reported(lambda t, when: RecordAllocated(when, f"REC-{t.children[0].child_id}", "w")),
    paused,
    resumed,
    recorded("receiving manager", "passed_on"),
    recorded("author", "form_given_to_manager"),
    recorded("authoriser", "form_quality_assured"),
    recorded("authoriser", "agenda_circulated"),
    *(
        recorded("origin manager", "meeting_decided", outcome=outcome)
        for outcome in ("agreed", "not_agreed", "deferred")
    ),
    recorded("origin manager", "timescale_agreed"),
    disputed("author", raise_one),
    disputed("receiving manager", escalate_it),
    disputed("operations.manager", resolve_it(STAY)),
    disputed("origin manager", resolve_it(GO)),
    recorded("origin manager", "minutes_uploaded"),
    recorded("author", "handover_visit_arranged"),
    recorded("receiver", "handover_visited"),
    closed,
)
CANCEL = by("origin manager", lambda *_: c.Cancel("other", "A mistake"))
ORDERS = tuple(Random(n).sample(STEPS, len(STEPS)) for n in range(120))  # noqa: S311 - no secret
Told = tuple[int, int, int]
"""Which order of steps (the first that is allowed is taken), minutes later, told of so long ago."""


def begun(pathway: Pathway) -> tuple[Transfer, Situation]:
    """A draft that is ready for its meeting."""
    where = situation(protocol=PROTOCOL)
    command = opening(pathway)
    more = AttachedForm("evidence_tool", "EVT-1")
    command = replace(command, form=replace(command.form, forms=(*command.form.forms, more)))
    transfer = open_transfer(command, actor(PEOPLE[pathway]["author"]), where).after
    for name in ("discussed_with_manager", "manager_agreed"):
        happened = Happened(name, NOW)
        transfer = record_milestone(transfer, happened, _manager(transfer), where).after
    return transfer, where


def holds(transfer: Transfer, where: Situation) -> None:
    """What is true of clocks at any time."""
    unpaused = where.clocks(replace(transfer, pauses=()))
    for clock, without in zip(where.clocks(transfer), unpaused, strict=True):
        _is_sane(clock, where.now)
        if clock.due_at and without.due_at:
            assert clock.due_at >= without.due_at
            assert (clock.started_at, clock.met_at) == (without.started_at, without.met_at)
    for clock in replace(where, calendar=SHORT_CALENDAR).clocks(transfer):
        _is_sane(clock, where.now)
    waits = {clock.kind.code: clock for clock in where.clocks(transfer)}[PICK_UP]
    open_now = waits.going or waits.paused_at is not None
    assert open_now == (transfer.stage is Stage.DISPATCHED), transfer.milestones


def _is_sane(clock: Clock, now: datetime) -> None:
    ended = clock.met_at or clock.stopped_at
    state = clock.state(now)
    if ended is not None:
        assert clock.started_at is not None
        assert ended >= clock.started_at
        assert not clock.going
        assert clock.paused_at is None
        assert state in (ClockState.MET, ClockState.MET_LATE, ClockState.STOPPED)
    assert clock.left(now) is None or clock.late_by(now) is None
    assert (state is ClockState.WAITING) == (clock.started_at is None)
    if clock.nearly_late_at is not None and clock.due_at is not None:
        assert clock.nearly_late_at <= clock.due_at
    if state in (ClockState.LATE, ClockState.MET_LATE):
        assert clock.late_by(now) is not None


def drive(pathway: Pathway, told: list[Told]) -> Transfer:
    """Take a step that is allowed, again and again, and look at the clocks after each."""
    transfer, where = begun(pathway)
    for which, minutes, ago in told:
        where = replace(where, now=where.now + minutes * MINUTE)
        when = where.now - ago * MINUTE
        steps = ORDERS[which] if which else (CANCEL,)
        taken = (decision for step in steps if (decision := _taken(step, transfer, where, when)))
        transfer = next((decision.after for decision in taken), transfer)
        holds(transfer, where)
    holds(transfer, replace(where, now=where.now + timedelta(days=400)))
    return transfer


def _taken(step: Step, transfer: Transfer, where: Situation, when: datetime) -> Decision | None:
    try:
        return step(transfer, where, when)
    except TransferError:
        return None


HISTORIES = st.lists(
    st.tuples(
        st.integers(0, len(ORDERS) - 1),
        st.sampled_from((0, 1, 7, 60, 600, 3000)),
        st.sampled_from((0, 0, 0, 1, 5, 30, 700)),
    ),
    min_size=5,
    max_size=30,
)


@settings(max_examples=50, deadline=None)
@given(pathway=st.sampled_from(Pathway), told=HISTORIES)
def test_h03_the_clocks_of_any_history_are_sane_and_a_task_in_the_tray_has_one(
    pathway: Pathway, told: list[Told]
) -> None:
    drive(pathway, told)


@pytest.mark.long
@settings(max_examples=1500, deadline=None)
@given(pathway=st.sampled_from(Pathway), told=HISTORIES)
def test_h03_the_clocks_of_very_many_histories_are_sane(pathway: Pathway, told: list[Told]) -> None:
    drive(pathway, told)
