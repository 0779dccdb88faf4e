"""When a clock starts and what ends it, in whatever order things are told. Hazards 3 and 9."""

import pytest
from domain.histories import at, clock_kind, mark, run_of

from app.domain.clock_runs import Run
from app.domain.milestone_names import VOIDED

PICK_UP = clock_kind("dispatched released", "picked_up")
ESCALATION = clock_kind("meeting_decided:not_agreed declined", "disagreement_escalated")
VISIT = clock_kind("meeting_decided:agreed", "handover_visited")
SENT = mark("dispatched", at("10:00"))


def test_a_clock_waits_for_its_milestone() -> None:
    assert run_of(PICK_UP, mark("opened", at("09:00")), mark("finalised", at("10:00"))) is None


def test_it_runs_from_when_its_milestone_happened_until_the_other_one_does() -> None:
    taken = mark("picked_up", at("10:30"))

    assert run_of(PICK_UP, SENT) == Run(at("10:00"))
    assert run_of(PICK_UP, SENT, taken) == Run(at("10:00"), met_at=at("10:30"))


def test_a_redirected_task_keeps_its_clock() -> None:
    moved = (mark("redirected", at("11:00")), mark("dispatched", at("11:00")))

    assert run_of(PICK_UP, SENT, *moved) == Run(at("10:00"))


def test_a_new_start_begins_a_clock_anew_only_where_it_restarts() -> None:
    first, second = (mark("meeting_decided:agreed", at(x)) for x in ("10:00", "12:00"))
    restarting = clock_kind("meeting_decided", "handover_visited", restarts=True)
    visited = mark("handover_visited", at("13:00"))

    assert run_of(VISIT, first, second) == Run(at("10:00"))
    assert run_of(restarting, first, second) == Run(at("12:00"))
    assert run_of(restarting, first, second, visited) == Run(at("12:00"), met_at=at("13:00"))


@pytest.mark.parametrize("taken_back", ["declined", "returned"])
def test_a_task_that_is_taken_back_stops_its_clock_and_the_next_dispatch_starts_it_anew(
    taken_back: str,
) -> None:
    back, again = mark(taken_back, at("11:00")), mark("dispatched", at("15:00"))

    assert run_of(PICK_UP, SENT, back) == Run(at("10:00"), stopped_at=at("11:00"))
    assert run_of(PICK_UP, SENT, back, again) == Run(at("15:00"))


def test_a_task_that_is_taken_back_leaves_the_other_clocks_alone() -> None:
    agreed = mark("meeting_decided:agreed", at("09:00"))

    assert run_of(VISIT, agreed, SENT, mark("declined", at("11:00"))) == Run(at("09:00"))


def test_a_decline_that_starts_a_clock_does_not_stop_it() -> None:
    declined = mark("declined", at("11:00"))

    assert run_of(ESCALATION, SENT, declined) == Run(at("11:00"))
    assert run_of(ESCALATION, SENT, declined, mark("returned", at("12:00"))) == Run(at("11:00"))


def test_h03_a_task_that_is_put_back_waits_anew() -> None:
    taken, put_back = mark("picked_up", at("10:20")), mark("released", at("10:40"))

    assert run_of(PICK_UP, SENT, taken, put_back) == Run(at("10:40"))


def test_h03_a_task_that_is_put_back_in_the_minute_of_its_pick_up_waits_all_the_same() -> None:
    taken, put_back = mark("picked_up", at("10:20")), mark("released", at("10:20"))

    assert run_of(PICK_UP, SENT, taken, put_back) == Run(at("10:20"))


def test_h03_a_pick_up_that_is_told_after_its_release_does_not_meet_the_clock() -> None:
    put_back, taken_before = mark("released", at("10:40")), mark("picked_up", at("10:20"))

    assert run_of(PICK_UP, SENT, put_back, taken_before) == Run(at("10:40"))


def test_h03_a_second_pick_up_before_the_release_does_not_meet_the_clock_either() -> None:
    history = (
        mark("picked_up", at("10:20")),
        mark("released", at("10:40")),
        mark("picked_up", at("10:30")),
    )

    assert run_of(PICK_UP, SENT, *history) == Run(at("10:40"))


def test_h03_a_tray_that_reports_both_of_one_instant_has_the_task_put_back_last() -> None:
    put_back, taken = mark("released", at("10:20")), mark("picked_up", at("10:20"), by="system:lcs")
    implied = mark("picked_up", at("10:20"), by="system:lcs", inferred=True)

    assert run_of(PICK_UP, SENT, put_back, taken) == Run(at("10:20"))
    assert run_of(PICK_UP, SENT, put_back, implied) == Run(at("10:00"), met_at=at("10:20"))


