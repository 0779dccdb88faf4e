"""Rochdale's eight kinds of disagreement: raised by either side, escalated, resolved."""

from datetime import datetime, timedelta

import pytest
from procedures.case import on_one_store
from procedures.rochdale_forms import (
    EARLY_HELP_MANAGER,
    LEAD,
    SOCIAL_WORKER,
    STEP_UP,
    TEAM_MANAGER,
    RochdaleCase,
    Sides,
    either_way,
    end_of,
)
from service import Api

pytestmark = [on_one_store, pytest.mark.long]
EIGHT = [
    "recognition_of_need",
    "information_not_shared",
    "referral_not_accepted",
    "no_cooperation",
    "threshold_not_met_by_service",
    "meeting_not_attended",
    "plans_or_minutes_wanting",
    "process_not_followed",
]
LADDER = ["team_manager", "operations_manager", "partnership"]


@either_way
async def test_ro_27_all_eight_kinds_are_taken(rochdale: Api, sides: Sides) -> None:
    case = await RochdaleCase.drafted(rochdale, sides)

    await case.disagree(sides.worker, *EIGHT)

    assert case.view["disagreements"][0]["kinds"] == EIGHT


@either_way
async def test_ro_27_a_ninth_kind_is_refused_and_so_is_none(rochdale: Api, sides: Sides) -> None:
    case = await RochdaleCase.drafted(rochdale, sides)
    ninth = {"kinds": ["personal_dislike"], "about": "We see it otherwise."}

    refused = await case.refused(sides.worker, "disagreements", ninth)
    none = await rochdale.as_(sides.worker).post(
        f"{case.path}/disagreements", ninth | {"kinds": []}, version=case.view["version"]
    )

    assert refused == ["disagreement-kind"]
    assert none.status_code == 422


@either_way
async def test_ro_15_either_side_may_challenge_it_one_at_a_time(
    rochdale: Api, sides: Sides
) -> None:
    case = await RochdaleCase.dispatched(rochdale, sides)
    kind = "process_not_followed"

    await case.disagree(sides.receiver, kind)
    again = {"kinds": [kind], "about": "So do we."}
    assert await case.refused(sides.worker, "disagreements", again) == ["disagreement-open"]
    await case.resolve(sides.manager)
    await case.disagree(sides.worker, kind)

    assert [x["raised_by"] for x in case.view["disagreements"]] == [sides.receiver, sides.worker]


async def test_ro_15_nobody_challenges_a_draft_that_they_may_not_see(rochdale: Api) -> None:
    case = await RochdaleCase.drafted(rochdale, STEP_UP)
    raised = {"kinds": ["process_not_followed"], "about": "We see it otherwise."}
    path, version = f"{case.path}/disagreements", case.view["version"]

    unseen = await rochdale.as_(SOCIAL_WORKER).post(path, raised, version=version)

    assert unseen.status_code == 404


@either_way
async def test_ro_15_28_it_goes_up_level_by_level_and_is_resolved_where_it_is(
    rochdale: Api, sides: Sides
) -> None:
    case = await RochdaleCase.dispatched(rochdale, sides)
    await case.disagree(sides.receiver, "recognition_of_need")
    path = f"{case.open_disagreement}/resolve"
    await case.forbidden("ro.operations", path, case.resolution())

    for level in LADDER:
        assert case.view["disagreements"][0]["next_level"] == level
        await case.escalate(sides.receiver)
    beyond = {"comment": "Higher still."}
    none = await case.refused(sides.receiver, f"{case.open_disagreement}/escalate", beyond)
    await case.forbidden(sides.manager, path, case.resolution())
    await case.resolve("ro.operations")

    found = case.view["disagreements"][0]
    assert none == ["disagreement-level"]
    assert [step["level"] for step in found["steps"]] == LADDER
    assert (found["resolved_by"], found["outcome"]) == ("ro.operations", "stays")
    assert case.view["milestones"][-1]["name"] == "disagreement_resolved"


