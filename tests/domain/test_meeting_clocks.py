"""Clocks that are measured before the meeting, and the meetings that they are measured before."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from builders import NOW, actor, durham, situation, transfer_at
from domain.histories import at, before_meeting, clock_of, mark, pause

from app.domain import commands as c
from app.domain.clocks import Clock, ClockState
from app.domain.decide import decide
from app.domain.decision import Situation
from app.domain.errors import RulesBroken
from app.domain.form import AttachedForm
from app.domain.instants import end_of_day
from app.domain.meeting_series import MeetingSeries, OnBankHoliday
from app.domain.milestone_names import VOIDED
from app.domain.pathway import Pathway, Stage
from app.domain.protocol import Gate
from app.domain.transfer import BookedMeeting, Milestone, Transfer

AGENDA = before_meeting("agenda_circulated", "24 hours before")
FIRST, SECOND = at("10:00", day=25), at("10:00", day=27)
DUE = at("10:00", day=24)


def booked(on: datetime, meeting: datetime) -> Milestone:
    """A submission to the meeting that starts then."""
    return mark("submitted_to_meeting", on, until=meeting)


def before(meeting: datetime, *marks: Milestone) -> Clock:
    """The agenda's clock of a transfer that is submitted to that meeting."""
    return clock_of(AGENDA, *marks, meeting=BookedMeeting("weekly", meeting))


def test_without_a_meeting_the_clock_waits() -> None:
    assert clock_of(AGENDA).state(at("10:00")) is ClockState.WAITING


def test_it_runs_from_the_submission_and_is_due_before_the_meeting() -> None:
    clock = before(FIRST, booked(at("10:00"), FIRST))

    assert (clock.started_at, clock.due_at) == (at("10:00"), DUE)
    assert clock.nearly_late_at == at("10:00", day=23)
    assert clock.state(DUE) is ClockState.NEARLY_LATE
    assert clock.late_by(FIRST) == timedelta(days=1)


def test_a_submission_in_the_last_day_is_late_at_once() -> None:
    clock = before(FIRST, booked(at("16:00", day=24), FIRST))

    assert clock.state(at("16:00", day=24)) is ClockState.LATE


def test_due_moves_with_the_meeting_and_what_was_done_counts_on() -> None:
    done = mark("agenda_circulated", at("12:00", day=24))
    bookings = booked(at("10:00"), FIRST), booked(at("11:00"), SECOND)

    moved = before(SECOND, *bookings, done)

    assert (moved.started_at, moved.due_at) == (at("10:00"), at("10:00", day=26))
    assert moved.state(SECOND) is ClockState.MET


@pytest.mark.parametrize(
    "done", [at("09:00", day=24), FIRST], ids=["the day before", "as it began"]
)
@pytest.mark.parametrize("again", [FIRST, at("12:00", day=25)], ids=["as it began", "after it"])
def test_what_was_done_for_a_meeting_that_was_held_is_not_done_for_the_next(
    done: datetime, again: datetime
) -> None:
    history = (
        booked(at("10:00"), FIRST),
        mark("agenda_circulated", done),
        booked(again, SECOND),
    )

    clock = before(SECOND, *history)

    assert clock.state(again) is ClockState.RUNNING
    assert (clock.started_at, clock.met_at) == (again, None)


def test_submitted_again_as_a_meeting_begins_it_runs_from_then_though_it_is_moved() -> None:
    third = at("10:00", day=30)
    history = (booked(at("10:00"), FIRST), booked(FIRST, SECOND))

    moved = before(third, *history, booked(at("12:00", day=26), third))

    assert moved.started_at == FIRST


def test_a_meeting_that_was_moved_before_it_began_was_not_held() -> None:
    done = mark("agenda_circulated", at("09:00", day=24))
    third = at("10:00", day=30)
    bookings = (booked(at("10:00"), FIRST), booked(at("11:00"), SECOND))

    moved_again = before(third, *bookings, done, booked(at("12:00", day=26), third))

    assert moved_again.state(third) is ClockState.MET


def test_what_was_done_before_the_submission_meets_the_clock_when_it_was_done() -> None:
    early = mark("agenda_circulated", at("09:00"))

    clock = before(FIRST, early, booked(at("16:00", day=24), FIRST))

    assert clock.state(FIRST) is ClockState.MET
    assert (clock.started_at, clock.met_at) == (at("09:00"), at("09:00"))


