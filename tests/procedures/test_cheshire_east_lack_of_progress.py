"""Cheshire East, step up for lack of progress (CE L): to the fortnightly meeting, then to ChECS."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from procedures.case import on_one_store
from procedures.cheshire_east_forms import (
    CHRONOLOGY,
    DECIDED,
    HELD,
    NEXT_NORTH,
    NORTH,
    STATEMENTS,
    TUESDAY,
    WELL_BEING_PLAN,
    EastCase,
    end_of,
    london,
    opening,
)
from service import Api

pytestmark = [on_one_store, pytest.mark.long, pytest.mark.usefixtures("cheshire_east")]
TO_NORTH = {"series": "north", "starts_at": NORTH.isoformat()}
DAY = DECIDED + timedelta(hours=24)
SECOND = timedelta(seconds=1)


async def test_ce_l01_l02_l03_l04_l05_l06_l07_each_condition_is_asked_until_it_is_met(
    api: Api,
) -> None:
    record = {"record_id": "EHE-2", "started_on": "2026-08-25", "active": True}
    body = opening("lack_of_progress", {}, origin_record=record)
    case = await EastCase.drafted(api, "ce.lead", TUESDAY, body)
    worries, goals, scaling = STATEMENTS.items()
    steps: dict[str, tuple[str, Callable[[], Awaitable[None]]]] = {
        "CE-L1-plan": ("CE L1", lambda: case.edit("ce.lead", forms=[WELL_BEING_PLAN])),
        "CE-L3-chronology": (
            "CE L3", lambda: case.edit("ce.lead", forms=[WELL_BEING_PLAN, CHRONOLOGY])
        ),
        "CE-L4-group-supervision": (
            "CE L4", lambda: case.record("ce.lead", "group_supervision_held")
        ),
        "CE-L5-family-advised": (
            "CE L5", lambda: case.record("ce.lead", "family_advised", outcome="case_note")
        ),
        "CE-L6-worry-statements": (
            "CE L1, L6", lambda: case.edit("ce.lead", statements=dict([worries]))
        ),
        "CE-L6-well-being-goals": (
            "CE L6", lambda: case.edit("ce.lead", statements=dict([worries, goals]))
        ),
        "CE-L6-scaling": (
            "CE L6", lambda: case.edit("ce.lead", statements=dict([worries, goals, scaling]))
        ),
        "CE-L7-supervisor": ("CE L7", lambda: case.record("ce.lead", "supervisor_consulted")),
        "CE-L2-open-three-months": ("CE L2", lambda: case.wait_until(london("2026-11-25 09:00"))),
    }  # fmt: skip
    missing = {code: ("must", source) for code, (source, _) in steps.items()}

    for code, (_, step) in steps.items():
        assert await case.broken("ce.lead", "submit-to-meeting", TO_NORTH) == missing
        await step()
        del missing[code]
    await case.submit_to_meeting("ce.lead", "north", NORTH)

    assert case.view["meeting"]["series"] == "north"


async def test_ce_l02_a_day_short_of_three_months_is_too_early(api: Api) -> None:
    case = await EastCase.stuck(api, end_of("2026-11-23"))

    too_early = await case.broken("ce.lead", "submit-to-meeting", TO_NORTH)
    case.at(london("2026-11-24 00:00"))
    await case.submit_to_meeting("ce.lead", "north", NORTH)

    assert too_early == {"CE-L2-open-three-months": ("must", "CE L2")}


async def test_ce_l01_l03_l06_what_is_taken_away_after_the_meeting_is_asked_again(
    api: Api,
) -> None:
    case = await EastCase.agreed(api)
    await case.edit("ce.lead", forms=[], statements={})

    refusal = await case.blocked("ce.lead", "finalise")

    assert refusal == [
        "CE-L1-plan",
        "CE-L3-chronology",
        "CE-L6-worry-statements",
        "CE-L6-well-being-goals",
        "CE-L6-scaling",
    ]


async def test_ce_l05_a_case_note_or_a_letter_shows_that_the_family_was_told(api: Api) -> None:
    case = await EastCase.stuck(api)

    unsaid = await case.not_recorded("ce.lead", "family_advised")
    otherwise = await case.not_recorded("ce.lead", "family_advised", outcome="telephone")

    assert unsaid == otherwise == ["milestone-outcome"]


async def test_ce_l08_l09_m23_m24_without_its_meeting_a_case_goes_nowhere(api: Api) -> None:
    case = await EastCase.stuck(api)
    missing = {
        "CE-L8-meeting": ("must", "CE L8"),
        "CE-L9-agreed": ("must", "CE L9"),
        "CE-M24-meeting-date": ("must", "CE M24"),
        "CE-M24-meeting-decision": ("must", "CE M24"),
        "CE-M23-rationale": ("should", "CE M23"),
    }

    assert await case.broken("ce.lead", "finalise") == missing
    await case.submit_to_meeting("ce.lead", "north", NORTH)
    del missing["CE-L8-meeting"]
    assert await case.broken("ce.lead", "finalise") == missing
    await case.decide("agreed")
    del missing["CE-L9-agreed"]
    assert await case.broken("ce.lead", "finalise") == missing
    await case.edit("ce.lead", meeting=HELD | {"notes": None})
    await case.act("ce.lead", "finalise")

    assert (case.stage, case.warnings) == ("dispatched", ["CE-M23-rationale"])


async def test_ce_l09_what_the_meeting_does_not_agree_to_is_not_referred(api: Api) -> None:
    case = await EastCase.brought(api)
    await case.edit("ce.lead", meeting=HELD)

    await case.decide("not_agreed")
    not_agreed = await case.broken("ce.lead", "finalise")
    await case.decide("deferred")
    deferred = await case.broken("ce.lead", "finalise")
    await case.submit_to_meeting("ce.lead", "north", NEXT_NORTH)
    await case.decide("agreed", NEXT_NORTH)
    await case.act("ce.lead", "finalise")

    assert not_agreed == deferred == {"CE-L9-agreed": ("must", "CE L9")}
    assert (case.stage, case.warnings) == ("dispatched", [])


async def test_ce_l10_the_referral_reaches_the_area_team_within_24_hours_of_the_meeting(
    api: Api,
) -> None:
    case = await EastCase.brought(api)
    waiting = await case.state("CE-L10-area-team")
    await case.decide("agreed")
    of_origin = await case.reads("CE-L10-area-team")
    await case.edit("ce.lead", meeting=HELD)
    await case.act("ce.lead", "finalise")
    of_checs = await case.reads("CE-L10-area-team")
    await case.pick_up("ce.checs.worker")
    await case.start("ce.lcs.service")
    assert case.warnings == []

    states = await case.state_at("CE-L10-area-team", DAY - timedelta(hours=7), DAY)
    await case.pass_on("ce.checs.manager")

    assert waiting == "waiting"
    assert (of_origin["team"], of_checs["team"]) == ("ce-cefs-north", "ce-checs")
    assert of_origin["due_at"] == of_checs["due_at"] == DAY.isoformat()
    assert states == ["running", "nearly_late"]
    assert await case.state("CE-L10-area-team") == "met"


async def test_ce_l10_a_second_more_is_late_and_both_teams_hear_of_it_once(api: Api) -> None:
    case = await EastCase.referred(api)
    await case.pick_up("ce.checs.worker")
    await case.start("ce.lcs.service")

    alerts = await case.alerted("CE-L10-area-team", DAY, DAY + SECOND, DAY + timedelta(days=1))
    case.at(DAY + SECOND)
    late = await case.state("CE-L10-area-team")
    await case.pass_on("ce.checs.manager")

    assert sorted(alerts) == [
        (kind, team)
        for kind in ("clock_late", "clock_nearly_late")
        for team in ("ce-cefs-north", "ce-checs")
    ]
    assert late == "late"
    assert await case.state("CE-L10-area-team") == "met_late"
    assert await case.late_by("CE-L10-area-team") == SECOND


async def test_ce_l10_what_is_not_sent_at_all_is_the_origin_team_s_delay(api: Api) -> None:
    case = await EastCase.agreed(api)

    alerts = await case.alerted("CE-L10-area-team", DAY, DAY + SECOND)

    assert alerts == [("clock_nearly_late", "ce-cefs-north"), ("clock_late", "ce-cefs-north")]


async def test_ce_l11_the_assessment_is_done_in_15_working_days_christmas_not_counted(
    api: Api,
) -> None:
    case = await EastCase.referred(api)
    case.at(london("2026-12-11 10:00"))
    await case.pick_up("ce.checs.worker")
    await case.start("ce.lcs.service")
    await case.pass_on("ce.checs.worker")
    await case.allocate("ce.area.manager", "ce.socialworker")
    last, after = end_of("2027-01-06"), london("2027-01-07 00:00")

    clock = await case.reads("CE-L11-assessment")
    states = await case.state_at("CE-L11-assessment", last, after)
    case.at(last)
    await case.record("ce.socialworker", "assessment_completed")

    assert (clock["due_at"], clock["team"]) == (last.isoformat(), "ce-area-north")
    assert states == ["nearly_late", "late"]
    assert await case.state("CE-L11-assessment") == "met"


async def test_ce_l11_a_day_later_is_late_and_area_team_and_early_help_hear_of_it_once(
    api: Api,
) -> None:
    case = await EastCase.referred(api)
    await case.pick_up("ce.checs.worker")
    await case.start("ce.lcs.service")
    await case.pass_on("ce.checs.worker")
    await case.allocate("ce.area.manager", "ce.socialworker")
    last = end_of("2026-12-23")

    due = await case.due("CE-L11-assessment")
    alerts = await case.alerted("CE-L11-assessment", last, last + timedelta(days=1))
    await case.record("ce.socialworker", "assessment_completed")

    assert due == last
    assert sorted(alerts) == [
        (kind, team)
        for kind in ("clock_late", "clock_nearly_late")
        for team in ("ce-area-north", "ce-cefs-north")
    ]
    assert await case.state("CE-L11-assessment") == "met_late"
    assert await case.late_by("CE-L11-assessment") == timedelta(days=1)


async def test_ce_l11_l12_the_lead_professional_stays_until_the_intervention_is_decided(
    api: Api,
) -> None:
    case = await EastCase.referred(api)
    await case.pick_up("ce.checs.worker")
    await case.start("ce.lcs.service")
    await case.pass_on("ce.checs.worker")
    await case.allocate("ce.area.manager", "ce.socialworker")

    early = await case.not_closed("ce.lead")
    neither = await case.blocked("ce.area.manager", "complete", {"comment": "Done."})
    undecided = await case.not_recorded("ce.area.manager", "intervention_decided")
    await case.record("ce.socialworker", "assessment_completed")
    assessed = await case.blocked("ce.area.manager", "complete", {"comment": "Done."})
    still_early = await case.not_closed("ce.lead")
    await case.record("ce.area.manager", "intervention_decided")
    await case.close("ce.lead")

    assert early == still_early == ["closing-order"]
    assert undecided == ["milestone-order"]
    assert neither == ["CE-T5-assessment", "CE-T6-lead-stays"]
    assert assessed == ["CE-T6-lead-stays"]
    assert case.stage == "completed"
