"""Rochdale's principles, as far as a form can show them: asked for, or warned of, and met."""

import pytest
from procedures.case import Body, on_one_store
from procedures.rochdale_forms import (
    ASSESSMENT,
    CONTACT_RECORD,
    COORDINATOR,
    EARLY_HELP_ASSESSMENT,
    LEAD,
    MET,
    NEXT_MEETING,
    PLAN,
    SOCIAL_WORKER,
    STEP_DOWN,
    STEP_UP,
    RochdaleCase,
    Sides,
    both_ways,
    either_way,
)
from service import Api

pytestmark = [on_one_store, pytest.mark.long]


@either_way
async def test_ro_02_09_the_level_of_need_is_given_and_why_no_lower_one_would_do(
    rochdale: Api, sides: Sides
) -> None:
    await _asked_for(rochdale, sides, "level_of_need", "RO-2-level")


@either_way
async def test_ro_03_18_what_needs_are_unmet_and_what_the_risks_are_is_stated(
    rochdale: Api, sides: Sides
) -> None:
    await _asked_for(rochdale, sides, "needs_and_risk", "RO-3-needs-and-risk")


@either_way
async def test_ro_07_the_child_s_voice_is_heard(rochdale: Api, sides: Sides) -> None:
    await _asked_for(rochdale, sides, "child_voice", "RO-7-child-voice")


@both_ways
async def test_ro_04_05_12_17_19_20_21_22_a_complete_form_of_an_agreed_case_warns_of_nothing(
    rochdale: Api, sides: Sides
) -> None:
    case = await RochdaleCase.decided(rochdale, sides)

    await case.act(sides.worker, "finalise")

    assert case.warnings == []


@either_way
async def test_ro_05_21_how_the_family_took_part_is_warned_of(rochdale: Api, sides: Sides) -> None:
    await _warned_of(rochdale, sides, "family_part", "RO-5-family")


@either_way
async def test_ro_19_the_outcomes_of_the_plan_are_warned_of(rochdale: Api, sides: Sides) -> None:
    await _warned_of(rochdale, sides, "outcomes_wanted", "RO-19-outcomes")


async def test_ro_01_18_23_a_step_down_rests_on_an_assessment_or_a_plan(rochdale: Api) -> None:
    case = await RochdaleCase.decided(rochdale, STEP_DOWN)
    await case.edit(SOCIAL_WORKER, forms=[])
    assert await case.kept() == ["RO-1-assessment-or-plan"]

    await case.edit(SOCIAL_WORKER, forms=[ASSESSMENT])

    await case.send()


@pytest.mark.parametrize(
    ("sides", "forms", "warnings"),
    [
        (STEP_UP, [CONTACT_RECORD], ["RO-4-plan"]),
        (STEP_UP, [CONTACT_RECORD, EARLY_HELP_ASSESSMENT], []),
        pytest.param(STEP_UP, [CONTACT_RECORD, PLAN], [], marks=pytest.mark.long),
        (STEP_DOWN, [ASSESSMENT], ["RO-4-plan"]),
        pytest.param(STEP_DOWN, [PLAN], [], marks=pytest.mark.long),
    ],
    ids=["up, none", "up, assessment", "up, plan", "down, none", "down, plan"],
)
async def test_ro_04_the_one_plan_travels_or_its_lack_is_warned_of(
    rochdale: Api, sides: Sides, forms: list[Body], warnings: list[str]
) -> None:
    case = await RochdaleCase.decided(rochdale, sides)
    await case.edit(sides.worker, forms=forms)

    await case.act(sides.worker, "finalise")

    assert case.warnings == warnings


@either_way
async def test_ro_12_17_the_team_around_the_family_agrees_or_it_is_warned_of(
    rochdale: Api, sides: Sides
) -> None:
    case = await RochdaleCase.drafted(rochdale, sides)
    case.at(MET)
    await case.record(sides.worker, "team_around_the_family_met")
    await case.record(sides.worker, "next_meeting_agreed", until=NEXT_MEETING)
    await case.record(sides.worker, "meeting_decided", outcome="not_agreed")

    await case.act(sides.worker, "finalise")

    assert case.warnings == ["RO-17-decided"]


@either_way
async def test_ro_20_when_the_team_meets_next_is_agreed_or_it_is_warned_of(
    rochdale: Api, sides: Sides
) -> None:
    case = await RochdaleCase.drafted(rochdale, sides)
    case.at(MET)
    await case.record(sides.worker, "meeting_decided", outcome="agreed")
    refused = await case.not_recorded(sides.worker, "next_meeting_agreed")

    await case.act(sides.worker, "finalise")

    assert (refused, case.warnings) == (["milestone-until"], ["RO-20-next-meeting"])


@either_way
async def test_ro_12_17_20_either_side_records_the_team_s_meetings_once_the_task_is_sent(
    rochdale: Api, sides: Sides
) -> None:
    case = await RochdaleCase.dispatched(rochdale, sides)

    await case.record(sides.receiver, "team_around_the_family_met")
    await case.record(sides.receiver, "next_meeting_agreed", until=NEXT_MEETING)
    await case.record(sides.receiving_manager, "meeting_decided", outcome="agreed")
    await case.record(COORDINATOR, "meeting_decided", outcome="agreed")

    assert case.view["milestones"][-1]["by"] == COORDINATOR


async def test_ro_22_who_leads_next_is_named_in_a_step_down_or_it_is_warned_of(
    rochdale: Api,
) -> None:
    case = await RochdaleCase.decided(rochdale, STEP_DOWN)
    await case.edit(SOCIAL_WORKER, next_lead_professional=None)

    await case.act(SOCIAL_WORKER, "finalise")

    assert case.warnings == ["RO-22-lead"]


@either_way
@pytest.mark.parametrize("told", [True, False])
async def test_ro_14_partners_and_family_are_told_who_does_what_or_it_is_warned_of(
    rochdale: Api, sides: Sides, *, told: bool
) -> None:
    case = await RochdaleCase.started(rochdale, sides)
    if told:
        await case.record(sides.receiver, "roles_explained")

    await case.hand_over()

    assert case.warnings == ([] if told else ["RO-14-roles"])


async def test_ro_14_who_does_what_from_now_on_is_explained_once_the_task_is_sent(
    rochdale: Api,
) -> None:
    case = await RochdaleCase.decided(rochdale, STEP_UP)

    assert await case.not_recorded(LEAD, "roles_explained") == ["milestone-order"]


async def test_ro_06_an_urgent_child_without_a_team_yet_goes_up_with_warnings_alone(
    rochdale: Api,
) -> None:
    body = STEP_UP.opening(origin={"kind": "manual"})
    case = await RochdaleCase.opened(rochdale, LEAD, body)

    await case.act(LEAD, "finalise")

    assert case.stage == "dispatched"
    assert case.warnings == ["RO-10-members", "RO-17-decided", "RO-20-next-meeting"]


async def _asked_for(api: Api, sides: Sides, statement: str, code: str) -> None:
    case = await RochdaleCase.decided(api, sides, statement)
    assert await case.kept() == [code]

    await case.restate()

    await case.act(sides.worker, "finalise")
    assert case.warnings == []


async def _warned_of(api: Api, sides: Sides, statement: str, code: str) -> None:
    case = await RochdaleCase.decided(api, sides, statement)

    await case.act(sides.worker, "finalise")

    assert case.warnings == [code]
