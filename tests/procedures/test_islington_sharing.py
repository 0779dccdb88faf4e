"""Islington shares an assessment or plan with the family's consent to just that, or not at all."""

import pytest
from procedures.case import on_one_store
from procedures.islington_forms import (
    ASSESSMENT,
    LINE_MANAGER,
    PLAN,
    PROTECTION_PLAN,
    RISK_ASSESSMENT,
    SOCIAL_WORKER,
    IslingtonCase,
)
from procedures.seen import tasks
from service import Api
from sqlalchemy import delete

from app.store.tables import consents

pytestmark = [on_one_store, pytest.mark.long]
SHARED = [ASSESSMENT, PLAN, PROTECTION_PLAN, RISK_ASSESSMENT]
BLOCKED = [
    "IS-6-consent-assessment",
    "IS-6-consent-plan",
    "IS-6-consent-protection-plan",
    "IS-6-consent-risk-assessment",
]


async def test_is_06_07_nothing_goes_to_the_meeting_without_consent_to_share_it(
    islington: Api,
) -> None:
    case = await IslingtonCase.drafted(islington, forms=SHARED)
    await case.consent(SOCIAL_WORKER, "service")

    assert await case.kept_from_meeting() == BLOCKED


async def test_is_06_07_nothing_is_added_after_the_meeting_without_consent_to_share_it(
    islington: Api,
) -> None:
    case = await IslingtonCase.agreed(islington)
    await case.edit(SOCIAL_WORKER, forms=SHARED)

    assert await case.blocked(SOCIAL_WORKER, "finalise") == BLOCKED


async def test_is_06_07_nothing_is_sent_once_the_consents_are_gone(islington: Api) -> None:
    case = await IslingtonCase.finalised(islington, forms=SHARED)
    async with islington.store.write() as tx:
        await tx.connection.execute(delete(consents).where(consents.c.transfer == case.view["id"]))

    blocked = await case.blocked(LINE_MANAGER, "authorise")

    assert blocked == ["IS-6-consent-service", *BLOCKED]
    assert await tasks(case) == []


@pytest.mark.parametrize(
    ("scope", "blocked"),
    [("share_assessment", BLOCKED[1:3]), ("share_plan", [BLOCKED[0], BLOCKED[3]])],
)
async def test_is_06_consent_to_share_one_thing_is_none_to_share_another(
    islington: Api, scope: str, blocked: list[str]
) -> None:
    case = await IslingtonCase.drafted(islington, forms=SHARED)
    await case.consent(SOCIAL_WORKER, "service")
    await case.consent(SOCIAL_WORKER, scope)

    assert await case.kept_from_meeting() == blocked


async def test_is_07_consent_to_share_is_informed_or_none(islington: Api) -> None:
    case = await IslingtonCase.drafted(islington, forms=[ASSESSMENT])
    await case.consent(SOCIAL_WORKER, "service")
    await case.consent(SOCIAL_WORKER, "share_assessment", informed=False)

    assert await case.kept_from_meeting() == ["IS-6-consent-assessment"]


async def test_is_07_a_consent_that_nobody_knows_of_is_refused(islington: Api) -> None:
    case = await IslingtonCase.drafted(islington)
    given = {"scope": "share_everything", "given_by": "A parent", "given_on": "2026-11-09"}
    body = given | {"how": "oral", "informed": True, "explicit": True}

    assert await case.refused(SOCIAL_WORKER, "consents", body) == ["consent-scope"]
