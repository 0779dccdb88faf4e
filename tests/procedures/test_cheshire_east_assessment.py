"""Cheshire East, step down after an assessment (CE A): with the fortnightly meeting and without."""

from datetime import timedelta

import pytest
from procedures.case import on_one_store
from procedures.cheshire_east_forms import (
    ASSESSMENT,
    CHRONOLOGY,
    HELD,
    MONDAY,
    NEXT_NORTH,
    NORTH,
    RECOMMENDED,
    TO_HAPPEN,
    EastCase,
    another_team,
    end_of,
    filled,
    london,
    opening,
)
from service import Api

from app.domain.duty_task import CaseSystem

pytestmark = [on_one_store, pytest.mark.long, pytest.mark.usefixtures("cheshire_east")]
TO_NORTH = {"series": "north", "starts_at": NORTH.isoformat()}
MIDNIGHT = london("2026-12-03 00:00")
SEVENTH = london("2026-12-07 10:00")
LAST = end_of("2026-12-09")
"""Five working days after the meeting."""
LATE = london("2026-12-10 00:00")


async def test_ce_a01_ll_11_a_step_down_is_the_outcome_of_the_assessment_never_by_hand(
    api: Api,
) -> None:
    await EastCase.assessed(api)
    worker = api.as_("ce.socialworker")

    by_hand = await worker.post(
        "/v1/transfers", opening("assessment", {}, origin={"kind": "manual"})
    )
    unnamed = await worker.post(
        "/v1/transfers",
        opening("assessment", {}, origin={"kind": "child_and_family_assessment"}),
    )

    assert [answer.status_code for answer in (by_hand, unnamed)] == [422, 422]
    told = [b["code"] for answer in (by_hand, unnamed) for b in answer.json()["breaches"]]
    assert told == ["CE-A1-origin", "CE-A1-stage"]


async def test_ce_a01_a02_ll_13_ll_16_all_that_is_missing_is_said_at_once(api: Api) -> None:
    case = await EastCase.drafted(api, "ce.socialworker", MONDAY, opening("assessment", {}))
    booking = {
        "CE-A1-authorised": ("must", "CE A1"),
        "CE-A1-what-needs-to-happen": ("must", "CE A1"),
        "CE-A1-assessment": ("should", "CE A1; LL 16"),
    }
    sending = {
        "CE-A2-meeting": ("must", "CE A2"),
        "CE-A2-agreed": ("must", "CE A2, A4, C5"),
        "CE-A7-date": ("must", "CE A7, C9; LL 13"),
        "CE-A7-comments": ("must", "CE A7, C9; LL 13"),
        "CE-A7-recipient": ("must", "CE A7, C9; LL 13"),
    }

    refused = await case.broken("ce.socialworker", "submit-to-meeting", TO_NORTH)
    unsent = await case.broken("ce.socialworker", "finalise")
    form = filled("ce-cefs-north", "2026-12-07", forms=[ASSESSMENT], statements=TO_HAPPEN)
    await case.edit("ce.socialworker", **form, next_lead_professional="ce.keyworker")
    await case.record("ce.area.manager", "assessment_authorised")
    await case.act("ce.socialworker", "finalise")

    assert refused == booking
    assert unsent == booking | sending
    assert (case.stage, case.warnings) == ("awaiting_authorisation", [])


async def test_ce_a01_only_the_team_manager_authorises_the_assessment_and_the_step_down(
    api: Api,
) -> None:
    case = await EastCase.drafted(api, "ce.socialworker", MONDAY, opening("assessment", {}))

    await case.not_for("ce.socialworker", "assessment_authorised")
    assert not await case.seen_by("ce.admin.north")
    await case.record("ce.area.manager", "assessment_authorised")

    (mark,) = [m for m in case.view["milestones"] if m["name"] == "assessment_authorised"]
    assert mark["by"] == "ce.area.manager"


async def test_ce_a02_where_the_assessment_found_a_lead_professional_there_is_no_meeting(
    api: Api,
) -> None:
    case = await EastCase.assessed(api, next_lead_professional="ce.keyworker")

    await case.act("ce.socialworker", "finalise")

    assert (case.stage, case.warnings) == ("awaiting_authorisation", [])
    assert case.view["meeting"] is None


