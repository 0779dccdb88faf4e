"""Cheshire East, step down from child in need (CE C): to the final meeting and the handover."""

import pytest
from procedures.case import on_one_store
from procedures.cheshire_east_forms import (
    HELD,
    MONDAY,
    NORTH,
    PLAN,
    EastCase,
    end_of,
    filled,
    london,
    opening,
)
from service import Api

pytestmark = [on_one_store, pytest.mark.long, pytest.mark.usefixtures("cheshire_east")]
TO_NORTH = {"series": "north", "starts_at": NORTH.isoformat()}
FINAL = london("2026-12-08 10:00")
LAST = end_of("2026-11-30")
"""Five working days after the decision was confirmed."""
AFTER = london("2026-12-01 00:00")


@pytest.mark.parametrize(
    "stage",
    ["child_in_need_meeting", pytest.param("child_in_need_plan_finalised", marks=pytest.mark.long)],
)
async def test_ce_c01_ll_11_it_is_the_outcome_of_the_child_in_need_meeting_or_its_plan(
    api: Api, stage: str
) -> None:
    from_it = {"kind": stage, "stage_record_id": "CIN-1"}
    opened = await EastCase.drafted(
        api, "ce.socialworker", MONDAY, opening("child_in_need", {}, origin=from_it)
    )

    by_hand = await api.as_("ce.socialworker").post(
        "/v1/transfers", opening("child_in_need", {}, origin={"kind": "manual"})
    )

    assert opened.stage == "draft"
    assert opened.view["census"]["closure_reason"] == "RC7"
    assert [(b["code"], b["source"]) for b in by_hand.json()["breaches"]] == [
        ("CE-A1-origin", "CE A1, C1; LL 11"),
    ]


async def test_ce_c01_c02_c04_c06_each_condition_of_the_meeting_is_asked_until_it_is_met(
    api: Api,
) -> None:
    body = opening("child_in_need", {})
    case = await EastCase.drafted(api, "ce.socialworker", MONDAY, body)
    steps = {
        "CE-C1-decided": ("CE C1", {"name": "child_in_need_meeting_decided"}),
        "CE-C2-supervision": ("CE C2", {"name": "supervision_confirmed"}),
        "CE-C4-discussed": ("CE C4", {"name": "lead_role_discussed"}),
        "CE-C6-date-for-the-meeting": (
            "CE C6", {"name": "final_meeting_date_shared", "until": FINAL}
        ),
    }  # fmt: skip
    missing = {code: ("must", source) for code, (source, _) in steps.items()}

    for code, (_, step) in steps.items():
        assert await case.broken("ce.socialworker", "submit-to-meeting", TO_NORTH) == missing
        await case.record("ce.socialworker", **step)  # type: ignore[arg-type]
        del missing[code]
    await case.submit_to_meeting("ce.socialworker", "north", NORTH)

    assert case.view["meeting"]["series"] == "north"


async def test_ce_c02_supervision_confirms_what_was_decided_before(api: Api) -> None:
    body = opening("child_in_need", {})
    case = await EastCase.drafted(api, "ce.socialworker", MONDAY, body)

    too_early = await case.not_recorded("ce.area.manager", "supervision_confirmed")
    await case.record("ce.socialworker", "child_in_need_meeting_decided")
    await case.record("ce.area.manager", "supervision_confirmed")

    assert too_early == ["milestone-order"]


async def test_ce_c01_c02_c03_c04_c05_c06_c08_c09_c10_all_that_is_missing_is_said_at_once(
    api: Api,
) -> None:
    body = opening("child_in_need", {})
    case = await EastCase.drafted(api, "ce.socialworker", MONDAY, body)

    missing = await case.broken("ce.socialworker", "finalise")

    assert missing == {
        "CE-A2-agreed": ("must", "CE A2, A4, C5"),
        "CE-C1-decided": ("must", "CE C1"),
        "CE-C2-supervision": ("must", "CE C2"),
        "CE-C3-lead-professional": ("should", "CE C3"),
        "CE-C4-discussed": ("must", "CE C4"),
        "CE-C5-meeting": ("must", "CE C3, C5"),
        "CE-C6-date": ("should", "CE C6"),
        "CE-C8-agencies-agree": ("must", "CE C7, C8"),
        "CE-C8-consent": ("must", "CE C8"),
        "CE-C8-plan": ("should", "LL 16"),
        "CE-C10-attended": ("should", "CE C10, C11"),
        "CE-A7-date": ("must", "CE A7, C9; LL 13"),
        "CE-A7-comments": ("must", "CE A7, C9; LL 13"),
        "CE-A7-recipient": ("must", "CE A7, C9; LL 13"),
    }


