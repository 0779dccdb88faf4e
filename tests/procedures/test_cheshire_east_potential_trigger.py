"""Cheshire East, step up on a potential trigger (CE T): from the lead professional to ChECS."""

from datetime import timedelta
from typing import Any

import pytest
from procedures.case import on_one_store
from procedures.cheshire_east_forms import (
    INCIDENT,
    NORTH,
    TRIGGER,
    EastCase,
    another_team,
    london,
    opening,
)
from service import Api

from app.domain.duty_task import CaseSystem

pytestmark = [on_one_store, pytest.mark.long, pytest.mark.usefixtures("cheshire_east")]
HOUR = TRIGGER + timedelta(hours=1)
MOMENT = timedelta(microseconds=1)
LATE = HOUR + timedelta(seconds=1)
BOTH_CLOCKS = ("HZ-3-pick-up-trigger", "CE-T3-area-team")


async def test_ce_t01_a_step_up_starts_from_a_case_that_is_open_to_early_help(api: Api) -> None:
    closed = {"record_id": "EHE-1", "started_on": "2026-11-02", "active": False}
    elsewhere = {"kind": "child_and_family_assessment"}
    await EastCase.triggered(api)
    body = opening("potential_trigger", {}, origin_record=closed, origin=elsewhere)

    refusal = await api.as_("ce.lead").post("/v1/transfers", body)

    told = [(b["code"], b["severity"], b["source"]) for b in refusal.json()["breaches"]]
    assert refusal.status_code == 422
    assert told == [
        ("CE-T1-origin", "must", "CE T1, L1"),
        ("CE-T1-stage", "must", "CE T1, L1"),
        ("CE-T1-open-case", "must", "CE T1, L1"),
    ]


async def test_ce_t01_a_potential_trigger_waits_for_no_meeting(api: Api) -> None:
    case = await EastCase.triggered(api)
    meeting = {"series": "north", "starts_at": NORTH.isoformat()}

    refusal = await case.refused("ce.lead", "submit-to-meeting", meeting)
    await case.act("ce.lead", "finalise")

    assert refusal == ["meeting-series"]
    assert (case.stage, case.warnings) == ("dispatched", [])


async def test_ce_t02_ll_03_checs_is_told_all_there_is_of_the_incident(api: Api) -> None:
    case = await EastCase.triggered(api, form={})
    asked: dict[str, tuple[dict[str, Any], str]] = {
        "CE-T2-incident": ({"statements": INCIDENT}, "CE T2"),
        "CE-T2-date": ({"date_of_transfer": "2026-12-07"}, "CE T2, L9; LL 3"),
        "CE-T2-comments": ({"comments": "Seen by the school this morning."}, "CE T2, L9; LL 3"),
        "CE-T2-recipient": ({"recipient": "ce-checs"}, "CE T2, L9; LL 3"),
    }
    missing = {code: ("must", source) for code, (_, source) in asked.items()}

    for code, (given, _) in asked.items():
        assert await case.broken("ce.lead", "finalise") == missing
        await case.edit("ce.lead", **given)
        del missing[code]
    await case.act("ce.lead", "finalise")

    assert case.stage == "dispatched"
    assert case.view["authorised_by"] is None


async def test_ce_t02_ce_l09_ce_m02_ll_03_a_step_up_goes_to_checs_and_to_nobody_else(
    api: Api,
) -> None:
    case = await EastCase.triggered(api)
    await another_team(api, "ce-checs", "ce-old", active=False)
    await another_team(api, "ce-checs", "ce-paper", case_system=CaseSystem.EHM)
    refused = {
        "ce-area-north": ["CE-T2-recipient-kind"],
        "ce-referral-to-progress": ["CE-T2-recipient-kind", "CE-T2-referral-to-progress"],
        "ce-cefs-south": ["CE-T2-recipient-kind", "CE-T2-recipient-system"],
        "ce-cefs-north": [
            "CE-T2-recipient-kind", "CE-T2-recipient-system", "CE-T2-recipient-other",
        ],
        "ff-bishop": ["CE-T2-recipient-kind", "CE-T2-recipient-authority"],
        "ce-old": ["CE-T2-recipient-active"],
        "ce-paper": ["CE-T2-recipient-system"],
    }  # fmt: skip

    found = {team: await case.edit_refused("ce.lead", recipient=team) for team in refused}
    await case.edit("ce.lead", recipient="ce-checs")

    assert found == refused