async def test_ce_a02_where_it_found_none_the_team_manager_books_the_meeting(api: Api) -> None:
    case = await EastCase.assessed(api)

    without = await case.blocked("ce.socialworker", "finalise")
    await case.submit_to_meeting("ce.area.manager", "north", NORTH)
    undecided = await case.blocked("ce.socialworker", "finalise")

    assert without == ["CE-A2-meeting", "CE-A2-agreed"]
    assert undecided == ["CE-A2-agreed"]


async def test_ce_a03_the_meeting_s_recommendations_for_the_well_being_plan_are_given(
    api: Api,
) -> None:
    case = await EastCase.assessed_and_decided(api)
    await case.edit("ce.socialworker", meeting=HELD)

    missing = await case.broken("ce.socialworker", "finalise")
    await case.edit("ce.socialworker", statements=TO_HAPPEN | RECOMMENDED)
    await case.act("ce.socialworker", "finalise")

    assert missing == {"CE-A3-recommendations": ("must", "CE A3")}
    assert (case.stage, case.warnings) == ("awaiting_authorisation", [])


async def test_ce_a04_a_worker_is_allocated_on_the_day_of_the_meeting(api: Api) -> None:
    case = await EastCase.assessed_and_decided(api)

    clock = await case.reads("CE-A4-worker")
    states = await case.state_at("CE-A4-worker", end_of("2026-12-02"), MIDNIGHT)
    case.at(end_of("2026-12-02"))
    await case.record("ce.chair", "early_help_worker_allocated")

    assert clock["due_at"] == end_of("2026-12-02").isoformat()
    assert states == ["nearly_late", "late"]
    assert await case.state("CE-A4-worker") == "met"


async def test_ce_a04_a_worker_at_midnight_is_late(api: Api) -> None:
    case = await EastCase.assessed_and_decided(api)

    alerts = await case.alerted("CE-A4-worker", end_of("2026-12-02"), MIDNIGHT, LATE)
    case.at(MIDNIGHT)
    await case.record("ce.area.manager", "early_help_worker_allocated")

    assert alerts == [("clock_nearly_late", "ce-area-north"), ("clock_late", "ce-area-north")]
    assert await case.state("CE-A4-worker") == "met_late"


@pytest.mark.parametrize(
    "outcome", ["not_agreed", pytest.param("deferred", marks=pytest.mark.long)]
)
async def test_ce_a04_without_agreement_nobody_is_allocated(api: Api, outcome: str) -> None:
    case = await EastCase.assessed_and_decided(api, outcome)

    refusal = await case.not_recorded("ce.chair", "early_help_worker_allocated")

    assert refusal == ["milestone-order"]
    assert await case.state("CE-A4-worker") == "waiting"


async def test_ce_a04_ce_m27_a_lead_professional_does_not_outdo_the_meeting(api: Api) -> None:
    case = await EastCase.assessed_and_decided(api, "not_agreed")
    found = {"meeting": HELD | {"decision": "not_agreed"}, "next_lead_professional": "ce.keyworker"}
    await case.edit("ce.socialworker", **found)

    refusal = await case.broken("ce.socialworker", "finalise")
    await case.submit_to_meeting("ce.area.manager", "north", NEXT_NORTH)
    await case.decide("agreed", NEXT_NORTH)
    await case.edit("ce.socialworker", statements=TO_HAPPEN | RECOMMENDED)
    await case.act("ce.socialworker", "finalise")

    assert refusal == {"CE-A4-not-against-the-meeting": ("must", "CE A4, C5, M27")}
    assert case.stage == "awaiting_authorisation"


async def test_ce_a05_the_chair_tells_the_social_worker_within_a_working_day(api: Api) -> None:
    case = await EastCase.assessed_and_decided(api)
    last = end_of("2026-12-03")

    due = await case.due("CE-A5-social-worker-told")
    alerts = await case.alerted("CE-A5-social-worker-told", last, london("2026-12-04 00:00"))
    case.at(last)
    await case.not_for("ce.admin.north", "social_worker_told")
    await case.record("ce.checs.manager", "social_worker_told")

    assert due == last
    assert alerts == [("clock_nearly_late", "ce-area-north"), ("clock_late", "ce-area-north")]
    assert await case.state("CE-A5-social-worker-told") == "met"


async def test_ce_a05_the_outcome_is_told_whatever_it_is_and_a_day_later_is_late(api: Api) -> None:
    case = await EastCase.assessed_and_decided(api, "not_agreed")

    case.at(end_of("2026-12-04"))
    await case.record("ce.chair", "social_worker_told")

    assert await case.state("CE-A5-social-worker-told") == "met_late"
    assert await case.late_by("CE-A5-social-worker-told") == timedelta(days=1)


