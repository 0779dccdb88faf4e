"""Durham: sent and taken within a day, handed over within a week, signed off (DF 14 to 20)."""

from datetime import datetime, timedelta

import pytest
from procedures.case import on_one_store
from procedures.durham_forms import (
    DECIDED,
    SENT,
    STEP_DOWN,
    STEP_UP,
    DurhamCase,
    Sides,
    december,
    either_way,
    end_of,
)
from service import Api

pytestmark = [on_one_store, pytest.mark.long]

A_DAY_ON = december(3, 10, 30)
AGREED = december(7, 12)
A_MINUTE = timedelta(minutes=1)
NEARLY_AND_LATE = ("clock_nearly_late", "clock_late")
HANDOVER = pytest.mark.parametrize(
    ("code", "name", "due"),
    [
        ("DF-16-arranged", "handover_visit_arranged", december(4, 10, 30)),
        ("DF-17-visited", "handover_visited", end_of(december(9, 0))),
    ],
    ids=["DF-16", "DF-17"],
)
BACK = {"reason": "family_back", "comment": "Sooner than planned."}


@either_way
async def test_df_14_15_a_case_is_sent_and_taken_within_24_hours_of_the_decision(
    api: Api, sides: Sides
) -> None:
    case = await DurhamCase.decided(api, sides)
    sent, taken = await case.due("DF-14-sent"), await case.due("DF-14-taken")

    case.at(A_DAY_ON)
    await case.send()
    await case.take()

    assert sent == taken == A_DAY_ON
    assert await case.state("DF-14-sent") == await case.state("DF-14-taken") == "met"
    assert case.view["children"][0]["record"]["created_at"].startswith("2026-12-03T10:30")


@either_way
async def test_df_14_a_case_that_is_not_sent_in_time_is_late_with_the_origin(
    api: Api, sides: Sides
) -> None:
    case = await DurhamCase.decided(api, sides)

    alerted = await case.alerted("DF-14-sent", A_DAY_ON, A_DAY_ON + A_MINUTE)
    case.at(december(3, 12))
    await case.send()

    assert alerted == [("clock_nearly_late", sides.origin), ("clock_late", sides.origin)]
    assert await case.state("DF-14-sent") == "met_late"
    assert await case.late_by("DF-14-sent") == timedelta(minutes=90)


async def test_df_14_a_form_that_waits_for_its_authorisation_is_not_sent(api: Api) -> None:
    case = await DurhamCase.decided(api, STEP_DOWN)
    await case.act("ff.socialworker", "finalise")

    waiting = await case.state_at("DF-14-sent", A_DAY_ON + A_MINUTE)
    await case.act("ff.manager", "authorise")

    assert waiting == ["late"]
    assert await case.late_by("DF-14-sent") == A_MINUTE


@either_way
async def test_df_14_15_a_case_that_is_not_plain_to_see_in_time_is_late_with_who_was_sent_it(
    api: Api, sides: Sides
) -> None:
    case = await DurhamCase.sent(api, sides)
    whose = (await case.reads("DF-14-taken"))["team"]

    alerted = await case.alerted("DF-14-taken", A_DAY_ON, A_DAY_ON + A_MINUTE)
    await case.take()

    both = sorted([sides.origin, sides.receiving])
    assert whose == sides.receiving
    assert alerted == [(kind, team) for kind in NEARLY_AND_LATE for team in both]
    assert await case.late_by("DF-14-taken") == A_MINUTE


@either_way
async def test_df_14_the_two_managers_may_agree_another_time(api: Api, sides: Sides) -> None:
    case = await DurhamCase.decided(api, sides)

    await case.not_for(
        sides.worker, "timescale_agreed", person=sides.receiving_manager, until=AGREED
    )
    await case.record(
        sides.manager, "timescale_agreed", person=sides.receiving_manager, until=AGREED
    )
    quiet = await case.alerted("DF-14-sent", A_DAY_ON + A_MINUTE)
    states = await case.state_at("DF-14-sent", A_DAY_ON + A_MINUTE, AGREED, AGREED + A_MINUTE)
    case.at(AGREED)
    await case.send()
    await case.take()

    assert await case.due("DF-14-sent") == await case.due("DF-14-taken") == AGREED
    assert quiet == []
    assert states == ["running", "nearly_late", "late"]
    assert await case.state("DF-14-sent") == await case.state("DF-14-taken") == "met"


