"""Subscriptions of the council's systems to events."""

from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Body, Path, Query
from fastapi.responses import Response

from app.api import subscription_examples as examples
from app.api.acting import ID_PATTERN
from app.api.caller import Answer, CallerNow
from app.api.deliveries import After, Limit
from app.api.problems import documented
from app.api.request_headers import NO_BODY, ExpectedVersion, IdempotencyKey
from app.api.subscription_bodies import ChangeSubscriptionBody, RotateBody, SubscribeBody
from app.api.subscription_views import (
    EventDeliveryList,
    SubscriptionList,
    SubscriptionView,
    SubscriptionWithSecretView,
    etag,
    event_delivery_view,
    subscription_view,
)
from app.domain.subscription import require_administers
from app.store.delivery_rows import DeliveryState
from app.usecases.call import Call
from app.usecases.subscriptions import (
    WithSecret,
    change_subscription,
    end_subscription,
    find_subscriptions,
    read_log,
    read_subscription,
    require_may_administer,
    rotate_secret,
    subscribe,
    try_subscription,
)

router = APIRouter(prefix="/v1/subscriptions", tags=["Subscriptions"])
SubscriptionId = Annotated[
    str,
    Path(
        description="The subscription's id", pattern=ID_PATTERN, examples=[examples.SUBSCRIPTION_ID]
    ),
]
ETAG: dict[str, Any] = {
    "headers": {"ETag": {"description": "Its version", "schema": {"type": "string"}}}
}
ACTS = documented(400, 401, 403, 404, 409, 413, 415, 422, 503)
CHANGES = {200: ETAG, **documented(400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 503)}


def _told_once(made: WithSecret, status: int = 200) -> Answer:
    """The answer with the secret, which is kept without it."""
    view = subscription_view(made.subscription)
    headers = etag(made.subscription)
    if status == 201:  # noqa: PLR2004
        headers["Location"] = f"/v1/subscriptions/{made.subscription.id}"
    kept = view | {"secret": None}
    return Answer(view | {"secret": made.secret}, status, headers, kept=kept)


@router.post(
    "",
    operation_id="subscribe",
    summary="Subscribe a system to events",
    status_code=201,
    response_model=SubscriptionWithSecretView,
    responses={201: ETAG, **documented(400, 401, 403, 409, 413, 415, 422, 503)},
)
async def subscribe_(
    caller: CallerNow,
    key: IdempotencyKey,
    body: Annotated[SubscribeBody, Body(openapi_examples=examples.SUBSCRIBE)],
) -> Response:
    """Have events of the council's transfers sent to one of its systems, signed with the secret
    that this answer tells once. For an administrator.
    """  # noqa: D205

    async def work(call: Call) -> Answer:
        asked = body.value(str(uuid4()))
        return _told_once(await subscribe(call, asked, caller.service.webhooks), 201)

    async def still_allowed(call: Call) -> None:
        require_administers(call.actor)

    return await caller.once(key, work, still_allowed=still_allowed)


@router.get(
    "",
    operation_id="listSubscriptions",
    summary="List the council's subscriptions",
    response_model=SubscriptionList,
    responses=documented(401, 403, 503),
)
async def subscriptions(caller: CallerNow) -> Response:
    """List every subscription of the council, those that have ended too, the oldest first. For
    administrators and auditors.
    """  # noqa: D205

    async def work(call: Call) -> Answer:
        return Answer({"items": [subscription_view(x) for x in await find_subscriptions(call)]})

    return await caller.read(work)


@router.get(
    "/{subscription_id}",
    operation_id="readSubscription",
    summary="Read a subscription",
    response_model=SubscriptionView,
    responses={200: ETAG, **documented(401, 403, 404, 422, 503)},
)
async def read(caller: CallerNow, subscription_id: SubscriptionId) -> Response:
    """Show where events go, which, and how it stands. For administrators and auditors; for
    anybody else there is none.
    """  # noqa: D205

    async def work(call: Call) -> Answer:
        found = await read_subscription(call, subscription_id)
        return Answer(subscription_view(found), headers=etag(found))

    return await caller.read(work)


@router.patch(
    "/{subscription_id}",
    operation_id="changeSubscription",
    summary="Change, pause or resume a subscription",
    response_model=SubscriptionView,
    responses=CHANGES,
)
async def change(
    caller: CallerNow,
    subscription_id: SubscriptionId,
    version: ExpectedVersion,
    body: Annotated[ChangeSubscriptionBody, Body(openapi_examples=examples.CHANGE)],
) -> Response:
    """Change its name, address or events, pause it or make it active again: what happens during
    a pause is kept and sent afterwards, in order. For an administrator.
    """  # noqa: D205

    async def work(call: Call) -> Answer:
        found = await change_subscription(
            call,
            subscription_id,
            body.value(),
            caller.service.webhooks,
            expected_version=version,
        )
        return Answer(subscription_view(found), headers=etag(found))

    return await caller.change(work)


@router.post(
    "/{subscription_id}/rotate-secret",
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
        return _told_once(made)

    async def still_allowed(call: Call) -> None:
        await require_may_administer(call, subscription_id)

    return await caller.once(key, work, still_allowed=still_allowed)


@router.post(
    "/{subscription_id}/end",
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
    "/{subscription_id}/test",
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


@router.get(
    "/{subscription_id}/deliveries",
    operation_id="listEventDeliveries",
    summary="List what was sent to a subscriber",
    response_model=EventDeliveryList,
    responses=documented(401, 403, 404, 422, 503),
)
async def deliveries(
    caller: CallerNow,
    subscription_id: SubscriptionId,
    state: Annotated[DeliveryState | None, Query(description="Only in this state")] = None,
    after: After = 0,
    limit: Limit = 50,
) -> Response:
    """List the events in the order in which they were written, with how each stands and what its
    last attempt met. A parked one, or one that arrived, is sent again by its replay.
    """  # noqa: D205

    async def work(call: Call) -> Answer:
        found = await read_log(call, subscription_id, state, after, limit)
        last = found[-1].id if len(found) == limit else None
        return Answer({"items": [event_delivery_view(d) for d in found], "next": last})

    return await caller.read(work)
