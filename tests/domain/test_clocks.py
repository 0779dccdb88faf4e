"""How a clock stands at a time: due, nearly late, late, met, paused, agreed. Hazards 3 and 18."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from builders import TODAY
from domain.histories import (
    DRAFT,
    HOUR,
    SHORT_CALENDAR,
    at,
    clock_kind,
    clock_of,
    clocks_of,
    mark,
    pause,
    told,
)

from app.domain.breach import Severity
from app.domain.clocks import ClockState, team_of
from app.domain.condition import Condition
from app.domain.instants import end_of_day
from app.domain.milestone_kind import Side
from app.domain.rules.form import FactorNamed
from app.domain.rules.milestone import MeetingBooked

VISIT = clock_kind("meeting_decided:agreed", "handover_visited", "4 hours")
AGREED = mark("meeting_decided:agreed", at("10:00"))
S = ClockState


def test_a_clock_that_has_not_started_waits_and_is_due_at_no_time() -> None:
    clock = clock_of(VISIT)

    assert (clock.state(at("10:00")), clock.due_at, clock.nearly_late_at) == (S.WAITING, None, None)
    assert (clock.left(at("10:00")), clock.late_by(at("10:00"))) == (None, None)
    assert not clock.going
    assert replace(clock, due_at=at("09:00")).state(at("10:00")) is S.WAITING


@pytest.mark.parametrize(
    ("now", "state", "left", "late_by"),
    [
        (at("10:00"), S.RUNNING, 4 * HOUR, None),
        (at("13:00") - timedelta.resolution, S.RUNNING, HOUR + timedelta.resolution, None),
        (at("13:00"), S.NEARLY_LATE, HOUR, None),
        (at("14:00"), S.NEARLY_LATE, timedelta(), None),
        (at("14:00") + timedelta.resolution, S.LATE, None, timedelta.resolution),
        (at("15:30"), S.LATE, None, 1.5 * HOUR),
    ],
    ids=["begun", "three quarters all but", "three quarters", "due", "a moment later", "late"],
)
def test_a_clock_runs_is_nearly_late_in_its_last_quarter_and_late_once_its_time_is_over(
    now: datetime, state: ClockState, left: timedelta | None, late_by: timedelta | None
) -> None:
    clock = clock_of(VISIT, AGREED)

    assert (clock.state(now), clock.left(now), clock.late_by(now)) == (state, left, late_by)
    assert (clock.due_at, clock.nearly_late_at) == (at("14:00"), at("13:00"))


@pytest.mark.parametrize(
    ("visited", "state", "late_by"),
    [(at("14:00"), S.MET, None), (at("16:00"), S.MET_LATE, 2 * HOUR)],
    ids=["at the last moment", "two hours late"],
)
def test_a_clock_that_is_met_says_whether_late_and_by_how_much_for_ever(
    visited: datetime, state: ClockState, late_by: timedelta | None
) -> None:
    clock = clock_of(VISIT, AGREED, mark("handover_visited", visited))

    assert (clock.state(at("20:00")), clock.late_by(at("20:00"))) == (state, late_by)
    assert (clock.left(at("20:00")), clock.going) == (None, False)


def test_a_clock_that_was_stopped_is_neither_late_nor_running_whatever_the_time() -> None:
    clock = clock_of(VISIT, AGREED, mark("cancelled", at("15:00")))

    assert (clock.state(at("20:00")), clock.stopped_at) == (S.STOPPED, at("15:00"))
    assert (clock.left(at("11:00")), clock.late_by(at("20:00")), clock.going) == (None, None, False)


def test_what_is_recorded_days_later_meets_the_clock_as_of_when_it_happened() -> None:
    late = mark("handover_visited", at("13:59"), recorded_at=at("09:00", day=24))

    assert clock_of(VISIT, AGREED, late).state(at("09:00", day=24)) is S.MET


def test_a_clock_counts_for_its_routes_and_conditions_alone() -> None:
    elsewhere = replace(VISIT, condition=Condition(routes=("immediate_risk",)))
    when = replace(VISIT, condition=Condition(when=MeetingBooked()))
    unless = replace(VISIT, condition=Condition(unless=FactorNamed("known")))

    assert clocks_of(elsewhere, AGREED) == clocks_of(when, AGREED) == ()
    assert [clock.going for clock in clocks_of(unless, AGREED)] == [True]
    assert clocks_of(unless, AGREED, form=replace(DRAFT.form, factors=("known",))) == ()


# --- pauses


def test_a_pause_stops_the_time_and_keeps_what_is_left() -> None:
    clock = clock_of(VISIT, AGREED, pauses=(pause(at("11:00")),))

    assert (clock.state(at("20:00")), clock.left(at("20:00"))) == (S.PAUSED, 3 * HOUR)
    assert (clock.late_by(at("20:00")), clock.going) == (None, False)


def test_what_a_pause_took_is_given_back_and_the_last_quarter_is_still_an_hour() -> None:
    clock = clock_of(VISIT, AGREED, pauses=(pause(at("11:00"), at("19:00")),))

    assert (clock.due_at, clock.nearly_late_at) == (at("22:00"), at("21:00"))
    assert (clock.state(at("19:00")), clock.left(at("19:00"))) == (S.RUNNING, 3 * HOUR)


def test_two_pauses_are_both_given_back() -> None:
    pauses = (pause(at("11:00"), at("12:00")), pause(at("13:00"), at("15:00")))

    clock = clock_of(VISIT, AGREED, pauses=pauses)

    assert (clock.due_at, clock.given_back) == (at("17:00"), 3 * HOUR)


def test_a_pause_after_the_time_was_over_leaves_the_clock_as_late_as_it_was() -> None:
    paused = clock_of(VISIT, AGREED, pauses=(pause(at("15:00")),))
    resumed = clock_of(VISIT, AGREED, pauses=(pause(at("15:00"), at("18:00")),))

    assert (paused.state(at("18:00")), paused.late_by(at("18:00"))) == (S.PAUSED, HOUR)
    assert paused.left(at("18:00")) is None
    assert (resumed.state(at("18:00")), resumed.late_by(at("18:00"))) == (S.LATE, HOUR)


def test_what_is_done_while_the_clock_is_paused_is_as_timely_as_when_the_pause_began() -> None:
    done = mark("handover_visited", at("19:00"))

    clock = clock_of(VISIT, AGREED, done, pauses=(pause(at("11:00")),))

    assert (clock.state(at("20:00")), clock.paused_at) == (S.MET, None)
    assert (clock.left(at("20:00")), clock.late_by(at("20:00"))) == (None, None)


def test_a_pause_from_after_the_clock_had_ended_gives_nothing_back() -> None:
    done = mark("handover_visited", at("15:00"), recorded_at=at("19:00"))

    clock = clock_of(VISIT, AGREED, done, pauses=(pause(at("16:00"), at("18:00")),))

    assert (clock.state(at("20:00")), clock.late_by(at("20:00"))) == (S.MET_LATE, HOUR)


def test_a_pause_of_an_earlier_run_gives_the_next_one_nothing() -> None:
    deferred = mark("meeting_decided:deferred", at("12:00"))
    again = mark("meeting_decided:agreed", at("14:00"))

    clock = clock_of(VISIT, AGREED, deferred, again, pauses=(pause(at("11:00")),))

    assert (clock.state(at("15:00")), clock.due_at) == (S.RUNNING, at("18:00"))


def test_a_pause_of_another_clock_is_none_of_this_one_s() -> None:
    other = replace(pause(at("11:00")), clock="X-2")

    assert clock_of(VISIT, AGREED, pauses=(other,)).state(at("11:30")) is S.RUNNING


def test_working_days_are_given_back_over_a_weekend_and_no_weekend_day_is() -> None:
    kind = clock_kind("meeting_decided:agreed", "handover_visited", "5 working days")
    over_the_weekend = pause(at("16:00", day=20), at("09:00", day=23))

    unpaused, paused = clock_of(kind, AGREED), clock_of(kind, AGREED, pauses=(over_the_weekend,))

    assert unpaused.due_at == end_of_day(TODAY + timedelta(days=7))
    assert paused.due_at == end_of_day(TODAY + timedelta(days=10))


def test_an_hour_s_pause_within_one_day_gives_no_working_day_back() -> None:
    kind = clock_kind("meeting_decided:agreed", "handover_visited", "1 working day")

    clock = clock_of(kind, AGREED, pauses=(pause(at("11:00"), at("12:00")),))

    assert clock.due_at == end_of_day(TODAY + timedelta(days=3))


def test_hours_elapse_in_a_night_in_which_the_clocks_go_back_paused_or_not() -> None:
    kind = clock_kind("meeting_decided:agreed", "handover_visited", "24 hours")
    agreed = mark("meeting_decided:agreed", at("12:00", day=24, month=10))
    night = pause(at("23:00", day=24, month=10), at("06:00", day=25, month=10))

    unpaused, paused = clock_of(kind, agreed), clock_of(kind, agreed, pauses=(night,))

    assert unpaused.due_at == at("11:00", day=25, month=10)
    assert paused.due_at == at("19:00", day=25, month=10)


# --- agreed times

OR_AGREED = replace(VISIT, or_agreed="timescale_agreed")
FAR = at("12:00", day=23)


@pytest.mark.parametrize(
    ("team", "due"), [("ff-bishop", FAR), ("ff-chester", at("14:00")), (None, at("14:00"))]
)
def test_a_time_that_was_agreed_is_due_instead_where_it_was_agreed_with_the_recipient(
    team: str | None, due: datetime
) -> None:
    time = mark("timescale_agreed", at("11:00"), team=team, until=FAR)

    assert clock_of(OR_AGREED, AGREED, time).due_at == due


def test_the_team_that_has_the_task_is_who_must_have_agreed() -> None:
    time = mark("timescale_agreed", at("11:00"), team="ff-bishop", until=FAR)

    moved = clock_of(OR_AGREED, AGREED, time, sent_to="ff-chester")

    assert moved.due_at == at("14:00")


@pytest.mark.parametrize("when", ["10:00", "12:00"], ids=["as it began", "as it was met"])
def test_a_time_that_is_agreed_in_the_moment_a_run_begins_or_ends_is_of_the_run(when: str) -> None:
    time = mark("timescale_agreed", at(when), team="ff-bishop", until=FAR)
    visited = mark("handover_visited", at("12:00"))

    assert clock_of(OR_AGREED, AGREED, time, visited).due_at == FAR


def test_the_time_that_was_agreed_last_is_due() -> None:
    first = mark("timescale_agreed", at("11:00"), team="ff-bishop", until=FAR)
    second = mark("timescale_agreed", at("12:00"), team="ff-bishop", until=at("13:00"))

    assert clock_of(OR_AGREED, AGREED, first, second).due_at == at("13:00")


def test_a_time_from_before_the_decision_or_after_the_end_excuses_nothing() -> None:
    before = mark("timescale_agreed", at("09:00"), team="ff-bishop", until=FAR)
    done = mark("handover_visited", at("16:00"))
    after = mark("timescale_agreed", at("17:00"), team="ff-bishop", until=FAR)

    assert clock_of(OR_AGREED, before, AGREED).due_at == at("14:00")
    assert clock_of(OR_AGREED, AGREED, done, after).state(FAR) is S.MET_LATE


def test_a_clock_without_agreement_in_its_clause_takes_no_agreed_time() -> None:
    time = mark("timescale_agreed", at("11:00"), team="ff-bishop", until=FAR)

    assert clock_of(VISIT, AGREED, time).due_at == at("14:00")


# --- where the calendar ends


def test_h18_a_day_that_the_calendar_does_not_know_makes_the_due_time_unknown_not_wrong() -> None:
    kind = clock_kind("meeting_decided:agreed", "handover_visited", "40 working days")

    clock = clock_of(kind, AGREED, knows=SHORT_CALENDAR)

    assert (clock.state(at("12:00")), clock.due_at) == (S.UNKNOWN, None)
    assert (clock.left(at("12:00")), clock.late_by(at("12:00"))) == (None, None)
    assert clock.nearly_late_at is None


def test_h18_a_clock_that_is_unknown_can_be_met_and_stopped_and_paused() -> None:
    kind = clock_kind("meeting_decided:agreed", "handover_visited", "40 working days")
    visited, cancelled = mark("handover_visited", at("15:00")), mark("cancelled", at("16:00"))

    met = clock_of(kind, AGREED, visited, knows=SHORT_CALENDAR)
    stopped = clock_of(kind, AGREED, cancelled, knows=SHORT_CALENDAR)
    paused = clock_of(kind, AGREED, pauses=(pause(at("11:00")),), knows=SHORT_CALENDAR)

    assert (met.state(at("20:00")), stopped.state(at("20:00"))) == (S.MET, S.STOPPED)
    assert paused.paused_at == at("11:00")


def test_h18_an_agreed_time_needs_no_calendar() -> None:
    kind = clock_kind("meeting_decided:agreed", "x", "40 working days", or_agreed="agreed")
    time = mark("agreed", at("11:00"), team="ff-bishop", until=FAR)

    assert clock_of(kind, AGREED, time, knows=SHORT_CALENDAR).due_at == FAR


# --- whose clock it is


def test_the_receiving_team_s_clock_is_the_origin_s_until_something_is_sent() -> None:
    unsent, sent = told(), told(sent_to="ff-chester")

    assert (team_of(Side.RECEIVING, unsent), team_of(Side.ORIGIN, unsent)) == ("op-bishop",) * 2
    assert team_of(Side.RECEIVING, sent) == "ff-chester"
    assert team_of(Side.ORIGIN, sent) == "op-bishop"


def test_a_clock_of_where_possible_counts_the_same() -> None:
    should = replace(VISIT, severity=Severity.SHOULD)

    assert clock_of(should, AGREED).state(at("15:00")) is S.LATE