@either_way
async def test_h19_ro_28_each_level_has_24_hours_the_last_a_week_and_each_step_up_tells_both_teams(
    rochdale: Api, sides: Sides
) -> None:
    case = await RochdaleCase.dispatched(rochdale, sides)
    day, due = timedelta(hours=24), []
    raised_at = rochdale.clock()

    await case.disagree(sides.worker, "no_cooperation")
    due.append(case.view["disagreements"][0])
    for hours in (1, 2, 3):
        case.at(raised_at + timedelta(hours=hours))
        await case.escalate(sides.worker)
        due.append(case.view["disagreements"][0])

    assert [datetime.fromisoformat(x["due_at"]) for x in due[:3]] == [
        raised_at + timedelta(hours=hours) + day for hours in range(3)
    ]
    assert datetime.fromisoformat(due[3]["due_at"]) == end_of(2026, 11, 18)
    assert [x["clock"] for x in due] == [
        "HZ-19-raised", "HZ-19-team-manager", "HZ-19-operations-manager", "HZ-19-partnership",
    ]  # fmt: skip
    alerts = [x for x in await case.alerts() if x["kind"] == "disagreement_escalated"]
    assert sorted(x["team"] for x in alerts) == sorted([sides.origin, sides.receiving] * 3)


@either_way
@pytest.mark.parametrize(
    ("happened", "warnings"),
    [
        (["raised"], ["RO-28-resolved"]),
        (["raised", "escalated"], ["RO-28-resolved"]),
        (["raised", "resolved"], []),
        (["raised", "resolved", "raised"], ["RO-28-resolved"]),
    ],
    ids=", ".join,
)
async def test_ro_28_an_open_disagreement_warns_at_finalise_until_it_is_resolved(
    rochdale: Api, sides: Sides, happened: list[str], warnings: list[str]
) -> None:
    case = await RochdaleCase.decided(rochdale, sides)
    for what in happened:
        if what == "raised":
            await case.disagree(sides.worker, "meeting_not_attended")
        elif what == "escalated":
            await case.escalate(sides.worker)
        else:
            await case.resolve(sides.manager)

    await case.act(sides.worker, "finalise")

    assert case.warnings == warnings


async def test_ro_15_28_a_referral_that_is_not_accepted_stays_with_the_origin_and_goes_elsewhere(
    rochdale: Api,
) -> None:
    case = await RochdaleCase.dispatched(rochdale, STEP_UP)
    await case.pick_up(SOCIAL_WORKER)
    why = {"reason": "threshold_not_met", "comment": "Level 2."}
    await case.act(TEAM_MANAGER, "decline", why)
    assert case.view["custody"]["team"] == "ro-taf"

    await case.disagree(LEAD, "referral_not_accepted")
    await case.escalate(EARLY_HELP_MANAGER, "operations_manager")
    await case.resolve("ro.operations")
    other = {"recipient": "ro-cin-heywood", "comment": "As was resolved."}
    await case.act(EARLY_HELP_MANAGER, "redirect", other)
    await case.pick_up("ro.heywood.manager")

    assert case.stage == "picked_up"
    assert await case.state("HZ-3-picked-up") == "met"


async def test_h19_ro_28_a_referral_that_is_to_be_accepted_after_all_is_sent_again_to_the_same_team(
    rochdale: Api,
) -> None:
    case = await RochdaleCase.dispatched(rochdale, STEP_UP)
    await case.act(TEAM_MANAGER, "decline", {"reason": "threshold_not_met", "comment": "No."})
    first = case.view["reference"]

    await case.disagree(LEAD, "referral_not_accepted")
    await case.escalate(LEAD)
    await case.resolve(EARLY_HELP_MANAGER, "goes_ahead")
    await case.pick_up(SOCIAL_WORKER)

    assert case.stage == "picked_up"
    assert case.view["reference"] != first
    assert await case.state("HZ-19-declined") == "met"