@either_way
async def test_df_14_another_time_is_agreed_with_a_manager_of_the_receiving_team_and_until_when(
    api: Api, sides: Sides
) -> None:
    case = await DurhamCase.prepared(api, sides)
    by, name, them = sides.manager, "timescale_agreed", sides.receiving_manager

    undecided = await case.not_recorded(by, name, person=them, until=AGREED)
    case.at(DECIDED)
    await case.decide("agreed")
    without_time = await case.not_recorded(by, name, person=them)
    with_nobody = await case.not_recorded(by, name, until=AGREED)
    wrong_people = [sides.receiver, sides.manager_elsewhere, sides.manager]
    with_others = [await case.not_recorded(by, name, person=p, until=AGREED) for p in wrong_people]

    assert undecided == ["milestone-order"]
    assert without_time == ["milestone-until"]
    assert with_nobody == ["milestone-person"]
    assert with_others == [["milestone-person"]] * 3
    assert await case.due("DF-14-sent") == A_DAY_ON


@either_way
async def test_df_14_another_time_counts_for_the_team_that_it_was_agreed_with(
    api: Api, sides: Sides
) -> None:
    case = await DurhamCase.decided(api, sides)
    await case.record(
        sides.manager, "timescale_agreed", person=sides.receiving_manager, until=AGREED
    )

    await case.edit(sides.worker, recipient=sides.elsewhere)
    with_another = await case.due("DF-14-sent")
    later = AGREED + timedelta(hours=4)
    await case.record(
        sides.manager, "timescale_agreed", person=sides.manager_elsewhere, until=later
    )
    agreed_again = await case.due("DF-14-sent")
    await case.edit(sides.worker, recipient=sides.receiving)

    assert with_another == A_DAY_ON
    assert agreed_again == later
    assert await case.due("DF-14-sent") == AGREED


@either_way
async def test_df_14_a_redirect_leaves_the_agreed_time_with_the_team_that_agreed_it(
    api: Api, sides: Sides
) -> None:
    case = await DurhamCase.decided(api, sides)
    await case.record(
        sides.manager, "timescale_agreed", person=sides.receiving_manager, until=AGREED
    )
    case.at(SENT)
    await case.send()
    before = await case.due("DF-14-taken")

    wrong_tray = {"recipient": sides.elsewhere, "comment": "They live there."}
    await case.act(sides.manager, "redirect", wrong_tray)

    assert before == AGREED
    assert await case.due("DF-14-taken") == A_DAY_ON


@either_way
@HANDOVER
async def test_df_16_17_the_handover_visit_is_arranged_within_48_hours_and_done_in_5_working_days(
    api: Api, sides: Sides, code: str, name: str, due: datetime
) -> None:
    case = await DurhamCase.sent(api, sides)
    falls_due = await case.due(code)

    case.at(due)
    await case.record(sides.receiver, name)

    assert falls_due == due
    assert await case.state(code) == "met"


@either_way
@HANDOVER
async def test_df_16_17_a_handover_that_is_late_is_told_to_both_sides_once(
    api: Api, sides: Sides, code: str, name: str, due: datetime
) -> None:
    case = await DurhamCase.sent(api, sides)
    nearly = due - (due - DECIDED) / 4

    alerted = await case.alerted(code, nearly - A_MINUTE, nearly, due, due + A_MINUTE, due)
    case.at(due + timedelta(hours=2))
    await case.record(sides.worker, name)

    both = sorted([sides.origin, sides.receiving])
    assert alerted == [(kind, team) for kind in NEARLY_AND_LATE for team in both]
    assert await case.state(code) == "met_late"
    assert await case.late_by(code) == timedelta(hours=2)