async def test_ce_a06_social_worker_and_lead_visit_together_within_5_working_days(
    api: Api,
) -> None:
    case = await EastCase.assessed_and_decided(api)

    due = await case.due("CE-A6-visit")
    states = await case.state_at("CE-A6-visit", LAST, LATE)
    alerts = await case.alerted("CE-A6-visit", LAST, LATE)
    case.at(LAST)
    await case.record("ce.socialworker", "handover_visited")

    assert due == LAST
    assert states == ["nearly_late", "late"]
    assert alerts == [("clock_nearly_late", "ce-area-north"), ("clock_late", "ce-area-north")]
    assert await case.state("CE-A6-visit") == "met"


async def test_ce_a04_a06_once_it_is_sent_both_teams_hear_of_what_is_late(api: Api) -> None:
    case = await EastCase.assessed_and_decided(api)
    await case.edit("ce.socialworker", meeting=HELD, statements=TO_HAPPEN | RECOMMENDED)
    await case.authorise()

    worker = await case.alerted("CE-A4-worker", LATE)
    alerts = await case.alerted("CE-A6-visit", LATE)
    await case.record("ce.socialworker", "handover_visited")

    both = [("clock_late", "ce-area-north"), ("clock_late", "ce-cefs-north")]
    assert sorted(worker) == sorted(alerts) == both
    assert await case.state("CE-A6-visit") == "met_late"


async def test_ce_a06_without_the_visit_nothing_is_complete(api: Api) -> None:
    case = await EastCase.assessed(api, next_lead_professional="ce.keyworker")
    await case.authorise()
    await case.allocated_in_ehm()
    await case.close("ce.socialworker")

    open_still = case.stage
    refusal = await case.completing()
    await case.record("ce.socialworker", "handover_visited")

    assert open_still == "allocated"
    assert refusal["CE-A6-visited"] == ("must", "CE A6")
    assert case.stage == "completed"


async def test_ce_a07_ll_17_the_referral_is_on_liquid_logic_within_5_working_days(
    api: Api,
) -> None:
    case = await EastCase.assessed_and_decided(api)
    await case.edit("ce.socialworker", meeting=HELD, statements=TO_HAPPEN | RECOMMENDED)
    due = await case.due("CE-A7-referral")
    states = await case.state_at("CE-A7-referral", LAST, LATE)
    alerts = await case.alerted("CE-A7-referral", LAST, LATE)
    case.at(LAST)

    await case.act("ce.socialworker", "finalise")
    unsent = await case.state("CE-A7-referral")
    await case.forbidden("ce.socialworker", "authorise")
    await case.act("ce.area.manager", "authorise")

    assert due == LAST
    assert states == ["nearly_late", "late"]
    assert alerts == [("clock_nearly_late", "ce-area-north"), ("clock_late", "ce-area-north")]
    assert unsent == "nearly_late"
    assert await case.state("CE-A7-referral") == "met"
    assert (case.stage, case.view["authorised_by"]) == ("dispatched", "ce.area.manager")


async def test_ce_a07_a_day_later_is_late(api: Api) -> None:
    case = await EastCase.assessed_and_decided(api)
    await case.edit("ce.socialworker", meeting=HELD, statements=TO_HAPPEN | RECOMMENDED)

    case.at(LAST + timedelta(days=1))
    await case.authorise()

    assert await case.state("CE-A7-referral") == "met_late"
    assert await case.late_by("CE-A7-referral") == timedelta(days=1)


async def test_ce_a06_a07_without_a_meeting_the_5_days_are_shown_and_alert_nobody(
    api: Api,
) -> None:
    case = await EastCase.assessed(api, next_lead_professional="ce.keyworker")
    shown = ("CE-A6-visit-without-meeting", "CE-A7-referral-without-meeting")
    last, after = end_of("2026-11-30"), london("2026-12-01 00:00")

    due = [await case.due(code) for code in shown]
    late = [await case.state_at(code, last, after) for code in shown]
    alerts = [await case.alerted(code, after) for code in shown]
    case.at(last)
    await case.record("ce.socialworker", "handover_visited")
    await case.authorise()

    assert due == [last, last]
    assert late == [["nearly_late", "late"]] * 2
    assert alerts == [[], []]
    assert [await case.state(code) for code in shown] == ["met", "met"]


