"""Rochdale's eight kinds of disagreement: raised by either side, escalated, resolved."""

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


@either_way
async def test_ro_27_all_eight_kinds_are_taken(rochdale: Api, sides: Sides) -> None:
    case = await RochdaleCase.drafted(rochdale, sides)

    for kind in EIGHT:
        await case.record(sides.worker, "disagreement_raised", outcome=kind)

    raised = [m["outcome"] for m in case.view["milestones"] if m["name"] == "disagreement_raised"]
    assert raised == EIGHT


@either_way
@pytest.mark.parametrize("ninth", [{"outcome": "personal_dislike"}, {}], ids=["a ninth", "none"])
async def test_ro_27_a_ninth_kind_is_refused_and_so_is_none(
    rochdale: Api, sides: Sides, ninth: dict[str, str]
) -> None:
    case = await RochdaleCase.drafted(rochdale, sides)

    refused = await case.not_recorded(sides.worker, "disagreement_raised", **ninth)

    assert refused == ["milestone-outcome"]


@either_way
async def test_ro_15_either_side_may_challenge_it(rochdale: Api, sides: Sides) -> None:
    case = await RochdaleCase.dispatched(rochdale, sides)

    for by in (sides.receiver, sides.worker):
        await case.record(by, "disagreement_raised", outcome="process_not_followed")

    raised = [m["by"] for m in case.view["milestones"] if m["name"] == "disagreement_raised"]
    assert raised == [sides.receiver, sides.worker]


async def test_ro_15_nobody_challenges_a_draft_that_they_may_not_see(rochdale: Api) -> None:
    case = await RochdaleCase.drafted(rochdale, STEP_UP)
    raised = case.milestone("disagreement_raised", outcome="process_not_followed")
    milestones, version = f"{case.path}/milestones", case.view["version"]

    unseen = await rochdale.as_(SOCIAL_WORKER).post(milestones, raised, version=version)

    assert unseen.status_code == 404


@either_way
async def test_ro_15_28_what_is_raised_is_escalated_and_resolved_and_not_before(
    rochdale: Api, sides: Sides
) -> None:
    case = await RochdaleCase.dispatched(rochdale, sides)
    for after in ("disagreement_escalated", "disagreement_resolved"):
        assert await case.not_recorded(sides.worker, after) == ["milestone-order"]

    await case.record(sides.receiver, "disagreement_raised", outcome="recognition_of_need")
    await case.record(sides.receiver, "disagreement_escalated")
    await case.record("ro.operations", "disagreement_resolved")

    assert case.view["milestones"][-1]["by"] == "ro.operations"


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
        kind = {"outcome": "meeting_not_attended"} if what == "raised" else {}
        await case.record(sides.worker, f"disagreement_{what}", **kind)

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

    await case.record(LEAD, "disagreement_raised", outcome="referral_not_accepted")
    await case.record(EARLY_HELP_MANAGER, "disagreement_escalated")
    await case.record("ro.operations", "disagreement_resolved")
    other = {"recipient": "ro-cin-heywood", "comment": "As was resolved."}
    await case.act(EARLY_HELP_MANAGER, "redirect", other)
    await case.pick_up("ro.heywood.manager")

    assert case.stage == "picked_up"
    assert await case.state("HZ-3-picked-up") == "met"
