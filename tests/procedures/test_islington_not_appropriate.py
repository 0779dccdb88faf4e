"""Islington's step 12: the service does not fit; the social worker leads until that is settled."""

from datetime import timedelta

import pytest
from procedures.case import Body, on_one_store
from procedures.islington_forms import (
    LINE_MANAGER,
    SENT,
    SERVICE_MANAGER,
    SERVICE_WORKER,
    SOCIAL_WORKER,
    IslingtonCase,
)
from procedures.seen import tasks
from service import Api

pytestmark = [on_one_store, pytest.mark.long]
ORIGIN = ("is-cin", None)
ELSEWHERE = {"recipient": "is-targeted-youth", "comment": "As was said at the meeting."}


def because(reason: str) -> Body:
    return {"reason": reason, "comment": "Twelve weeks in the spring."}


def leads(case: IslingtonCase) -> tuple[str, str | None]:
    custody = case.view["custody"]
    return custody["team"], custody["since"]


async def declined(api: Api) -> IslingtonCase:
    case = await IslingtonCase.dispatched(api)
    await case.act(SERVICE_MANAGER, "decline", because("full_intervention_given"))
    return case


async def resolved(case: IslingtonCase, outcome: str = "continue_with_plan") -> None:
    await case.disagree(SOCIAL_WORKER, "full_intervention_given")
    await case.escalate(SOCIAL_WORKER, "team_around_the_family_meeting")
    await case.resolve(LINE_MANAGER, outcome)


@pytest.mark.parametrize(
    ("reason", "picked_up"), [("full_intervention_given", False), ("family_not_engaged", True)]
)
async def test_is_12_the_service_declines_for_one_of_two_reasons(
    islington: Api, reason: str, *, picked_up: bool
) -> None:
    case = await IslingtonCase.dispatched(islington)
    if picked_up:
        await case.pick_up(SERVICE_WORKER)

    await case.act(SERVICE_MANAGER, "decline", because(reason))

    assert case.stage == "declined"
    assert case.view["milestones"][-1]["reason"] == reason


async def test_is_12_no_other_reason_is_taken(islington: Api) -> None:
    case = await IslingtonCase.dispatched(islington)

    refused = await case.refused(SERVICE_MANAGER, "decline", because("no_capacity"))

    assert refused == ["decline-reason"]
    assert case.stage == "dispatched"


async def test_is_12_custody_stays_with_the_social_worker_s_team_until_it_is_resolved(
    islington: Api,
) -> None:
    case = await IslingtonCase.dispatched(islington)
    held = [leads(case)]
    await case.act(SERVICE_MANAGER, "decline", because("family_not_engaged"))
    held.append(leads(case))
    await resolved(case)
    held.append(leads(case))

    await case.act(LINE_MANAGER, "redirect", ELSEWHERE)
    held.append(leads(case))

    assert held == [ORIGIN] * 4
    assert [task.tray for task in await tasks(case)] == ["IS-FAMILIES-FIRST", "IS-TARGETED-YOUTH"]


async def test_is_12_the_record_is_not_closed_while_the_social_worker_leads(
    islington: Api,
) -> None:
    case = await declined(islington)

    assert await case.not_closed(LINE_MANAGER) == ["closing-acceptance"]


async def test_is_12_a_meeting_comes_before_its_resolution_and_both_are_the_origin_s(
    islington: Api,
) -> None:
    case = await declined(islington)
    await case.disagree(SOCIAL_WORKER, "full_intervention_given")
    path, plan = f"{case.open_disagreement}/resolve", case.resolution("continue_with_plan")
    assert await case.refused(LINE_MANAGER, path, plan) == ["disagreement-level"]

    await case.escalate(SOCIAL_WORKER)
    for nobody in (SERVICE_MANAGER, SOCIAL_WORKER):
        await case.forbidden(nobody, path, plan)
    await case.resolve(LINE_MANAGER, "continue_with_plan")

    assert case.view["milestones"][-1]["outcome"] == "continue_with_plan"


async def test_h19_is_12_a_meeting_is_called_within_a_day_and_resolves_it_within_a_week(
    islington: Api,
) -> None:
    case = await declined(islington)
    declined_at = islington.clock()

    await case.disagree(SERVICE_MANAGER, "full_intervention_given")
    called = await case.due("HZ-19-declined"), await case.due("HZ-19-raised")
    await case.escalate(LINE_MANAGER)

    assert called == (declined_at + timedelta(hours=24),) * 2
    assert await case.state("HZ-19-declined") == await case.state("HZ-19-raised") == "met"
    assert case.view["disagreements"][0]["clock"] == "HZ-19-meeting"


async def test_is_12_it_is_not_finalised_again_before_a_resolution(islington: Api) -> None:
    case = await declined(islington)
    await case.act(LINE_MANAGER, "return", {"comment": "The service does not fit."})
    assert await case.blocked(SOCIAL_WORKER, "finalise") == ["IS-12-resolution"]

    await resolved(case)
    await case.act(SOCIAL_WORKER, "finalise")

    assert case.stage == "awaiting_authorisation"


async def test_is_12_what_resolved_the_first_decline_does_not_resolve_the_second(
    islington: Api,
) -> None:
    case = await declined(islington)
    await resolved(case)
    await case.act(LINE_MANAGER, "redirect", ELSEWHERE)
    case.at(SENT.replace(day=20))
    await case.act("is.ty.manager", "decline", because("family_not_engaged"))

    back = {"recipient": "is-ifit", "comment": "A third one."}

    assert await case.blocked(LINE_MANAGER, "redirect", back) == ["IS-12-resolution"]


async def test_is_12_a_case_that_is_to_be_closed_is_not_stepped_down_but_cancelled(
    islington: Api,
) -> None:
    case = await declined(islington)
    await resolved(case, "proceed_to_closure")

    await case.act(LINE_MANAGER, "return", {"comment": "To be closed instead."})
    closing = {"reason": "proceed_to_closure", "comment": "As the meeting decided."}
    await case.act(LINE_MANAGER, "cancel", closing)

    assert case.stage == "cancelled"
    assert leads(case) == ORIGIN
