"""Islington's steps 0 to 6: what keeps a case from the meeting or warns, and is then met."""

import pytest
from procedures.case import Body, on_one_store
from procedures.islington_forms import (
    ASSESSMENT,
    LINE_MANAGER,
    PLAN,
    RISK_ASSESSMENT,
    SOCIAL_WORKER,
    IslingtonCase,
    form,
    opening,
)
from service import Api

pytestmark = [on_one_store, pytest.mark.long]


async def test_is_00_nothing_steps_down_without_the_outcomes_that_are_sought(
    islington: Api,
) -> None:
    case = await IslingtonCase.consented(islington, "outcomes_sought")

    assert await case.kept_from_meeting() == ["IS-6-outcomes"]

    await case.state_again()
    await case.submit()


async def test_is_00_the_service_is_suggested_at_the_last_review_but_one_of_a_plan(
    islington: Api,
) -> None:
    case = await IslingtonCase.submitted(islington, forms=[PLAN])
    assert "IS-0-service-suggested" in case.warnings

    await case.record(SOCIAL_WORKER, "service_suggested")
    await case.submit()

    assert "IS-0-service-suggested" not in case.warnings


async def test_is_00_where_no_plan_travels_nobody_asks_for_its_reviews(islington: Api) -> None:
    case = await IslingtonCase.submitted(islington)

    assert "IS-0-service-suggested" not in case.warnings


async def test_is_01_progress_against_the_plan_is_stated_and_why_others_are_needed(
    islington: Api,
) -> None:
    case = await IslingtonCase.consented(islington, "progress", "other_agencies")
    assert await case.kept_from_meeting() == ["IS-1-progress"]

    await case.state_again("other_agencies")
    await case.submit()
    assert "IS-1-other-agencies" in case.warnings

    await case.state_again()
    await case.submit()
    assert "IS-1-other-agencies" not in case.warnings


async def test_is_02_the_plan_s_actions_are_done_and_the_line_manager_has_seen_it(
    islington: Api,
) -> None:
    case = await IslingtonCase.consented(islington, "actions_completed")
    assert await case.kept_from_meeting() == ["IS-2-actions-completed"]
    await case.not_for(SOCIAL_WORKER, "plan_actions_checked")

    await case.state_again()
    await case.submit()
    assert "IS-2-actions-checked" in case.warnings

    await case.record(LINE_MANAGER, "plan_actions_checked")
    await case.submit()
    assert "IS-2-actions-checked" not in case.warnings


async def test_is_03_how_risks_fell_and_what_is_asked_of_the_service_is_stated(
    islington: Api,
) -> None:
    lacking = ("impact", "risks_reduced", "asked_of_service")
    case = await IslingtonCase.consented(islington, *lacking)
    assert await case.kept_from_meeting() == ["IS-3-risks-reduced", "IS-3-asked-of-service"]

    await case.state_again("impact")
    await case.submit()
    assert "IS-3-impact" in case.warnings

    await case.state_again()
    await case.submit()
    assert "IS-3-impact" not in case.warnings


async def test_is_04_domestic_violence_warns_without_a_risk_assessment_and_only_then(
    islington: Api,
) -> None:
    case = await IslingtonCase.consented(islington)
    warned: dict[str, bool] = {}
    changed: dict[str, Body] = {
        "no violence": {},
        "violence": {"factors": ["domestic_violence"]},
        "violence, assessed": {"references": [RISK_ASSESSMENT]},
        "assessed, no violence": {"factors": []},
        "neither": {"references": []},
    }
    for what, changes in changed.items():
        await case.edit(SOCIAL_WORKER, **changes)
        await case.submit()
        warned[what] = "IS-4-risk-assessment" in case.warnings

    assert [what for what, so in warned.items() if so] == ["violence"]


async def test_is_04_a_risk_assessment_that_travels_will_do_too(islington: Api) -> None:
    case = await IslingtonCase.submitted(
        islington, forms=[ASSESSMENT, RISK_ASSESSMENT], factors=["domestic_violence"]
    )

    assert "IS-4-risk-assessment" not in case.warnings


async def test_is_05_the_line_manager_decides_with_reasons(islington: Api) -> None:
    case = await IslingtonCase.opened(islington, SOCIAL_WORKER, opening(form("reasons")))
    await case.consent(SOCIAL_WORKER, "service")
    assert await case.kept_from_meeting() == ["IS-5-decided", "IS-5-reasons"]
    await case.not_for(SOCIAL_WORKER, "step_down_decided")

    await case.state_again()
    await case.record(LINE_MANAGER, "step_down_decided")

    await case.submit()


async def test_is_06_the_family_consents_to_the_service_and_to_each_thing_that_is_shared(
    islington: Api,
) -> None:
    case = await IslingtonCase.drafted(islington, forms=[ASSESSMENT, PLAN])
    wanted = {"service": "IS-6-consent-service", "share_assessment": "IS-6-consent-assessment"}
    wanted["share_plan"] = "IS-6-consent-plan"

    for scope, code in wanted.items():
        assert code in await case.kept_from_meeting()
        await case.consent(SOCIAL_WORKER, scope)

    await case.submit()
    assert {consent["scope"] for consent in case.view["consents"]} == set(wanted)
