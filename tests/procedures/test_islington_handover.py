"""Islington's steps 10 to 12, 14 and 15, and 13's referrer: from the agreement to the end."""

from datetime import UTC, datetime

import pytest
from procedures.case import on_one_store
from procedures.islington_forms import (
    CHAIR,
    LINE_MANAGER,
    SERVICE_MANAGER,
    SERVICE_WORKER,
    SOCIAL_WORKER,
    IslingtonCase,
    end_of,
)
from procedures.seen import tasks
from service import Api

pytestmark = [on_one_store, pytest.mark.long]


async def test_is_00_02_05_12_ll_18_what_the_origin_records_is_not_the_service_s_to_record(
    islington: Api,
) -> None:
    case = await IslingtonCase.dispatched(islington)

    for name in (
        "service_suggested",
        "plan_actions_checked",
        "step_down_decided",
        "origin_closing_begun",
    ):
        await case.not_for(SERVICE_MANAGER, name)
    await case.forbidden(SERVICE_MANAGER, "closing", case.closed())


async def test_is_10_the_service_tells_who_it_will_be_allocated_to(islington: Api) -> None:
    case = await IslingtonCase.started(islington)
    await case.not_for(SOCIAL_WORKER, "allocation_told")
    await case.record(SERVICE_MANAGER, "allocation_told")

    await case.hand_over()

    assert "IS-10-allocation-told" not in case.warnings


async def test_is_10_11_the_handover_begins_once_the_service_has_its_task(islington: Api) -> None:
    case = await IslingtonCase.finalised(islington)

    for name in ("handover_meeting_held", "joint_visit_made"):
        assert await case.not_recorded(SOCIAL_WORKER, name) == ["milestone-order"]


async def test_is_11_a_handover_a_date_and_a_joint_visit_are_arranged_by_both_sides(
    islington: Api,
) -> None:
    case = await IslingtonCase.started(islington)
    agreed_on = datetime(2026, 11, 25, 9, tzinfo=UTC)
    assert await case.not_recorded(SERVICE_WORKER, "transfer_date_agreed") == ["milestone-until"]

    await case.record(SERVICE_WORKER, "transfer_date_agreed", until=agreed_on)
    await case.record(SOCIAL_WORKER, "handover_meeting_held")
    await case.record(SERVICE_WORKER, "joint_visit_made")
    await case.hand_over()

    assert case.warnings == ["IS-10-allocation-told"]


async def test_is_10_11_a_handover_that_was_not_held_is_warned_of_and_holds_nothing_up(
    islington: Api,
) -> None:
    case = await IslingtonCase.started(islington)

    await case.hand_over()

    assert case.stage == "allocated"
    assert case.warnings == [
        "IS-10-allocation-told",
        "IS-11-date",
        "IS-11-handover",
        "IS-11-joint-visit",
    ]


async def test_is_12_where_the_service_does_not_fit_the_social_worker_leads_until_it_is_resolved(
    islington: Api,
) -> None:
    case = await IslingtonCase.dispatched(islington)
    because = {"reason": "full_intervention_given", "comment": "Twelve weeks in the spring."}
    await case.act(SERVICE_MANAGER, "decline", because)
    elsewhere = {"recipient": "is-targeted-youth", "comment": "As was said at the meeting."}
    assert await case.blocked(LINE_MANAGER, "redirect", elsewhere) == ["IS-12-resolution"]
    assert case.view["custody"]["team"] == "is-cin"

    await case.disagree(SOCIAL_WORKER, "full_intervention_given")
    await case.escalate(SOCIAL_WORKER, "professionals_meeting")
    await case.resolve(LINE_MANAGER, "continue_with_plan")

    await case.act(LINE_MANAGER, "redirect", elsewhere)
    assert case.stage == "dispatched"


@pytest.mark.parametrize("told", [True, False])
async def test_is_13_the_referrer_is_told_before_it_is_complete(
    islington: Api, *, told: bool
) -> None:
    case = await IslingtonCase.started(islington)
    await case.hand_over()
    if told:
        await case.record(CHAIR, "referrer_informed")

    await case.close(LINE_MANAGER)

    assert case.stage == "completed"
    assert ("IS-13-referrer" in case.warnings) is not told


async def test_is_14_ll_17_the_line_manager_records_the_final_decision_and_only_then_is_a_task_sent(
    islington: Api,
) -> None:
    case = await IslingtonCase.finalised(islington)
    await case.forbidden(SOCIAL_WORKER, "authorise")
    assert await tasks(case) == []

    await case.act(LINE_MANAGER, "authorise")

    (task,) = await tasks(case)
    assert task.title == "Transfer from Islington LCS"
    assert case.view["authorised_by"] == LINE_MANAGER


async def test_is_14_nobody_authorises_their_own_form(islington: Api) -> None:
    case = await IslingtonCase.agreed(islington)
    await case.act("is.deputy", "finalise")

    await case.forbidden("is.deputy", "authorise")

    assert await tasks(case) == []


async def test_is_15_the_transfer_is_due_two_weeks_after_the_decision_and_the_review_after_a_month(
    islington: Api,
) -> None:
    case = await IslingtonCase.started(islington)
    assert await case.due("IS-15-transfer") == end_of(2026, 12, 2)
    assert await case.state("IS-15-review") == "waiting"

    await case.hand_over()

    assert await case.state("IS-15-transfer") == "met"
    assert await case.due("IS-15-review") == end_of(2026, 12, 25)