async def test_ce_c03_c05_with_a_lead_professional_it_needs_no_meeting(api: Api) -> None:
    case = await EastCase.in_need_and_agreed(api)
    await case.record("ce.socialworker", "lead_professional_attended")

    await case.act("ce.socialworker", "finalise")

    assert (case.stage, case.warnings) == ("awaiting_authorisation", [])
    assert case.view["meeting"] is None


async def test_ce_c03_c05_where_nobody_agrees_to_lead_the_meeting_is_to_agree(api: Api) -> None:
    case = await EastCase.in_need_and_agreed(api)
    await case.edit("ce.socialworker", next_lead_professional=None)

    without = await case.blocked("ce.socialworker", "finalise")
    await case.submit_to_meeting("ce.socialworker", "north", NORTH)
    undecided = await case.blocked("ce.socialworker", "finalise")
    await case.decide("agreed")
    await case.edit("ce.socialworker", meeting=HELD)
    await case.act("ce.socialworker", "finalise")

    assert without == ["CE-A2-agreed", "CE-C5-meeting"]
    assert undecided == ["CE-A2-agreed"]
    assert case.stage == "awaiting_authorisation"
    assert case.warnings == ["CE-C3-lead-professional", "CE-C10-attended"]


async def test_ce_c05_a_lead_professional_does_not_outdo_the_meeting(api: Api) -> None:
    case = await EastCase.in_need_and_agreed(api)
    await case.submit_to_meeting("ce.socialworker", "north", NORTH)
    await case.decide("not_agreed")
    await case.edit("ce.socialworker", meeting=HELD | {"decision": "not_agreed"})

    refusal = await case.blocked("ce.socialworker", "finalise")

    assert refusal == ["CE-A4-not-against-the-meeting"]


async def test_ce_c06_the_date_that_is_shared_is_the_day_of_the_final_meeting(api: Api) -> None:
    case = await EastCase.in_need(api)

    undated = await case.not_recorded("ce.socialworker", "final_meeting_date_shared")
    await case.record("ce.socialworker", "final_meeting_date_shared", until=FINAL)

    (shared,) = [m for m in case.view["milestones"] if m["name"] == "final_meeting_date_shared"]
    assert undated == ["milestone-until"]
    assert shared["until"] == FINAL.isoformat()


async def test_ce_c07_the_final_meeting_is_within_5_working_days_of_the_confirmed_decision(
    api: Api,
) -> None:
    case = await EastCase.in_need(api, next_lead_professional="ce.keyworker")
    code = "CE-C7-final-meeting-without-meeting"

    due = await case.due(code)
    states = await case.state_at(code, LAST, AFTER)
    alerts = await case.alerted(code, LAST, AFTER)
    case.at(LAST)
    await case.record("ce.socialworker", "final_meeting_held", outcome="agreed")

    assert due == LAST
    assert states == ["nearly_late", "late"]
    assert alerts == [("clock_nearly_late", "ce-area-north"), ("clock_late", "ce-area-north")]
    assert await case.state(code) == "met"


