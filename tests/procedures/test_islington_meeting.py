"""Islington's steps 7 to 9 and 13: what the weekly meeting gets, decides and names."""

import pytest
from procedures.case import on_one_store
from procedures.islington_forms import (
    ASSESSMENT,
    CHAIR,
    DECIDED,
    LINE_MANAGER,
    NEXT_MEETING,
    PLAN,
    SOCIAL_WORKER,
    STATEMENTS,
    IslingtonCase,
    opening,
)
from procedures.seen import tasks
from service import Api

pytestmark = [on_one_store, pytest.mark.long]
CONTACT = {"name": "A. Nurse", "agency": "Health visiting", "purpose": "The baby's weight"}


async def test_is_07_what_goes_to_the_meeting_is_asked_for_at_once(islington: Api) -> None:
    case = await IslingtonCase.opened(islington, SOCIAL_WORKER, opening({}))

    assert await case.kept_from_meeting() == [
        "LL-13-date",
        "LL-13-comments",
        "LL-13-recipient",
        "IS-1-progress",
        "IS-2-actions-completed",
        "IS-3-risks-reduced",
        "IS-3-asked-of-service",
        "IS-5-decided",
        "IS-5-reasons",
        "IS-6-outcomes",
        "IS-6-consent-service",
    ]


async def test_is_07_every_step_down_goes_to_the_weekly_meeting(islington: Api) -> None:
    case = await IslingtonCase.consented(islington)
    blocked = await case.blocked(SOCIAL_WORKER, "finalise")
    assert "IS-7-submitted" in blocked
    early = await case.not_recorded(SOCIAL_WORKER, "meeting_decided", outcome="agreed")
    assert early == ["milestone-order"]

    await case.submit()

    assert case.view["meeting"]["series"] == "tam"
    assert "IS-7-submitted" not in await case.blocked(SOCIAL_WORKER, "finalise")


async def test_is_07_consent_is_informed_or_none(islington: Api) -> None:
    case = await IslingtonCase.drafted(islington)
    await case.consent(SOCIAL_WORKER, "service", informed=False, explicit=False)
    assert await case.kept_from_meeting() == ["IS-6-consent-service"]

    await case.consent(SOCIAL_WORKER, "service", explicit=False)
    await case.submit()
    assert "IS-7-explicit" in case.warnings

    await case.consent(SOCIAL_WORKER, "service", how="written", given_by="The young person")
    await case.submit()
    assert "IS-7-explicit" not in case.warnings


async def test_is_07_what_the_family_agrees_to_share_is_attached(islington: Api) -> None:
    case = await IslingtonCase.consented(islington)
    await case.consent(SOCIAL_WORKER, "share_assessment")
    await case.consent(SOCIAL_WORKER, "share_plan")
    assert await case.kept_from_meeting() == ["IS-7-assessment", "IS-7-plan"]

    await case.edit(SOCIAL_WORKER, forms=[ASSESSMENT, PLAN])
    await case.submit()

    assert "IS-7-something-shared" not in case.warnings


async def test_is_07_a_family_that_shares_nothing_may_step_down_all_the_same(
    islington: Api,
) -> None:
    case = await IslingtonCase.submitted(islington)

    assert "IS-7-something-shared" in case.warnings


async def test_is_07_the_professionals_are_named_and_the_young_person_knows(
    islington: Api,
) -> None:
    case = await IslingtonCase.submitted(islington, "young_person_aware")
    assert {"IS-7-young-person", "IS-7-professionals"} <= set(case.warnings)

    await case.state_again()
    await case.act(SOCIAL_WORKER, "team-around-the-family", CONTACT)
    await case.submit()

    assert {"IS-7-young-person", "IS-7-professionals"}.isdisjoint(case.warnings)


async def test_is_08_the_four_targeted_services_may_be_chosen(islington: Api) -> None:
    case = await IslingtonCase.drafted(islington)

    for service in ("is-childrens-centres", "is-targeted-youth", "is-ifit", "is-families-first"):
        await case.edit(SOCIAL_WORKER, recipient=service)
        assert case.view["form"]["recipient"] == service