def test_what_is_done_after_it_was_due_is_late_by_that_much() -> None:
    late = mark("agenda_circulated", at("13:00", day=24))

    clock = before(FIRST, booked(at("10:00"), FIRST), late)

    assert (clock.state(FIRST), clock.late_by(FIRST)) == (
        ClockState.MET_LATE,
        timedelta(hours=3),
    )


def test_a_cancelled_transfer_stops_it() -> None:
    clock = before(FIRST, booked(at("10:00"), FIRST), mark("cancelled", at("12:00")))

    assert clock.state(FIRST) is ClockState.STOPPED


def test_a_pause_is_none_of_it() -> None:
    paused = clock_of(
        AGENDA,
        booked(at("10:00"), FIRST),
        meeting=BookedMeeting("weekly", FIRST),
        pauses=(pause(at("11:00"), at("15:00")),),
    )

    assert paused.due_at == DUE


def test_a_wall_clock_before_the_meeting_is_london_s() -> None:
    kind = before_meeting("papers_sent", "16:00 on the Wednesday of the week before")
    meeting = at("14:00", day=28, month=10)

    clock = clock_of(
        kind,
        booked(at("10:00", day=1, month=10), meeting),
        meeting=BookedMeeting("weekly", meeting),
    )

    assert clock.due_at == at("16:00", day=21, month=10)


# --- submitting to a meeting

WORKER = actor("op.worker")
WEDNESDAY = at("14:00", day=2, month=12)
SERIES = MeetingSeries(
    "weekly",
    "Meeting",
    "DL 1",
    weeks=2,
    weekday=2,
    at=time(14),
    begins=date(2026, 11, 4),
    on_bank_holiday=OnBankHoliday.NEXT_WORKING_DAY,
)


def fortnightly() -> Situation:
    """Durham's situation, were its meeting every other Wednesday at two."""
    return situation(protocol=replace(durham(), meetings={"weekly": SERIES}))


def ready(route: str = "meeting") -> Transfer:
    """A draft that the rules of the meeting let through."""
    draft = transfer_at(Stage.DRAFT, route=route)
    evidence = AttachedForm("evidence_tool", "EVT-1")
    found = replace(draft, form=replace(draft.form, forms=(*draft.form.forms, evidence)))
    for name in ("discussed_with_manager", "manager_agreed"):
        found = found.with_milestone(mark(name, NOW))
    return found


def refused(transfer: Transfer, series: str, starts_at: datetime) -> list[tuple[str, str, str]]:
    """Every breach of the submission: its code, source and what was found."""
    with pytest.raises(RulesBroken) as refusal:
        decide(transfer, c.SubmitToMeeting(series, starts_at), WORKER, fortnightly())
    return [(breach.code, breach.source, breach.found) for breach in refusal.value.breaches]


def test_a_draft_is_submitted_and_stays_a_draft() -> None:
    draft = ready()

    decision = decide(draft, c.SubmitToMeeting("weekly", WEDNESDAY), WORKER, fortnightly())

    after = decision.after
    assert (after.stage, after.version) == (Stage.DRAFT, draft.version + 1)
    assert after.meeting == BookedMeeting("weekly", WEDNESDAY)
    assert after.milestones[-1] == Milestone(
        "submitted_to_meeting", NOW, "op.worker", NOW, until=WEDNESDAY
    )
    assert [event.action for event in decision.events] == ["submit_to_meeting"]
    assert decision.messages == ()


def test_it_may_be_submitted_to_another_meeting_instead() -> None:
    where = fortnightly()
    first = decide(ready(), c.SubmitToMeeting("weekly", WEDNESDAY), WORKER, where).after
    later = at("14:00", day=16, month=12)

    moved = decide(first, c.SubmitToMeeting("weekly", later), WORKER, where).after

    assert moved.meeting == BookedMeeting("weekly", later)
    dues = {clock.kind.code: clock.due_at for clock in where.clocks(moved)}
    assert dues["DF-8-agenda"] == later - timedelta(hours=24)


@pytest.mark.parametrize(
    ("starts_at", "found"),
    [
        (at("14:00", day=3, month=12), "a Thursday"),
        (at("13:59", day=2, month=12), "at 13:59"),
        (at("14:00", day=9, month=12), "a week without a meeting"),
        (at("14:00", day=18, month=11), "a time that is past"),
    ],
    ids=["weekday", "time", "fortnight", "past"],
)
def test_a_meeting_that_the_series_does_not_hold_is_refused(
    starts_at: datetime, found: str
) -> None:
    assert refused(ready(), "weekly", starts_at) == [("meeting-time", "DL 1", found)]