def test_a_release_from_before_the_pick_up_starts_nothing_on_a_slow_tray_either() -> None:
    taken, put_back = mark("picked_up", at("09:59")), mark("released", at("09:58"))

    assert run_of(PICK_UP, SENT, taken, put_back) == Run(at("10:00"), met_at=at("10:00"))


def test_a_release_after_the_decline_that_is_told_before_it_starts_nothing() -> None:
    put_back, declined = mark("released", at("11:00")), mark("declined", at("10:55"))

    assert run_of(PICK_UP, SENT, put_back, declined) == Run(at("10:00"), stopped_at=at("10:55"))


def test_a_release_that_is_told_late_starts_nothing_once_the_work_has_started() -> None:
    history = (
        mark("picked_up", at("10:20")),
        mark("started", at("11:00")),
        mark("released", at("10:40")),
    )

    assert run_of(PICK_UP, SENT, *history) == Run(at("10:00"), met_at=at("10:20"))


@pytest.mark.parametrize("report", ["received_in_tray", "picked_up"])
def test_a_report_that_comes_after_a_decline_starts_nothing(report: str) -> None:
    kind = clock_kind(report, "started")
    declined, late = mark("declined", at("11:00")), mark(report, at("10:01"))

    assert run_of(kind, SENT, declined, late) is None


def test_a_pick_up_that_a_later_report_implied_is_met_when_it_really_was() -> None:
    implied, told = mark("picked_up", at("11:00"), inferred=True), mark("picked_up", at("10:15"))

    assert run_of(PICK_UP, SENT, implied, told) == Run(at("10:00"), met_at=at("10:15"))


def test_what_a_tray_with_a_slow_clock_reports_happened_no_sooner_than_the_dispatch() -> None:
    taken, declined = mark("picked_up", at("09:58")), mark("declined", at("09:59"))

    assert run_of(PICK_UP, SENT, taken) == Run(at("10:00"), met_at=at("10:00"))
    assert run_of(PICK_UP, SENT, declined) == Run(at("10:00"), stopped_at=at("10:00"))


def test_the_pick_up_of_a_task_that_was_declined_does_not_meet_the_next_one_s_clock() -> None:
    history = (
        mark("picked_up", at("10:10")),
        mark("declined", at("10:10")),
        mark("redirected", at("10:10")),
        mark("dispatched", at("10:10")),
    )

    assert run_of(PICK_UP, SENT, *history) == Run(at("10:10"))


def test_a_pick_up_that_is_told_once_the_work_has_started_begins_its_clock_when_it_was() -> None:
    kind = clock_kind("picked_up", "allocated")
    history = (
        mark("picked_up", at("11:00"), inferred=True),
        mark("started", at("11:00")),
        mark("picked_up", at("10:15")),
    )

    assert run_of(kind, SENT, *history) == Run(at("10:15"))


def test_a_form_that_is_returned_before_it_was_ever_sent_begins_a_clock() -> None:
    kind = clock_kind("returned", "finalised")
    returned = mark("returned", at("09:00"))

    assert run_of(kind, returned) == Run(at("09:00"))


def test_what_is_recorded_late_counts_from_when_it_happened() -> None:
    agreed = mark("meeting_decided:agreed", at("10:00"))
    late = mark("handover_visited", at("12:00"), recorded_at=at("17:00"))

    assert run_of(VISIT, agreed, late) == Run(at("10:00"), met_at=at("12:00"))


def test_what_happened_before_the_start_and_is_recorded_after_it_meets_the_clock() -> None:
    agreed = mark("meeting_decided:agreed", at("10:00"))
    early = mark("handover_visited", at("09:00"), recorded_at=at("11:00"))

    assert run_of(VISIT, agreed, early) == Run(at("10:00"), met_at=at("10:00"))


def test_what_happened_before_the_dispatch_and_is_recorded_after_it_meets_its_clock_too() -> None:
    kind = clock_kind("dispatched", "handover_visited")
    early = mark("handover_visited", at("09:00"), recorded_at=at("11:00"))

    assert run_of(kind, SENT, early) == Run(at("10:00"), met_at=at("10:00"))


@pytest.mark.parametrize("visited", ["10:00", "12:00"], ids=["as it began", "after it"])
def test_what_was_recorded_before_the_start_meets_the_clock_unless_it_happened_before_it(
    visited: str,
) -> None:
    late = mark("meeting_decided:agreed", at("10:00"), recorded_at=at("13:00"))

    run = run_of(VISIT, mark("handover_visited", at(visited)), late)

    assert run == Run(at("10:00"), met_at=at(visited))