async def test_ce_c07_where_the_fortnightly_meeting_is_needed_the_5_days_count_from_that(
    api: Api,
) -> None:
    case = await EastCase.in_need(api)
    await case.record("ce.socialworker", "final_meeting_date_shared", until=FINAL)
    await case.submit_to_meeting("ce.socialworker", "north", NORTH)
    waiting = await case.states("ce.socialworker")
    await case.decide("agreed")
    last, after = end_of("2026-12-09"), london("2026-12-10 00:00")

    due = await case.due("CE-C7-final-meeting")
    alerts = await case.alerted("CE-C7-final-meeting", last, after)
    case.at(after)
    await case.record("ce.socialworker", "final_meeting_held", outcome="agreed")

    assert waiting["CE-C7-final-meeting"] == "waiting"
    assert "CE-C7-final-meeting-without-meeting" not in waiting
    assert due == last
    assert alerts == [("clock_nearly_late", "ce-area-north"), ("clock_late", "ce-area-north")]
    assert await case.state("CE-C7-final-meeting") == "met_late"


async def test_ce_c07_c08_the_agencies_agree_at_the_final_meeting_and_the_family_consents(
    api: Api,
) -> None:
    case = await EastCase.in_need_with_lead(api)
    agreement = ("CE-C8-agencies-agree", ("must", "CE C7, C8"))
    consent = ("CE-C8-consent", ("must", "CE C8"))
    warning = ("CE-C10-attended", ("should", "CE C10, C11"))

    neither = await case.broken("ce.socialworker", "finalise")
    unsaid = await case.not_recorded("ce.socialworker", "final_meeting_held")
    await case.record("ce.socialworker", "final_meeting_held", outcome="not_agreed")
    not_agreed = await case.broken("ce.socialworker", "finalise")
    await case.record("ce.socialworker", "final_meeting_held", outcome="agreed")
    without_consent = await case.broken("ce.socialworker", "finalise")
    await case.consent("ce.socialworker", "service", how="written")
    await case.act("ce.socialworker", "finalise")

    assert neither == not_agreed == dict([agreement, consent, warning])
    assert unsaid == ["milestone-outcome"]
    assert without_consent == dict([consent, warning])
    assert (case.stage, case.warnings) == ("awaiting_authorisation", ["CE-C10-attended"])


async def test_ce_c09_ll_13_ll_17_the_referral_is_completed_on_liquid_logic(api: Api) -> None:
    case = await EastCase.in_need_and_agreed(api)
    await case.edit("ce.socialworker", date_of_transfer=None, comments=None, recipient=None)

    missing = await case.blocked("ce.socialworker", "finalise")
    await case.edit("ce.socialworker", **filled("ce-cefs-north", "2026-12-09"))
    await case.authorise()

    assert missing == ["CE-A7-date", "CE-A7-comments", "CE-A7-recipient"]
    assert case.stage == "dispatched"


async def test_ll_16_the_latest_plan_is_asked_for(api: Api) -> None:
    case = await EastCase.in_need_and_agreed(api)
    await case.record("ce.socialworker", "handover_visited")
    await case.edit("ce.socialworker", forms=[])

    without = (await case.broken("ce.socialworker", "finalise"))["CE-C8-plan"]
    await case.act("ce.area.manager", "return", {"comment": "Attach the plan."})
    await case.edit("ce.socialworker", forms=[PLAN])
    await case.act("ce.socialworker", "finalise")

    assert without == ("should", "LL 16")
    assert case.warnings == []


@pytest.mark.parametrize("met_by", ["lead_professional_attended", "handover_visited"])
async def test_ce_c10_c11_the_lead_professional_comes_to_the_final_meeting_or_else_visits(
    api: Api, met_by: str
) -> None:
    case = await EastCase.in_need_and_agreed(api)
    await case.authorise()
    await case.allocated_in_ehm()
    await case.close("ce.socialworker")

    open_still = case.stage
    refusal = await case.completing()
    await case.record("ce.keyworker", met_by)

    assert open_still == "allocated"
    assert refusal["CE-C11-attended-or-visited"] == ("must", "CE C10, C11")
    assert case.stage == "completed"


async def test_ce_c10_nobody_comes_to_a_meeting_that_was_not_held(api: Api) -> None:
    case = await EastCase.in_need_with_lead(api)

    refusal = await case.not_recorded("ce.socialworker", "lead_professional_attended")

    assert refusal == ["milestone-order"]