def test_a_meeting_that_begins_this_very_moment_has_begun() -> None:
    where = replace(fortnightly(), now=WEDNESDAY)

    with pytest.raises(RulesBroken, match=r"^meeting-time$"):
        decide(ready(), c.SubmitToMeeting("weekly", WEDNESDAY), WORKER, where)


def test_a_series_that_the_route_does_not_go_to_is_refused() -> None:
    urgent = ready(route="immediate_risk")

    assert refused(ready(), "monthly", WEDNESDAY) == [
        ("meeting-series", "DL 1, 2", "no such series")
    ]
    assert refused(urgent, "weekly", WEDNESDAY) == [("meeting-series", "DL 1", "no such series")]


def test_a_series_without_a_weekday_and_a_time_meets_whenever_it_is_said_to() -> None:
    starts_at = NOW + timedelta(minutes=1)

    after = decide(ready(), c.SubmitToMeeting("weekly", starts_at), WORKER, situation()).after

    assert after.meeting == BookedMeeting("weekly", starts_at)


def test_the_rules_of_its_gate_are_asked_all_at_once_and_of_a_case_that_is_submitted() -> None:
    draft = transfer_at(Stage.DRAFT)

    assert refused(draft, "weekly", WEDNESDAY) == [
        ("DF-1-discussed", "DF 1", "not recorded"),
        ("DF-2-agreed", "DF 2", "not recorded"),
        ("DF-5-evidence", "DF 5", "nothing"),
    ]


def test_once_it_is_submitted_the_meeting_must_agree_before_it_is_finalised() -> None:
    where = situation()
    submitted = decide(ready(), c.SubmitToMeeting("weekly", WEDNESDAY), WORKER, where).after

    with pytest.raises(RulesBroken) as refusal:
        decide(submitted, c.Finalise(), WORKER, where)

    musts = [b.code for b in refusal.value.breaches if b.severity == "must"]
    assert musts == ["DF-7-quality", "DF-9-decision"]


def test_a_series_says_when_it_meets() -> None:
    weekly = durham().meetings["weekly"]

    assert SERIES.when() == "every 2 weeks on Wednesday at 14:00"
    assert weekly.when() == "weekly"


def test_a_pathway_without_meetings_has_no_meeting_to_be_submitted_to() -> None:
    routes = durham().pathways[Pathway.STEP_UP].routes

    assert routes["immediate_risk"].meetings == ()


def test_what_a_booking_lacks_and_what_its_gate_asks_come_together() -> None:
    bare = transfer_at(Stage.DRAFT)

    with pytest.raises(RulesBroken) as refusal:
        decide(bare, c.SubmitToMeeting("no-such", WEDNESDAY), WORKER, situation())

    codes = [breach.code for breach in refusal.value.breaches]
    gate = situation().rules(bare).breaches((Gate.SUBMIT_TO_MEETING,), situation().facts(bare))
    assert codes == ["meeting-series", *(breach.code for breach in gate)]
    assert len(codes) > 2


@pytest.mark.parametrize("end", ["completed", "cancelled"])
def test_what_nobody_did_before_the_meeting_is_late_until_the_transfer_ends(end: str) -> None:
    ended_at = FIRST + timedelta(days=3)

    late = before(FIRST, booked(at("10:00"), FIRST))
    over = before(FIRST, booked(at("10:00"), FIRST), mark(end, ended_at))

    assert late.state(ended_at) is ClockState.LATE
    assert (over.state(ended_at), over.stopped_at) == (ClockState.STOPPED, ended_at)


def test_working_days_before_a_meeting_leave_out_the_weekend() -> None:
    # 23 November is a Monday.
    meeting = at("10:00", day=23)
    kind = before_meeting("agenda_circulated", "2 working days before")

    clock = clock_of(kind, booked(at("10:00", day=2), meeting), meeting=BookedMeeting("w", meeting))

    assert clock.due_at == end_of_day(at("10:00", day=19).date())


@pytest.mark.parametrize(
    ("edited", "state"),
    [
        (FIRST - timedelta.resolution, ClockState.LATE),
        (FIRST, ClockState.MET),
        (at("11:00", day=25), ClockState.MET),
    ],
    ids=["before it began", "as it began", "after it began"],
)
def test_what_an_edit_takes_away_once_the_meeting_has_begun_was_done_for_it(
    edited: datetime, state: ClockState
) -> None:
    done = mark("agenda_circulated", at("09:00", day=24))
    untrue = mark(f"agenda_circulated:{VOIDED}", edited)

    clock = before(FIRST, booked(at("10:00"), FIRST), done, untrue)

    assert clock.state(at("12:00", day=25)) is state