def test_what_was_done_and_recorded_before_the_start_is_not_done_for_it() -> None:
    earlier = mark("disagreement_escalated", at("09:00"))

    assert run_of(ESCALATION, earlier, mark("declined", at("10:00"))) == Run(at("10:00"))


def test_a_clock_that_a_decision_starts_is_stopped_by_another_decision() -> None:
    agreed = mark("meeting_decided:agreed", at("10:00"))
    deferred = mark("meeting_decided:deferred", at("12:00"))
    again = mark("meeting_decided:agreed", at("14:00"))

    assert run_of(VISIT, agreed, deferred) == Run(at("10:00"), stopped_at=at("12:00"))
    assert run_of(VISIT, agreed, deferred, again) == Run(at("14:00"))


def test_a_clock_that_any_decision_starts_goes_on_whatever_is_decided_next() -> None:
    minutes = clock_kind("meeting_decided", "minutes_uploaded")
    agreed = mark("meeting_decided:agreed", at("10:00"))
    deferred = mark("meeting_decided:deferred", at("12:00"))

    assert run_of(minutes, agreed, deferred) == Run(at("10:00"))


def test_a_decision_that_is_corrected_in_the_same_minute_starts_its_own_clock_alone() -> None:
    wrong = mark("meeting_decided:not_agreed", at("10:00"))
    right = mark("meeting_decided:agreed", at("10:00"))

    assert run_of(ESCALATION, wrong, right) == Run(at("10:00"), stopped_at=at("10:00"))
    assert run_of(VISIT, wrong, right) == Run(at("10:00"))


def test_a_cancelled_transfer_stops_every_clock_that_runs() -> None:
    agreed, cancelled = mark("meeting_decided:agreed", at("10:00")), mark("cancelled", at("16:00"))

    assert run_of(PICK_UP, SENT, cancelled) == Run(at("10:00"), stopped_at=at("16:00"))
    assert run_of(VISIT, agreed, cancelled) == Run(at("10:00"), stopped_at=at("16:00"))


def test_a_cancellation_does_not_stop_the_clock_that_it_starts() -> None:
    kind = clock_kind("cancelled", "family_told")

    assert run_of(kind, SENT, mark("cancelled", at("16:00"))) == Run(at("16:00"))


def test_a_clock_that_was_met_stays_met_when_the_transfer_is_cancelled() -> None:
    taken, cancelled = mark("picked_up", at("10:30")), mark("cancelled", at("16:00"))

    assert run_of(PICK_UP, SENT, taken, cancelled) == Run(at("10:00"), met_at=at("10:30"))


def test_what_an_edit_made_untrue_has_not_met_the_clock() -> None:
    kind = clock_kind("opened", "form_quality_assured")
    opened, checked = mark("opened", at("09:00")), mark("form_quality_assured", at("10:00"))
    void = mark(f"form_quality_assured:{VOIDED}", at("11:00"))
    again = mark("form_quality_assured", at("12:00"))

    assert run_of(kind, opened, checked, void) == Run(at("09:00"))
    assert run_of(kind, opened, checked, void, again) == Run(at("09:00"), met_at=at("12:00"))


def test_any_of_several_milestones_meets_a_clock_and_the_first_one_counts() -> None:
    kind = clock_kind("declined", "redirected returned")
    declined = mark("declined", at("10:00"))

    sent_on = run_of(kind, SENT, declined, mark("redirected", at("11:00")))
    given_back = run_of(kind, SENT, declined, mark("returned", at("12:00")))

    assert sent_on == Run(at("10:00"), met_at=at("11:00"))
    assert given_back == Run(at("10:00"), met_at=at("12:00"))


def test_one_milestone_may_both_end_a_run_and_begin_the_next() -> None:
    reviews = clock_kind("allocated reviewed", "reviewed")
    first, second = mark("reviewed", at("12:00")), mark("reviewed", at("15:00"))

    assert run_of(reviews, mark("allocated", at("10:00")), first) == Run(at("12:00"))
    assert run_of(reviews, mark("allocated", at("10:00")), first, second) == Run(at("15:00"))


def test_a_milestone_does_not_end_the_run_that_it_begins_itself() -> None:
    reviews = clock_kind("reviewed", "reviewed")
    dispatches = clock_kind("dispatched", "dispatched")

    assert run_of(reviews, mark("reviewed", at("12:00"))) == Run(at("12:00"))
    assert run_of(dispatches, SENT) == Run(at("10:00"))


def test_what_ended_a_run_does_not_end_the_next_one_though_it_is_recorded_in_it() -> None:
    first, second = (mark("meeting_decided:agreed", at(x)) for x in ("10:00", "14:00"))
    visited = mark("handover_visited", at("12:00"), recorded_at=at("15:00"))

    assert run_of(VISIT, first, second, visited) == Run(at("14:00"))