async def test_ce_t02_ce_m02_no_task_goes_astray_later_on_either(api: Api) -> None:
    case = await EastCase.triggered(api)
    await another_team(api, "ce-checs", "ce-checs", active=False)
    closed = await case.blocked("ce.lead", "finalise")
    await another_team(api, "ce-checs", "ce-checs", active=True)
    await case.act("ce.lead", "finalise")
    there = {"recipient": "ce-area-north", "comment": "It is theirs in the end."}

    refusal = await case.blocked("ce.lead.manager", "redirect", there)

    assert closed == ["CE-T2-recipient-active"]
    assert refusal == ["CE-T2-recipient-kind"]


async def test_ce_t03_checs_passes_the_referral_on_within_the_hour(api: Api) -> None:
    case = await EastCase.taken_by_checs(api)

    due = await case.due("CE-T3-area-team")
    before = await case.state_at("CE-T3-area-team", HOUR - timedelta(minutes=16), HOUR)
    await case.pass_on("ce.checs.worker")

    assert due == HOUR
    assert before == ["running", "nearly_late"]
    assert await case.state("CE-T3-area-team") == "met"


async def test_ce_t03_a_referral_that_is_passed_on_later_than_that_is_late(api: Api) -> None:
    case = await EastCase.taken_by_checs(api)

    late = await case.state_at("CE-T3-area-team", HOUR + MOMENT, LATE)
    await case.pass_on("ce.checs.worker")

    assert late == ["late", "late"]
    assert await case.state("CE-T3-area-team") == "met_late"
    assert await case.late_by("CE-T3-area-team") == timedelta(seconds=1)


async def test_ce_t03_both_teams_hear_of_it_once_when_the_hour_nearly_ends_and_once_when_it_has(
    api: Api,
) -> None:
    case = await EastCase.taken_by_checs(api)

    quiet = await case.alerted("CE-T3-area-team", HOUR - timedelta(minutes=15, seconds=1))
    nearly = await case.alerted("CE-T3-area-team", HOUR - timedelta(minutes=15), HOUR)
    late = await case.alerted("CE-T3-area-team", LATE, LATE + timedelta(hours=3))

    assert quiet == []
    assert sorted(nearly) == [
        ("clock_nearly_late", "ce-cefs-north"),
        ("clock_nearly_late", "ce-checs"),
    ]
    assert sorted(late[2:]) == [("clock_late", "ce-cefs-north"), ("clock_late", "ce-checs")]


async def test_ce_t03_a_referral_is_passed_on_to_an_area_team_once_there_is_one(api: Api) -> None:
    case = await EastCase.sent_to_checs(api)
    await case.pick_up("ce.checs.worker")

    too_early = await case.not_recorded(
        "ce.checs.worker", "passed_to_area_team", team="ce-area-north"
    )
    await case.start("ce.lcs.service")
    warned = case.warnings
    nowhere = await case.not_recorded("ce.checs.worker", "passed_to_area_team")
    wrong = await case.not_recorded("ce.checs.worker", "passed_to_area_team", team="ce-cefs-south")
    await case.not_for("ce.lead", "passed_to_area_team", team="ce-area-north")

    assert too_early == ["milestone-order"]
    assert warned == ["CE-T3-appropriate"]
    assert nowhere == wrong == ["milestone-team"]


async def test_ce_t03_the_case_goes_with_the_referral_and_checs_leads_no_more(api: Api) -> None:
    case = await EastCase.taken_by_checs(api)
    sees = {"ce.checs.worker": True, "ce.area.manager": False, "ce.area.south.manager": False}

    before = {person: await case.seen_by(person) for person in sees}
    await case.pass_on("ce.checs.worker")
    after = {person: await case.seen_by(person) for person in sees}
    led_before = await case.custody()
    await case.allocate("ce.area.manager", "ce.socialworker")

    assert before == sees
    assert after == sees | {"ce.checs.worker": False, "ce.area.manager": True}
    assert led_before == "ce-cefs-north"
    led = case.view["custody"]
    assert (led["team"], led["lead_professional"]) == ("ce-area-north", "ce.socialworker")
    assert led["since"] == "2026-12-07T09:10:00+00:00"
    assert case.warnings == []


