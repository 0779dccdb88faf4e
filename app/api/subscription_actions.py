"""What is done with a subscription: a new secret, a test, the end."""

from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Body
from fastapi.responses import Response

from app.api import subscription_examples as examples
from app.api.caller import Answer, CallerNow
from app.api.etag import ETAG, etag
from app.api.request_headers import NO_BODY, ExpectedVersion, IdempotencyKey
from app.api.subscription_bodies import RotateBody
from app.api.subscription_views import (
    SubscriptionView,
    SubscriptionWithSecretView,
    subscription_view,
    told_once,
)
from app.api.subscriptions import ACTS, CHANGES, SubscriptionId
from app.usecases.call import Call
from app.usecases.change_subscription import end_subscription, rotate_secret, try_subscription
from app.usecases.read_subscription import require_may_administer

router = APIRouter(prefix="/v1/subscriptions/{subscription_id}", tags=["Subscriptions"])


@router.post(
    "/rotate-secret",
    operation_id="rotateSecret",
    summary="Give a subscription a new secret",
    response_model=SubscriptionWithSecretView,
    responses=CHANGES,
)
async def rotate(
    caller: CallerNow,
    subscription_id: SubscriptionId,
    key: IdempotencyKey,
    version: ExpectedVersion,
    body: Annotated[RotateBody, Body(openapi_examples=examples.ROTATE)],
) -> Response:
    """Make a new secret, told once in this answer. The present one signs as well for the overlap,
    so that the subscriber can change over; with an overlap of 0 it signs nothing from now on.
    """  # noqa: D205

    async def work(call: Call) -> Answer:
        made = await rotate_secret(
            call,
            subscription_id,
            body.value(),
            caller.service.webhooks,
            expected_version=version,
        )
        return told_once(made)

    async def still_allowed(call: Call) -> None:
        await require_may_administer(call, subscription_id)

    return await caller.once(key, work, still_allowed=still_allowed)


@router.post(
    "/end",
    operation_id="endSubscription",
    summary="End a subscription",
    response_model=SubscriptionView,
    responses=CHANGES,
    dependencies=[NO_BODY],
)
async def end(
    caller: CallerNow,
    subscription_id: SubscriptionId,
    key: IdempotencyKey,
    version: ExpectedVersion,
) -> Response:
    """End it for good: nothing more is sent, and what waited is cancelled. Its log stays."""

    async def work(call: Call) -> Answer:
        found = await end_subscription(call, subscription_id, expected_version=version)
        return Answer(subscription_view(found), headers=etag(found))

    async def still_allowed(call: Call) -> None:
        await require_may_administer(call, subscription_id)

    return await caller.once(key, work, still_allowed=still_allowed)


@router.post(
    "/test",
    operation_id="testSubscription",
    summary="Send a subscription a test",
    response_model=SubscriptionView,
    responses={200: ETAG, **ACTS},
    dependencies=[NO_BODY],
)
async def test(caller: CallerNow, subscription_id: SubscriptionId, key: IdempotencyKey) -> Response:
    """Send an event `subscription.test`, signed as every other; the log shows what became of it."""

    async def work(call: Call) -> Answer:
        found = await try_subscription(call, subscription_id, f"test-{uuid4().hex[:16]}")
        return Answer(subscription_view(found), headers=etag(found))

    async def still_allowed(call: Call) -> None:
        await require_may_administer(call, subscription_id)

    return await caller.once(key, work, still_allowed=still_allowed)
