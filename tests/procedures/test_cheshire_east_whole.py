"""Cheshire East's four routes from open to complete, every clock in time and every clock late."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from procedures.case import on_one_store
from procedures.cheshire_east_forms import (
    DECIDED,
    HELD,
    MONDAY,
    NORTH,
    RECOMMENDED,
    TO_HAPPEN,
    TRIGGER,
    TUESDAY,
    EastCase,
    london,
)
from service import Api

pytestmark = pytest.mark.usefixtures("cheshire_east")
how = pytest.mark.parametrize(
    "wait",
    [
        pytest.param(timedelta(), id="in time"),
        pytest.param(timedelta(days=60), id="late", marks=pytest.mark.long),
    ],
)
"""How much longer than it should everything takes from some point on."""


def all_met(states: Mapping[str, str], wait: timedelta) -> bool:
    """Whether every clock was met, in time or late as it was played."""
    met = "met_late" if wait else "met"
    assert set(states.values()) == {met}, states
    return True


async def family_hears(case: EastCase, by: str) -> None:
    """The family is told who leads, and asked how the help was (CE M4, M28)."""
    await case.record(by, "family_told_who_leads")
    await case.record(by, "family_feedback_sought")


@how
@on_one_store
async def test_ce_t01_t02_t03_t04_t05_t06_a_potential_trigger_from_open_to_complete(
    api: Api, wait: timedelta
) -> None:
    case = await EastCase.sent_to_checs(api)
    case.at(TRIGGER + timedelta(minutes=20) + wait)
    await case.pick_up("ce.checs.worker")
    await case.record("ce.checs.worker", "front_door_assessed", outcome="appropriate")
    await case.start("ce.lcs.service")
    case.at(TRIGGER + timedelta(minutes=55) + wait)
    await case.pass_on("ce.checs.worker")
    await case.record("ce.area.manager", "section_47_decided", outcome="no_enquiry")
    case.at(api.clock() + wait)
    await case.allocate("ce.area.manager", "ce.socialworker")
    case.at(london("2026-12-18 11:00") + 2 * wait)
    await case.record("ce.socialworker", "assessment_completed")
    await case.record("ce.area.manager", "intervention_decided")
    await family_hears(case, "ce.lead")
    await case.record("ce.lead", "origin_closing_begun")
    await case.close("ce.lead")

    assert (case.stage, case.warnings) == ("completed", [])
    assert case.view["custody"]["team"] == "ce-area-north"
    assert all_met(await case.undisputed("ce.lead"), wait)


@how
async def test_ce_l01_l08_l09_l10_l11_l12_lack_of_progress_from_open_to_complete(
    api: Api, wait: timedelta
) -> None:
    case = await EastCase.brought(api)
    case.at(min(TUESDAY + timedelta(hours=6) + wait, NORTH))
    await case.record("ce.lead", "papers_sent")
    await case.record("ce.admin.north", "agenda_circulated")
    await case.decide("agreed")
    await case.edit("ce.lead", meeting=HELD)
    await case.act("ce.lead", "finalise")
    case.at(london("2026-12-03 10:00") + wait)
    await case.record("ce.admin.north", "outcomes_circulated")
    await case.record("ce.lead.manager", "outcome_passed_on")
    await case.pick_up("ce.checs.worker")
    await case.start("ce.lcs.service")
    await case.pass_on("ce.checs.manager")
    case.at(api.clock() + wait)
    await case.allocate("ce.lcs.service", "ce.socialworker")
    case.at(london("2026-12-24 16:00") + 3 * wait)
    await case.record("ce.socialworker", "assessment_completed")
    await case.record("ce.area.manager", "intervention_decided")
    await family_hears(case, "ce.socialworker")
    await case.close("ce.lead")

    assert (case.stage, case.warnings) == ("completed", [])
    assert case.view["custody"]["team"] == "ce-area-north"
    assert all_met(await case.undisputed("ce.lead"), wait)


@how
@on_one_store
async def test_ce_a01_a02_a03_a04_a05_a06_a07_after_an_assessment_from_open_to_complete(
    api: Api, wait: timedelta
) -> None:
    case = await EastCase.assessed(api)
    await case.submit_to_meeting("ce.area.manager", "north", NORTH)
    case.at(min(MONDAY + timedelta(days=2) + wait, NORTH))
    await case.record("ce.socialworker", "papers_sent")
    await case.record("ce.admin.north", "agenda_circulated")
    await case.decide("agreed")
    case.at(DECIDED + timedelta(hours=2) + wait)
    await case.record("ce.chair", "early_help_worker_allocated")
    await case.record("ce.chair", "social_worker_told")
    await case.record("ce.admin.north", "outcomes_circulated")
    found = {"next_lead_professional": "ce.keyworker", "meeting": HELD}
    await case.edit("ce.socialworker", statements=TO_HAPPEN | RECOMMENDED, **found)
    case.at(london("2026-12-07 10:00") + wait)
    await case.record("ce.socialworker", "handover_visited")
    await case.authorise()
    case.at(london("2026-12-07 11:00") + 2 * wait)
    await case.allocated_in_ehm(wait)
    await family_hears(case, "ce.keyworker")
    await case.close("ce.socialworker")

    assert (case.stage, case.warnings) == ("completed", [])
    assert case.view["custody"]["team"] == "ce-cefs-north"
    assert all_met(await case.undisputed("ce.socialworker"), wait)


@how
@on_one_store
async def test_ce_c01_c02_c03_c04_c05_c06_c07_c08_c09_c10_from_child_in_need_to_complete(
    api: Api, wait: timedelta
) -> None:
    case = await EastCase.in_need(api)
    final = london("2026-12-08 10:00")
    await case.record("ce.socialworker", "final_meeting_date_shared", until=final)
    await case.submit_to_meeting("ce.socialworker", "north", NORTH)
    case.at(min(MONDAY + timedelta(days=2) + wait, NORTH))
    await case.record("ce.socialworker", "papers_sent")
    await case.record("ce.admin.north", "agenda_circulated")
    await case.decide("agreed")
    found = {"next_lead_professional": "ce.keyworker", "meeting": HELD}
    await case.edit("ce.socialworker", **found)
    case.at(london("2026-12-04 10:00") + wait)
    await case.record("ce.admin.north", "outcomes_circulated")
    case.at(final + wait)
    await case.record("ce.socialworker", "final_meeting_held", outcome="agreed")
    await case.record("ce.socialworker", "lead_professional_attended")
    await case.consent("ce.socialworker", "service", how="written")
    await case.authorise()
    case.at(london("2026-12-09 10:00") + 2 * wait)
    await case.allocated_in_ehm(wait)
    await family_hears(case, "ce.keyworker")
    await case.close("ce.socialworker")

    assert (case.stage, case.warnings) == ("completed", [])
    assert case.view["custody"]["team"] == "ce-cefs-north"
    assert all_met(await case.undisputed("ce.socialworker"), wait)