async def test_ce_t03_where_lcs_allocates_first_the_lead_follows_when_it_is_passed_on(
    api: Api,
) -> None:
    case = await EastCase.taken_by_checs(api)

    await case.allocate("ce.lcs.service", "ce.socialworker")
    warned, led = case.warnings, await case.custody()
    case.at(HOUR)
    await case.pass_on("ce.checs.manager")

    assert (warned, led) == (["CE-T3-passed-on"], "ce-checs")
    assert case.view["custody"]["team"] == "ce-area-north"
    assert case.view["custody"]["since"] == "2026-12-07T10:10:00+00:00"
    assert not await case.seen_by("ce.checs.worker")


async def test_ce_t03_what_checs_does_not_find_right_is_declined_and_stays_with_early_help(
    api: Api,
) -> None:
    case = await EastCase.sent_to_checs(api)
    await case.record("ce.checs.worker", "front_door_assessed", outcome="not_appropriate")

    case.at(TRIGGER + timedelta(minutes=30))
    reason = {"reason": "threshold", "comment": "Early help can hold this."}
    await case.act("ce.checs.manager", "decline", reason)

    case.at(LATE)
    assert [await case.state(code) for code in BOTH_CLOCKS] == ["stopped", "stopped"]
    assert await case.custody() == "ce-cefs-north"


async def test_ce_t04_t05_t06_the_lead_professional_stays_until_the_area_team_has_decided(
    api: Api,
) -> None:
    case = await EastCase.with_the_area_team(api)
    missing = {
        "CE-T4-section-47": ("must", "CE T4"),
        "CE-T5-assessment": ("must", "CE T5, L11"),
        "CE-T6-lead-stays": ("must", "CE T6, L12"),
        "LL-7-close": ("should", "LL 7"),
        "CE-M4-family-told": ("should", "CE M4"),
        "CE-M28-feedback": ("should", "CE M28"),
    }
    steps: dict[str, dict[str, Any]] = {
        "CE-T4-section-47": {"name": "section_47_decided", "outcome": "no_enquiry"},
        "CE-T5-assessment": {"name": "assessment_completed"},
        "CE-T6-lead-stays": {"name": "intervention_decided"},
    }

    for code, step in steps.items():
        assert await case.completing() == missing
        assert await case.not_closed("ce.lead") == ["closing-order"]
        await case.record("ce.area.manager", **step)
        del missing[code]
    await case.close("ce.lead")

    assert case.stage == "completed"


async def test_ce_t04_the_area_team_decides_on_section_47_and_not_checs(api: Api) -> None:
    case = await EastCase.taken_by_checs(api)

    too_early = await case.not_recorded("ce.checs.worker", "section_47_decided", outcome="enquiry")
    await case.pass_on("ce.checs.worker")
    unsaid = await case.not_recorded("ce.socialworker", "section_47_decided")
    await case.record("ce.socialworker", "section_47_decided", outcome="enquiry")

    assert too_early == ["milestone-order"]
    assert unsaid == ["milestone-outcome"]


async def test_ce_t05_no_time_is_set_for_the_assessment_on_this_route(api: Api) -> None:
    case = await EastCase.with_the_area_team(api)

    clocks = await case.states("ce.lead")

    assert not [code for code in clocks if "assessment" in code]


async def test_ll_07_the_lead_professional_closes_the_episode_and_that_ends_it(api: Api) -> None:
    case = await EastCase.with_the_area_team(api)
    await case.record("ce.lead", "origin_closing_begun")
    await case.record("ce.area.manager", "section_47_decided", outcome="enquiry")
    await case.record("ce.socialworker", "assessment_completed")
    await case.record("ce.socialworker", "intervention_decided")

    await case.forbidden("ce.area.manager", "closing", case.closed())
    open_still = case.stage
    await case.close("ce.lead")

    assert (open_still, case.stage) == ("allocated", "completed")
    assert "LL-7-close" not in case.warnings


async def test_ll_07_where_early_help_goes_on_a_manager_completes_it_and_is_warned(
    api: Api,
) -> None:
    case = await EastCase.with_the_area_team(api)
    await case.record("ce.area.manager", "section_47_decided", outcome="no_enquiry")
    await case.record("ce.socialworker", "assessment_completed")
    await case.record("ce.socialworker", "intervention_decided")

    warned = await case.completing()

    assert warned["LL-7-close"] == ("should", "LL 7")
    assert not await case.open()


async def test_ll_09_the_date_of_referral_is_to_be_the_day_it_was_created(api: Api) -> None:
    case = await EastCase.taken_by_checs(api, london("2027-05-03 00:30"))

    (check,) = await case.date_checks()

    assert (check["right"], check["copied"]) == ("2027-05-03", "2026-11-02")