async def test_ce_a06_a07_with_a_meeting_the_days_count_from_the_meeting_alone(api: Api) -> None:
    case = await EastCase.assessed(api)
    before = await case.states("ce.socialworker")

    await case.submit_to_meeting("ce.area.manager", "north", NORTH)

    after = await case.states("ce.socialworker")
    assert before["CE-A6-visit-without-meeting"] == "running"
    assert not [code for code in after if code.endswith("without-meeting")]
    assert (after["CE-A6-visit"], after["CE-A7-referral"]) == ("waiting", "waiting")


async def test_ce_a01_ce_m02_ll_14_a_step_down_goes_to_an_early_help_team(api: Api) -> None:
    case = await EastCase.assessed(api)
    await another_team(api, "ce-cefs-north", "ce-old", active=False)
    await another_team(api, "ce-cefs-north", "ce-paper", case_system=CaseSystem.LCS)
    both = ["CE-A7-recipient-kind", "CE-A7-recipient-system"]
    refused = {
        "ce-checs": both,
        "ce-area-north": [*both, "CE-A7-recipient-other"],
        "ce-referral-to-progress": [*both, "CE-A7-referral-to-progress"],
        "op-bishop": ["CE-A7-recipient-authority"],
        "ce-old": ["CE-A7-recipient-active"],
        "ce-paper": ["CE-A7-recipient-system"],
    }

    found = {team: await case.edit_refused("ce.socialworker", recipient=team) for team in refused}
    await case.edit("ce.socialworker", recipient="ce-cefs-south")

    assert found == refused


async def test_ll_16_the_assessment_travels_and_the_chronology_is_only_referred_to(
    api: Api,
) -> None:
    case = await EastCase.assessed(api, next_lead_professional="ce.keyworker")

    refused = await case.edit_refused("ce.socialworker", forms=[ASSESSMENT, CHRONOLOGY])
    await case.edit("ce.socialworker", forms=[], references=[CHRONOLOGY])
    await case.act("ce.socialworker", "finalise")

    assert refused == ["LL-16-chronology"]
    assert case.warnings == ["CE-A1-assessment"]


async def test_ll_17_nothing_is_in_the_tray_before_a_team_manager_has_authorised(
    api: Api,
) -> None:
    case = await EastCase.assessed(api, next_lead_professional="ce.keyworker")

    await case.act("ce.socialworker", "finalise")
    before = (case.view["reference"], await case.seen_by("ce.keyworker"))
    await case.forbidden("ce.operations", "authorise")
    await case.act("ce.area.manager", "authorise")

    assert before == (None, False)
    assert await case.seen_by("ce.keyworker")


async def test_ll_18_the_referral_is_closed_once_early_help_leads(api: Api) -> None:
    case = await EastCase.assessed(api, next_lead_professional="ce.keyworker")
    await case.record("ce.socialworker", "handover_visited")
    await case.authorise()
    await case.record("ce.socialworker", "origin_closing_begun")

    too_early = await case.not_closed("ce.socialworker")
    await case.allocated_in_ehm()
    open_still, led = case.stage, case.view["custody"]["team"]
    await case.forbidden("ce.keyworker", "closing", case.closed())
    await case.close("ce.area.manager")

    assert too_early == ["closing-acceptance"]
    assert (open_still, led) == ("allocated", "ce-cefs-north")
    assert case.stage == "completed"
    assert case.view["census"]["closure_reason"] == "RC9"


async def test_ll_18_ce_m04_ce_m28_a_manager_who_completes_it_by_hand_is_warned(api: Api) -> None:
    case = await EastCase.assessed(api, next_lead_professional="ce.keyworker")
    await case.record("ce.socialworker", "handover_visited")
    await case.authorise()
    await case.allocated_in_ehm()

    warned = await case.completing()

    assert warned == {
        "LL-18-close": ("should", "LL 18"),
        "CE-M4-family-told": ("should", "CE M4"),
        "CE-M28-feedback": ("should", "CE M28"),
    }
    assert not await case.open()


async def test_ll_20_the_start_date_of_the_episode_is_the_date_of_transfer_and_stays(
    api: Api,
) -> None:
    case = await EastCase.assessed(api, next_lead_professional="ce.keyworker")
    await case.authorise()
    case.at(SEVENTH)
    await case.allocated_in_ehm()

    (check,) = await case.date_checks()

    assert (check["right"], check["copied"]) == ("2026-12-07", None)
