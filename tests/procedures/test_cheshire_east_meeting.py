"""Cheshire East's Step Up / Step Down Meeting (CE M): its days, papers, decision and outcomes."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from procedures.case import on_one_store
from procedures.cheshire_east_forms import (
    AGENDA,
    DECIDED,
    HELD,
    NEXT_NORTH,
    NORTH,
    PAPERS,
    RECOMMENDED,
    SOUTH,
    TO_HAPPEN,
    TUESDAY,
    EastCase,
    chair_of_teams,
    end_of,
    london,
)
from service import Api

pytestmark = [on_one_store, pytest.mark.long, pytest.mark.usefixtures("cheshire_east")]
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
TO_HOLD = "The police and we do not agree on the risk."


async def meetings(api: Api) -> dict[str, Any]:
    """The series, as anybody of the council reads them."""
    await EastCase.triggered(api)
    answer = await api.as_("ce.lead").get("/v1/protocols/cheshire_east")
    assert answer.status_code == 200, answer.text
    return dict(answer.json()["meetings"])


async def test_ce_m01_one_meeting_decides_on_cases_that_go_up_and_on_cases_that_go_down(
    api: Api,
) -> None:
    up = await EastCase.brought(api)
    down = await EastCase.assessed(api, TUESDAY)
    await down.submit_to_meeting("ce.area.manager", "north", NORTH)

    await up.decide("agreed")
    await down.decide("agreed")

    assert up.view["meeting"] == down.view["meeting"]
    assert await up.state("CE-L10-area-team") == "running"
    assert await down.state("CE-A7-referral") == "running"


async def test_ce_m10_m13_m14_m15_m16_m17_who_meets_where_when_and_for_how_long(api: Api) -> None:
    found = await meetings(api)

    where = {name: (series["locality"], series["venue"]) for name, series in found.items()}
    assert where == {
        "north": ("North", "Macclesfield Town Hall"),
        "south": ("South", "Delamere House"),
    }
    for series in found.values():
        assert series["when"] == "every 2 weeks on Wednesday at 14:00"
        assert series["minutes_a_case"] == 10
        assert series["chair"] == "Service Manager"
        assert series["deputy_chair"] == "Team Manager, ChECS"
        assert {"Team Manager, CIN/CP", "Health representative"} <= set(series["members"])
        assert any("needs ask for it" in member for member in series["members"])


async def test_ce_m11_both_meetings_look_for_the_same_themes(api: Api) -> None:
    found = await meetings(api)

    assert found["north"]["themes"] == found["south"]["themes"]
    assert found["north"]["themes"]["school"] == "School and attendance"


async def test_ce_m18_m20_papers_and_agenda_are_due_by_the_clocks_of_each_case(api: Api) -> None:
    found = await meetings(api)

    assert {
        (series["papers"], series["agenda"], series["late_papers"], series["on_bank_holiday"])
        for series in found.values()
    } == {("CE-M18-papers", "CE-M20-agenda", "flagged", "next_working_day")}


async def test_ce_m15_m17_no_meeting_is_held_at_another_time(api: Api) -> None:
    case = await EastCase.stuck(api)
    times = [
        ("north", SOUTH),
        ("south", NORTH),
        ("north", NORTH + DAY),
        ("north", NORTH + SECOND),
        ("north", london("2026-12-02 13:00")),
        ("north", london("2026-11-18 14:00")),
    ]

    for series, starts_at in times:
        body = {"series": series, "starts_at": starts_at.isoformat()}
        refusal = await case.broken("ce.lead", "submit-to-meeting", body)

        assert refusal == {"meeting-time": ("must", "CE M1, M10, M11, M13, M14, M15, M16, M17")}


async def test_ce_m15_m17_north_and_south_each_meet_on_every_other_wednesday_at_two(
    api: Api,
) -> None:
    case = await EastCase.stuck(api)

    for weeks in (0, 26, 52):
        later = timedelta(weeks=weeks)
        for series, first in (("north", NORTH), ("south", SOUTH)):
            two_o_clock = london(f"{(first + later).date()} 14:00")
            await case.submit_to_meeting("ce.lead", series, two_o_clock)

    assert case.view["meeting"] == {"series": "south", "starts_at": "2027-12-08T14:00:00+00:00"}


async def test_ce_m13_m23_m24_the_chair_or_the_deputy_says_what_was_decided_and_why(
    api: Api,
) -> None:
    case = await EastCase.brought(api)
    case.at(DECIDED)

    for person in ("ce.lead", "ce.lead.manager"):
        await case.not_for(person, "meeting_decided", outcome="agreed")
    unsaid = await case.not_recorded("ce.chair", "meeting_decided")
    await case.record(
        "ce.checs.manager", "meeting_decided", outcome="deferred", note="More to know."
    )
    await case.record("ce.chair", "meeting_decided", outcome="agreed", note="Three worries stand.")

    told = [m for m in case.view["milestones"] if m["name"] == "meeting_decided"]
    assert unsaid == ["milestone-outcome"]
    assert [(m["by"], m["outcome"], m["note"]) for m in told] == [
        ("ce.checs.manager", "deferred", "More to know."),
        ("ce.chair", "agreed", "Three worries stand."),
    ]


async def test_ce_m24_nothing_is_decided_about_a_case_that_was_not_brought(api: Api) -> None:
    case = await EastCase.stuck(api)
    chair = await chair_of_teams(api)

    refusal = await case.not_recorded(chair, "meeting_decided", outcome="agreed")

    assert refusal == ["milestone-order"]
    assert not await case.seen_by("ce.chair")


async def test_ce_m23_m24_the_outcome_and_its_reasons_are_on_the_child_s_record(api: Api) -> None:
    case = await EastCase.assessed_and_decided(api)
    await case.edit("ce.socialworker", statements=TO_HAPPEN | RECOMMENDED)

    missing = await case.broken("ce.socialworker", "finalise")
    await case.edit("ce.socialworker", meeting=HELD)
    await case.act("ce.socialworker", "finalise")

    assert missing == {
        "CE-M24-meeting-date": ("must", "CE M24"),
        "CE-M24-meeting-decision": ("must", "CE M24"),
        "CE-M23-rationale": ("should", "CE M23"),
    }
    assert (case.stage, case.warnings) == ("awaiting_authorisation", [])


@pytest.mark.parametrize(
    ("at", "state"),
    [(PAPERS, "met"), pytest.param(PAPERS + SECOND, "met_late", marks=pytest.mark.long)],
)
async def test_ce_m09_m18_the_papers_are_there_by_16_00_on_the_wednesday_of_the_week_before(
    api: Api, at: datetime, state: str
) -> None:
    case = await EastCase.stuck(api)
    unbooked = await case.not_recorded("ce.lead", "papers_sent")
    await case.submit_to_meeting("ce.lead", "north", NORTH)

    due = await case.due("CE-M18-papers")
    before = await case.state_at("CE-M18-papers", PAPERS, PAPERS + SECOND)
    case.at(at)
    await case.record("ce.lead", "papers_sent")

    assert unbooked == ["milestone-order"]
    assert due == PAPERS
    assert before == ["nearly_late", "late"]
    assert await case.state("CE-M18-papers") == state
    assert await case.late_by_seconds("CE-M18-papers") == (1 if at > PAPERS else None)


async def test_ce_m18_m20_the_origin_team_hears_once_of_papers_and_of_an_agenda_that_are_late(
    api: Api,
) -> None:
    case = await EastCase.brought(api)

    papers = await case.alerted("CE-M18-papers", PAPERS, PAPERS + SECOND)
    agenda = await case.alerted("CE-M20-agenda", AGENDA, AGENDA + SECOND, AGENDA + DAY)

    once_each = [("clock_nearly_late", "ce-cefs-north"), ("clock_late", "ce-cefs-north")]
    assert papers == agenda == once_each


async def test_ce_m19_each_locality_s_admin_takes_its_own_papers(api: Api) -> None:
    north = await EastCase.brought(api)
    south = await EastCase.stuck(api, TUESDAY, lead="ce.lead.south", origin_team="ce-cefs-south")
    await south.submit_to_meeting("ce.lead.south", "south", SOUTH)

    await north.record("ce.admin.north", "papers_sent")
    await south.record("ce.admin.south", "papers_sent")

    assert not await north.seen_by("ce.admin.south")
    assert not await south.seen_by("ce.admin.north")
    assert await north.state("CE-M18-papers") == "met"
    assert await south.due("CE-M18-papers") == PAPERS + timedelta(weeks=1)


@pytest.mark.parametrize(
    ("at", "state"),
    [pytest.param(AGENDA, "met", marks=pytest.mark.long), (AGENDA + SECOND, "met_late")],
)
async def test_ce_m20_the_agenda_goes_round_by_12_00_on_the_friday_before(
    api: Api, at: datetime, state: str
) -> None:
    case = await EastCase.brought(api)

    due = await case.due("CE-M20-agenda")
    case.at(at)
    await case.not_for("ce.lead", "agenda_circulated")
    await case.record("ce.admin.north", "agenda_circulated")

    assert due == AGENDA
    assert await case.state("CE-M20-agenda") == state


async def test_ce_m22_who_was_absent_reports_in_writing(api: Api) -> None:
    case = await EastCase.stuck(api)

    too_early = await case.not_recorded("ce.lead.manager", "written_feedback_given")
    await case.submit_to_meeting("ce.lead", "north", NORTH)
    await case.record("ce.lead.manager", "written_feedback_given", note="All three are done.")

    assert too_early == ["milestone-order"]


async def test_ce_m25_m26_the_outcome_goes_to_the_members_in_2_working_days_and_on_from_there(
    api: Api,
) -> None:
    case = await EastCase.brought(api)
    await case.decide("not_agreed")
    last = end_of("2026-12-04")

    due = await case.due("CE-M25-outcomes")
    alerts = await case.alerted("CE-M25-outcomes", last, london("2026-12-05 00:00"))
    case.at(last)
    too_early = await case.not_recorded("ce.lead.manager", "outcome_passed_on")
    await case.not_for("ce.lead", "outcomes_circulated")
    await case.record("ce.admin.north", "outcomes_circulated")
    await case.record("ce.lead.manager", "outcome_passed_on")

    assert due == last
    assert alerts == [("clock_nearly_late", "ce-cefs-north"), ("clock_late", "ce-cefs-north")]
    assert too_early == ["milestone-order"]
    assert await case.state("CE-M25-outcomes") == "met"


async def test_ce_m25_a_weekend_later_is_late_and_a_new_decision_begins_anew(api: Api) -> None:
    case = await EastCase.assessed_and_decided(api, "deferred")

    case.at(end_of("2026-12-07"))
    await case.record("ce.chair", "outcomes_circulated")
    first = await case.state("CE-M25-outcomes")
    late = await case.late_by("CE-M25-outcomes")
    await case.submit_to_meeting("ce.area.manager", "north", NEXT_NORTH)
    await case.decide("agreed", NEXT_NORTH)

    assert (first, late) == ("met_late", timedelta(days=3))
    assert await case.state("CE-M25-outcomes") == "running"
    assert await case.due("CE-M25-outcomes") == end_of("2026-12-18")


async def test_ce_m25_a05_a_new_decision_is_told_anew_where_the_last_was_not(api: Api) -> None:
    case = await EastCase.assessed_and_decided(api, "deferred")
    await case.submit_to_meeting("ce.area.manager", "north", NEXT_NORTH)
    brought = await EastCase.brought_again(api)

    await case.decide("agreed", NEXT_NORTH)
    await brought.decide("agreed", NEXT_NORTH)

    assert await case.due("CE-M25-outcomes") == end_of("2026-12-18")
    assert await brought.due("CE-M25-outcomes") == end_of("2026-12-18")
    assert await case.due("CE-A5-social-worker-told") == end_of("2026-12-17")


async def test_ce_m25_a05_a06_a07_c07_working_days_over_christmas_are_counted_from_the_decision(
    api: Api,
) -> None:
    up = await EastCase.brought(api)
    assessed = await EastCase.assessed(api)
    await assessed.submit_to_meeting("ce.area.manager", "north", NORTH)
    in_need = await EastCase.in_need(api)
    final = london("2027-01-04 10:00")
    await in_need.record("ce.socialworker", "final_meeting_date_shared", until=final)
    await in_need.submit_to_meeting("ce.socialworker", "north", NORTH)

    for case in (up, assessed, in_need):
        await case.decide("agreed", london("2026-12-24 10:00"))

    assert await up.due("CE-M25-outcomes") == end_of("2026-12-30")
    assert await assessed.due("CE-M25-outcomes") == end_of("2026-12-30")
    assert await assessed.due("CE-A5-social-worker-told") == end_of("2026-12-29")
    fifth = end_of("2027-01-05")
    assert await assessed.due("CE-A6-visit") == await assessed.due("CE-A7-referral") == fifth
    assert await in_need.due("CE-C7-final-meeting") == fifth


async def test_ce_a06_a07_c07_working_days_over_christmas_where_there_is_no_meeting(
    api: Api,
) -> None:
    eve, fifth = london("2026-12-24 10:00"), end_of("2027-01-05")
    assessed = await EastCase.assessed(api, eve)
    in_need = await EastCase.in_need(api, eve)

    assert await assessed.due("CE-A6-visit-without-meeting") == fifth
    assert await assessed.due("CE-A7-referral-without-meeting") == fifth
    assert await in_need.due("CE-C7-final-meeting-without-meeting") == fifth


async def test_ce_m18_m20_a_case_that_is_put_off_has_its_papers_and_its_agenda_before_it_again(
    api: Api,
) -> None:
    case = await EastCase.brought(api)
    await case.record("ce.lead", "papers_sent")
    await case.record("ce.admin.north", "agenda_circulated")
    await case.decide("deferred")

    await case.submit_to_meeting("ce.lead", "north", NEXT_NORTH)

    fortnight = timedelta(weeks=2)
    assert await case.state("CE-M18-papers") == await case.state("CE-M20-agenda") == "running"
    assert await case.due("CE-M18-papers") == PAPERS + fortnight
    assert await case.due("CE-M20-agenda") == AGENDA + fortnight


@pytest.mark.parametrize(
    ("meeting", "due"),
    [
        pytest.param(
            "2026-12-30 14:00",
            {
                "CE-M18-papers": "2026-12-23T16:00:00+00:00",
                "CE-M20-agenda": "2026-12-25T12:00:00+00:00",
                "CE-A4-worker": "2026-12-30T23:59:59.999999+00:00",
                "CE-A5-social-worker-told": "2026-12-31T23:59:59.999999+00:00",
                "CE-M25-outcomes": "2027-01-04T23:59:59.999999+00:00",
                "CE-A6-visit": "2027-01-07T23:59:59.999999+00:00",
                "CE-A7-referral": "2027-01-07T23:59:59.999999+00:00",
            },
            id="over new year",
        ),
        pytest.param(
            "2027-03-24 14:00",
            {
                "CE-M18-papers": "2027-03-17T16:00:00+00:00",
                "CE-M20-agenda": "2027-03-19T12:00:00+00:00",
                "CE-A4-worker": "2027-03-24T23:59:59.999999+00:00",
                "CE-A5-social-worker-told": "2027-03-25T23:59:59.999999+00:00",
                "CE-M25-outcomes": "2027-03-30T22:59:59.999999+00:00",
                "CE-A6-visit": "2027-04-02T22:59:59.999999+00:00",
                "CE-A7-referral": "2027-04-02T22:59:59.999999+00:00",
            },
            id="over easter and into summer time",
        ),
        pytest.param(
            "2027-11-03 14:00",
            {
                "CE-M18-papers": "2027-10-27T15:00:00+00:00",
                "CE-M20-agenda": "2027-10-29T11:00:00+00:00",
                "CE-A4-worker": "2027-11-03T23:59:59.999999+00:00",
                "CE-A5-social-worker-told": "2027-11-04T23:59:59.999999+00:00",
                "CE-M25-outcomes": "2027-11-05T23:59:59.999999+00:00",
                "CE-A6-visit": "2027-11-10T23:59:59.999999+00:00",
                "CE-A7-referral": "2027-11-10T23:59:59.999999+00:00",
            },
            id="out of summer time",
        ),
    ],
)
async def test_ce_m18_m20_m25_a04_a05_a06_a07_over_bank_holidays_and_when_the_clocks_change(
    api: Api, meeting: str, due: dict[str, str]
) -> None:
    at = london(meeting)
    case = await EastCase.assessed(api, at - timedelta(days=20))
    await case.submit_to_meeting("ce.area.manager", "north", at)

    await case.decide("agreed", at)

    found = {clock["code"]: clock["due_at"] for clock in case.view["clocks"]}
    assert {code: found[code] for code in due} == due


async def test_ce_m17_m18_two_o_clock_is_by_the_clocks_in_london(api: Api) -> None:
    case = await EastCase.assessed(api, london("2027-03-19 09:00"))
    in_utc = {"series": "south", "starts_at": "2027-03-31T14:00:00Z"}

    refusal = await case.refused("ce.area.manager", "submit-to-meeting", in_utc)
    await case.submit_to_meeting("ce.area.manager", "south", london("2027-03-31 14:00"))

    assert refusal == ["meeting-time"]
    assert case.view["meeting"]["starts_at"] == "2027-03-31T13:00:00+00:00"
    assert await case.due("CE-M18-papers") == london("2027-03-24 16:00")
    assert await case.due("CE-M20-agenda") == london("2027-03-26 12:00")


async def test_ce_m07_m27_who_disagrees_is_heard_and_social_care_leads_until_it_is_settled(
    api: Api,
) -> None:
    case = await EastCase.in_need_and_agreed(api)
    await case.record("ce.socialworker", "lead_professional_attended")
    await case.disagree("ce.socialworker", "decision", about=TO_HOLD)
    path = f"{case.open_disagreement}/resolve"
    for nobody in ("ce.socialworker", "ce.operations"):
        await case.forbidden(nobody, path, case.resolution())

    unsent = await case.broken("ce.socialworker", "finalise")
    await case.resolve("ce.area.manager")
    await case.act("ce.socialworker", "finalise")
    await case.disagree("ce.area.manager", "decision", about=TO_HOLD)
    for _ in ("chair", "team_manager", "operations_manager"):
        await case.escalate("ce.operations")
    unauthorised = await case.broken("ce.area.manager", "authorise")
    led = await case.custody()
    await case.resolve("ce.operations")
    await case.act("ce.area.manager", "authorise")

    assert unsent == unauthorised == {"CE-M27-unsettled": ("must", "CE M27")}
    assert led == "ce-area-north"
    assert case.stage == "dispatched"


async def test_ce_m27_a_transfer_is_not_complete_while_it_is_disputed(api: Api) -> None:
    case = await EastCase.in_need_and_agreed(api)
    await case.record("ce.socialworker", "lead_professional_attended")
    await case.authorise()
    await case.allocated_in_ehm()
    await case.disagree("ce.lead", "decision")
    await case.close("ce.socialworker")

    open_still = case.stage
    refusal = await case.blocked("ce.area.manager", "complete", {"comment": "All is done."})
    await case.resolve("ce.lead.manager")

    assert open_still == "allocated"
    assert refusal == ["CE-M27-unsettled"]
    assert case.stage == "completed"


async def test_ce_m27_a_child_who_steps_up_does_not_wait_for_a_dispute_but_its_end_does(
    api: Api,
) -> None:
    case = await EastCase.agreed(api)
    await case.disagree("ce.lead", "decision")
    await case.act("ce.lead", "finalise")
    sent = case.stage
    await case.pick_up("ce.checs.worker")
    await case.start("ce.lcs.service")
    await case.pass_on("ce.checs.worker")
    await case.allocate("ce.area.manager", "ce.socialworker")
    await case.record("ce.socialworker", "assessment_completed")
    await case.record("ce.socialworker", "intervention_decided")

    too_early = await case.not_closed("ce.lead")
    refusal = await case.blocked("ce.area.manager", "complete", {"comment": "All is done."})
    led, open_still = await case.custody(), case.stage
    await case.resolve("ce.lead.manager")
    await case.close("ce.lead")

    assert (sent, open_still, led) == ("dispatched", "allocated", "ce-cefs-north")
    assert too_early == ["closing-acceptance"]
    assert refusal == ["CE-M27-unsettled"]
    assert case.stage == "completed"


@pytest.mark.parametrize(
    "told_by", ["ce.keyworker", pytest.param("ce.socialworker", marks=pytest.mark.long)]
)
async def test_ce_m04_m28_the_family_is_told_who_leads_and_asked_how_the_help_was(
    api: Api, told_by: str
) -> None:
    case = await EastCase.assessed(api, next_lead_professional="ce.keyworker")
    await case.record("ce.socialworker", "handover_visited")
    await case.authorise()
    await case.allocated_in_ehm()

    await case.record(told_by, "family_told_who_leads")
    await case.record(told_by, "family_feedback_sought")
    warned = await case.completing()

    assert set(warned) == {"LL-18-close"}