async def test_is_08_the_meeting_may_agree_on_another_service_which_then_goes_on_the_form(
    islington: Api,
) -> None:
    case = await IslingtonCase.agreed(islington)
    await case.edit(SOCIAL_WORKER, recipient="is-targeted-youth")
    assert await case.blocked(SOCIAL_WORKER, "finalise") == ["IS-9-service"]

    await case.record(CHAIR, "meeting_decided", outcome="agreed")
    await case.act(SOCIAL_WORKER, "finalise")
    await case.act(LINE_MANAGER, "authorise")

    (task,) = await tasks(case)
    assert task.tray == "IS-TARGETED-YOUTH"


async def test_is_09_only_what_the_meeting_agreed_to_goes_on(islington: Api) -> None:
    case = await IslingtonCase.submitted(islington)
    blocked = await case.blocked(SOCIAL_WORKER, "finalise")
    assert blocked == ["IS-9-agreed", "IS-9-service", "IS-13-lead"]

    case.at(DECIDED)
    await case.record(CHAIR, "meeting_decided", outcome="not_agreed")
    await case.record(CHAIR, "lead_named")
    assert await case.blocked(SOCIAL_WORKER, "finalise") == ["IS-9-agreed"]

    await case.submit(NEXT_MEETING)
    case.at(NEXT_MEETING)
    await case.record(CHAIR, "meeting_decided", outcome="agreed")
    await case.act(SOCIAL_WORKER, "finalise")
    assert case.stage == "awaiting_authorisation"


async def test_is_09_what_was_taken_out_after_the_meeting_is_asked_for_again(
    islington: Api,
) -> None:
    case = await IslingtonCase.agreed(islington)
    emptied = {"date_of_transfer": None, "comments": None, "statements": None}
    await case.edit(SOCIAL_WORKER, **emptied)

    assert await case.blocked(SOCIAL_WORKER, "finalise") == [
        "LL-13-date",
        "LL-13-comments",
        "IS-1-progress",
        "IS-2-actions-completed",
        "IS-3-risks-reduced",
        "IS-3-asked-of-service",
        "IS-5-reasons",
        "IS-6-outcomes",
    ]


async def test_is_09_after_the_agreement_the_same_request_goes_on_without_more_paperwork(
    islington: Api,
) -> None:
    case = await IslingtonCase.submitted(islington, forms=[ASSESSMENT, PLAN])
    asked = case.view["form"]

    case.at(DECIDED)
    await case.record(CHAIR, "meeting_decided", outcome="agreed")
    await case.record(CHAIR, "lead_named")
    await case.act(SOCIAL_WORKER, "finalise")
    await case.act(LINE_MANAGER, "authorise")

    actions = await _actions(case)
    since = actions[actions.index("submit_to_meeting") :]
    assert case.view["form"] == asked
    assert "edit" not in since
    assert since[-2:] == ["finalise", "authorise"]
    (task,) = await tasks(case)
    assert (task.tray, task.statements) == ("IS-FAMILIES-FIRST", STATEMENTS)
    assert [sent.record_id for sent in task.forms] == ["CFA-310", "CIN-88"]


async def test_is_13_the_meeting_names_who_leads_and_who_tells_the_referrer(
    islington: Api,
) -> None:
    case = await IslingtonCase.submitted(islington)
    assert await case.not_recorded(CHAIR, "lead_named") == ["milestone-order"]
    case.at(DECIDED)
    await case.record(CHAIR, "meeting_decided", outcome="agreed")
    assert await case.blocked(SOCIAL_WORKER, "finalise") == ["IS-13-lead"]

    await case.record(CHAIR, "lead_named")
    await case.record(CHAIR, "informer_named")
    await case.act(SOCIAL_WORKER, "finalise")

    assert case.warnings == []


async def test_is_13_that_nobody_was_named_to_tell_the_referrer_is_warned_of(
    islington: Api,
) -> None:
    case = await IslingtonCase.agreed(islington)

    await case.act(SOCIAL_WORKER, "finalise")

    assert case.warnings == ["IS-13-informer"]


async def _actions(case: IslingtonCase) -> list[str]:
    answer = await case.api.as_(SOCIAL_WORKER).get(f"{case.path}/history")
    assert answer.status_code == 200, answer.text
    return [event["action"] for event in answer.json()]