@either_way
async def test_df_16_a_handover_that_waits_for_a_reason_is_paused_and_gets_its_time_back(
    api: Api, sides: Sides
) -> None:
    case = await DurhamCase.sent(api, sides)
    why = {"reason": "family_away", "comment": "Back on Thursday."}
    pause, resume = "clocks/DF-16-arranged/pause", "clocks/DF-16-arranged/resume"

    await case.forbidden(sides.worker, pause, why)
    await case.act(sides.manager, pause, why)
    paused = await case.state_at("DF-16-arranged", december(4, 14))
    alerted = await case.alerted("DF-16-arranged", december(4, 14))
    await case.act(sides.receiving_manager, resume, BACK)
    again = await case.refused(sides.manager, resume, BACK)

    (kept,) = case.view["pauses"]
    assert paused == ["paused"]
    assert alerted == []
    assert (kept["reason"], kept["by"]) == ("family_away", sides.manager)
    assert (kept["ended_reason"], kept["ended_by"]) == ("family_back", sides.receiving_manager)
    assert again == ["clock-resume"]
    assert await case.due("DF-16-arranged") == december(6, 10, 30)


@either_way
async def test_df_17_a_pause_gives_back_working_days(api: Api, sides: Sides) -> None:
    case = await DurhamCase.sent(api, sides)
    why = {"reason": "family_away", "comment": "Back on Tuesday."}

    case.at(december(3, 9))
    await case.act(sides.manager, "clocks/DF-17-visited/pause", why)
    case.at(december(8, 9))
    await case.act(sides.manager, "clocks/DF-17-visited/resume", BACK)

    assert await case.due("DF-17-visited") == end_of(december(14, 0))
    assert await case.due("DF-16-arranged") == december(4, 10, 30)


async def test_df_03_08_a_time_before_the_meeting_is_not_paused(api: Api) -> None:
    case = await DurhamCase.booked(api, STEP_UP)
    why = {"reason": "family_away", "comment": "Back on Tuesday."}

    assert await case.refused("op.manager", "clocks/DF-8-agenda/pause", why) == ["clock-pause"]


@either_way
async def test_df_18_19_20_a_case_is_completed_without_its_last_steps_and_warns_of_each(
    api: Api, sides: Sides
) -> None:
    case = await DurhamCase.allocated(api, sides)
    taf, last = december(16, 14), {"DF-18-next-taf", "DF-19-handover-taf", "DF-20-sign-off"}

    before = await case.unmet("complete")
    without_time = await case.not_recorded(sides.worker, "next_taf_passed_over")
    await case.record(sides.worker, "next_taf_passed_over", until=taf)
    passed_over = await case.unmet("complete")
    await case.record(sides.receiver, "handover_taf_held")
    held = await case.unmet("complete")
    await case.record(sides.manager, "signed_off")
    signed_off = await case.unmet("complete")

    (closing,) = signed_off
    assert set(before) - {closing} == last
    assert without_time == ["milestone-until"]
    assert set(passed_over) - {closing} == last - {"DF-18-next-taf"}
    assert set(held) - {closing} == {"DF-20-sign-off"}


@either_way
async def test_df_18_19_20_nothing_waits_for_the_last_steps(api: Api, sides: Sides) -> None:
    case = await DurhamCase.allocated(api, sides)

    await case.close(sides.worker)

    assert case.stage == "completed"
    assert set(case.warnings) == {"DF-18-next-taf", "DF-19-handover-taf", "DF-20-sign-off"}


@either_way
async def test_df_20_the_referring_team_manager_signs_off_what_was_sent(
    api: Api, sides: Sides
) -> None:
    case = await DurhamCase.decided(api, sides)

    too_early = await case.not_recorded(sides.manager, "signed_off")
    await case.send()
    await case.not_for(sides.worker, "signed_off")
    await case.not_for(sides.receiving_manager, "signed_off")
    await case.record(sides.manager, "signed_off")

    assert too_early == ["milestone-order"]
