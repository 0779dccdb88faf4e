"""Rochdale's team around the family: members step in for a purpose, stay, and step out again."""

from datetime import datetime, timedelta

import pytest
from procedures.case import Body, on_one_store
from procedures.rochdale_forms import (
    LEAD,
    MET,
    NEXT_MEETING,
    NURSE,
    SENT,
    SOCIAL_WORKER,
    STEP_DOWN,
    STEP_UP,
    TEAM_MANAGER,
    RochdaleCase,
    Sides,
    both_ways,
)
from procedures.seen import tasks
from service import Api

pytestmark = [on_one_store, pytest.mark.long]
TEAM = "team-around-the-family"
TEACHER = {"name": "B. Teacher", "agency": "A school", "purpose": "Coming to school in time"}


async def stepped_out(case: RochdaleCase, by: str, place: int) -> None:
    member = case.view["team_around_the_family"][place]
    at = {"at": case.api.clock().isoformat()}
    await case.act(by, f"{TEAM}/{member['id']}/step-out", at)


def names(case: RochdaleCase) -> list[str]:
    return [member["name"] for member in case.view["team_around_the_family"]]


async def test_ro_10_a_step_down_names_who_is_in_the_team(rochdale: Api) -> None:
    opening = STEP_DOWN.opening()
    case = await RochdaleCase.opened(rochdale, SOCIAL_WORKER, opening)
    assert await case.blocked(SOCIAL_WORKER, "finalise") == ["RO-10-members"]

    await case.act(SOCIAL_WORKER, TEAM, NURSE)

    await case.act(SOCIAL_WORKER, "finalise")
    assert case.stage == "awaiting_authorisation"


async def test_ro_10_a_step_up_without_a_team_warns_alone(rochdale: Api) -> None:
    case = await RochdaleCase.opened(rochdale, LEAD, STEP_UP.opening())
    case.at(MET)
    await case.record(LEAD, "meeting_decided", outcome="agreed")
    await case.record(LEAD, "next_meeting_agreed", until=NEXT_MEETING)

    await case.act(LEAD, "finalise")

    assert (case.stage, case.warnings) == ("dispatched", ["RO-10-members"])


@pytest.mark.parametrize("purpose", [None, "", "  "])
async def test_ro_25_nobody_steps_in_without_a_purpose(rochdale: Api, purpose: str | None) -> None:
    case = await RochdaleCase.drafted(rochdale, STEP_UP)
    body: Body = {"name": "B. Teacher", "agency": "A school"}
    body |= {} if purpose is None else {"purpose": purpose}

    answer = await rochdale.as_(LEAD).post(
        f"{case.path}/{TEAM}", body, version=case.view["version"]
    )

    assert answer.status_code == 422
    assert [breach["where"] for breach in answer.json()["breaches"]] == ["/body/purpose"]


@both_ways
async def test_ro_25_a_member_steps_in_for_a_need_and_travels_with_the_task(
    rochdale: Api, sides: Sides
) -> None:
    case = await RochdaleCase.decided(rochdale, sides)
    await case.act(sides.worker, TEAM, TEACHER)

    await case.send()

    (task,) = await tasks(case)
    assert [(m.agency, m.purpose) for m in task.team_around_the_family] == [
        (NURSE["agency"], NURSE["purpose"]),
        (TEACHER["agency"], TEACHER["purpose"]),
    ]


async def test_ro_26_a_member_whose_work_is_done_steps_out_and_that_they_were_in_it_stays(
    rochdale: Api,
) -> None:
    case = await RochdaleCase.decided(rochdale, STEP_UP)
    await case.act(LEAD, TEAM, TEACHER)
    case.at(SENT)

    await stepped_out(case, LEAD, 0)
    await case.send()

    out, still = case.view["team_around_the_family"]
    assert out["stepped_in_at"] < out["stepped_out_at"]
    assert datetime.fromisoformat(out["stepped_out_at"]) == SENT
    assert still["stepped_out_at"] is None
    (task,) = await tasks(case)
    assert [member.name for member in task.team_around_the_family] == [TEACHER["name"]]


async def test_ro_26_nobody_steps_out_twice_nor_before_they_stepped_in(rochdale: Api) -> None:
    case = await RochdaleCase.drafted(rochdale, STEP_UP)
    (member,) = case.view["team_around_the_family"]
    step_out = f"{TEAM}/{member['id']}/step-out"
    early = {"at": (case.api.clock() - timedelta(hours=1)).isoformat()}
    assert await case.refused(LEAD, step_out, early) == ["step-out-time"]

    await stepped_out(case, LEAD, 0)

    again = {"at": case.api.clock().isoformat()}
    assert await case.refused(LEAD, step_out, again) == ["step-out"]


async def test_ro_24_the_members_stay_through_the_step_and_the_receiving_team_goes_on_with_them(
    rochdale: Api,
) -> None:
    case = await RochdaleCase.started(rochdale, STEP_UP)
    await case.hand_over()
    await case.close(LEAD)
    assert names(case) == [NURSE["name"]]

    await case.act(SOCIAL_WORKER, TEAM, TEACHER)
    await stepped_out(case, TEAM_MANAGER, 0)

    assert names(case) == [NURSE["name"], TEACHER["name"]]
    assert [bool(m["stepped_out_at"]) for m in case.view["team_around_the_family"]] == [True, False]
