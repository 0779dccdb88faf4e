"""Cheshire East: whose act each milestone is, what comes before it, and whose clock is late."""

import pytest
from procedures.case import on_one_store
from procedures.cheshire_east_forms import (
    HELD,
    NORTH,
    RECOMMENDED,
    TO_HAPPEN,
    EastCase,
    chair_of_teams,
)
from service import Api

pytestmark = [on_one_store, pytest.mark.long, pytest.mark.usefixtures("cheshire_east")]


async def in_order(case: EastCase, by: str, *names: str, **more: str) -> list[str]:
    """Those of the milestones that are not refused for coming too early."""
    refusals = {name: await case.not_recorded(by, name, **more) for name in names}
    return [name for name, codes in refusals.items() if "milestone-order" not in codes]


async def test_ce_l04_l05_l07_m18_what_early_help_does_checs_does_not_record(api: Api) -> None:
    case = await EastCase.referred(api)
    of_early_help = ("group_supervision_held", "supervisor_consulted", "papers_sent")

    for name in (*of_early_help, "family_advised", "origin_closing_begun"):
        await case.not_for("ce.checs.worker", name)
    await case.forbidden("ce.checs.worker", "closing", case.closed())


async def test_ce_t03_t04_t05_t06_what_checs_and_the_area_team_do_early_help_does_not_record(
    api: Api,
) -> None:
    case = await EastCase.with_the_area_team(api)
    of_the_area_team = ("section_47_decided", "assessment_completed", "intervention_decided")

    for name in (*of_the_area_team, "front_door_assessed", "passed_to_area_team"):
        await case.not_for("ce.lead", name)


async def test_ce_m18_m20_m22_m24_m25_m26_m27_each_has_its_time_and_its_people_on_the_way_up(
    api: Api,
) -> None:
    case = await EastCase.stuck(api)
    chair = await chair_of_teams(api)

    of_admin = await in_order(case, chair, "agenda_circulated", "outcomes_circulated")
    unsent = await in_order(case, "ce.lead", "origin_closing_begun")
    for name in ("agenda_circulated", "outcomes_circulated", "meeting_decided"):
        await case.not_for("ce.lead", name)
    await case.submit_to_meeting("ce.lead", "north", NORTH)
    await case.not_for("ce.operations", "papers_sent")
    await case.disagree("ce.admin.north", "decision")
    await case.record("ce.admin.north", "written_feedback_given")
    for name in ("papers_sent", "written_feedback_given", "outcome_passed_on"):
        await case.not_for("ce.operations", name)

    assert of_admin == unsent == []


async def test_ce_t03_checs_judges_what_was_sent_and_the_area_team_assesses_once_allocated(
    api: Api,
) -> None:
    case = await EastCase.taken_by_checs(api)
    await case.pass_on("ce.checs.worker")

    early = await in_order(case, "ce.socialworker", "assessment_completed", "intervention_decided")

    assert early == []


async def test_ce_a01_c01_c02_c04_c06_c07_what_social_care_does_early_help_does_not_record(
    api: Api,
) -> None:
    case = await EastCase.in_need_and_agreed(api)
    await case.authorise()
    of_social_care = (
        *("assessment_authorised", "child_in_need_meeting_decided", "supervision_confirmed"),
        *("lead_role_discussed", "final_meeting_date_shared", "final_meeting_held"),
        *("papers_sent", "origin_closing_begun"),
    )

    for name in of_social_care:
        await case.not_for("ce.lead.manager", name)
    await case.forbidden("ce.lead.manager", "closing", case.closed())


async def test_ce_a04_a05_m18_m20_m22_m24_m25_m26_m27_each_has_its_time_and_its_people_down(
    api: Api,
) -> None:
    case = await EastCase.assessed(api)
    chair = await chair_of_teams(api)

    of_worker = await in_order(
        case, "ce.socialworker", "papers_sent", "written_feedback_given", "outcome_passed_on",
        "final_meeting_held", "origin_closing_begun",
    )  # fmt: skip
    of_chair = await in_order(
        case, chair, "agenda_circulated", "outcomes_circulated", "meeting_decided",
        "social_worker_told",
    )  # fmt: skip
    for name in ("agenda_circulated", "outcomes_circulated", "meeting_decided"):
        await case.not_for("ce.socialworker", name)
    for name in ("papers_sent", "written_feedback_given", "outcome_passed_on"):
        await case.not_for("ce.operations", name)
    await case.not_for("ce.operations", "early_help_worker_allocated")
    await case.submit_to_meeting("ce.area.manager", "north", NORTH)
    await case.disagree("ce.admin.north", "decision")

    assert of_worker == of_chair == []


async def test_ce_m18_m20_m25_l10_l11_whose_clocks_run_on_the_way_up(api: Api) -> None:
    case = await EastCase.referred(api)
    early_help, checs = ("ce-cefs-north", "must"), ("ce-checs", "must")

    assert await case.owners() == {
        "CE-M18-papers": early_help,
        "CE-M20-agenda": early_help,
        "CE-M25-outcomes": early_help,
        "CE-L10-area-team": checs,
        "CE-L11-assessment": checs,
    }


async def test_ce_t03_whose_clocks_run_after_a_trigger(api: Api) -> None:
    case = await EastCase.sent_to_checs(api)

    assert await case.owners() == {
        "CE-T3-area-team": ("ce-checs", "must"),
    }


async def test_ce_a04_a05_a06_a07_m18_m20_m25_whose_clocks_run_after_an_assessment(
    api: Api,
) -> None:
    social_care, shown = ("ce-area-north", "must"), ("ce-area-north", "should")
    early_help = ("ce-cefs-north", "must")
    of_the_meeting = ("CE-M18-papers", "CE-M20-agenda", "CE-M25-outcomes")
    case = await EastCase.assessed_and_decided(api)
    await case.edit("ce.socialworker", meeting=HELD, statements=TO_HAPPEN | RECOMMENDED)
    await case.authorise()
    without = await EastCase.assessed(api, next_lead_professional="ce.keyworker")
    await without.authorise()

    assert await case.owners() == dict.fromkeys(of_the_meeting, social_care) | {
        "CE-A4-worker": early_help,
        "CE-A5-social-worker-told": social_care,
        "CE-A6-visit": social_care,
        "CE-A7-referral": social_care,
    }
    found = await without.owners()
    assert {code: found[code] for code in found if code.endswith("without-meeting")} == {
        "CE-A6-visit-without-meeting": shown,
        "CE-A7-referral-without-meeting": shown,
    }


async def test_ce_c07_m18_m20_m25_whose_clocks_run_after_child_in_need(api: Api) -> None:
    case = await EastCase.in_need_and_agreed(api)
    await case.authorise()
    alone = await case.owners()
    other = await EastCase.in_need_and_agreed(api)
    await other.submit_to_meeting("ce.socialworker", "north", NORTH)
    await other.decide("agreed")
    await other.edit("ce.socialworker", meeting=HELD)
    await other.authorise()

    social_care = ("ce-area-north", "must")
    every = {
        "CE-M18-papers": social_care,
        "CE-M20-agenda": social_care,
        "CE-M25-outcomes": social_care,
        "CE-C7-final-meeting": social_care,
    }
    assert alone == every | {"CE-C7-final-meeting-without-meeting": social_care}
    assert await other.owners() == every
