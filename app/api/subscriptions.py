"""Subscriptions of the council's systems to events."""

from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Body, Path, Query
from fastapi.responses import Response

from app.api import subscription_examples as examples
from app.api.acting import ID_PATTERN
from app.api.caller import Answer, CallerNow, Shown
from app.api.etag import ETAG, etag
from app.api.pages import After, Limit
from app.api.problems import documented
from app.api.request_headers import ExpectedVersion, IdempotencyKey
from app.api.subscription_bodies import ChangeSubscriptionBody, SubscribeBody
from app.api.subscription_views import (
    EventDeliveryList,
    SubscriptionList,
    SubscriptionView,
    SubscriptionWithSecretView,
    event_delivery_view,
    subscription_view,
    told_once,
)
from app.domain.authority import require_right
from app.domain.reading import ReadPart
from app.domain.relations import in_council
from app.domain.rights import Act
from app.store.delivery_rows import DeliveryState
from app.usecases.call import Call
from app.usecases.change_subscription import (
    change_subscription,
)
from app.usecases.read_subscription import (
    find_subscriptions,
    read_log,
    read_subscription,
)
from app.usecases.subscribe import subscribe

router = APIRouter(prefix="/v1/subscriptions", tags=["Subscriptions"])
SubscriptionId = Annotated[
    str,
    Path(
        description="The subscription's id", pattern=ID_PATTERN, examples=[examples.SUBSCRIPTION_ID]
    ),
]
ACTS = documented(400, 401, 403, 404, 409, 413, 415, 422, 503)
CHANGES = {200: ETAG, **documented(400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 503)}


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
        return told_once(await subscribe(call, asked, caller.service.webhooks), 201)

    async def still_allowed(call: Call) -> None:
        require_right(Act.SEE_TO_SUBSCRIPTIONS, in_council(call.actor))

    return await caller.once(key, work, still_allowed=still_allowed)


@router.get(
    "",
    operation_id="listSubscriptions",
    summary="List the council's subscriptions",
    response_model=SubscriptionList,
    responses=documented(401, 403, 422, 503),
)
async def subscriptions(caller: CallerNow) -> Response:
    """List every subscription of the council, those that have ended too, the oldest first. For
    administrators and auditors.
    """  # noqa: D205

    async def work(call: Call) -> Shown:
        found = await find_subscriptions(call)
        return Shown(Answer({"items": [subscription_view(x) for x in found]}))

    return await caller.read(ReadPart.SUBSCRIPTIONS, work)


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

    async def work(call: Call) -> Shown:
        found = await read_subscription(call, subscription_id)
        answer = Answer(subscription_view(found), headers=etag(found))
        return Shown(answer, about=(subscription_id,))

    return await caller.read(ReadPart.SUBSCRIPTION, work)


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

    async def work(call: Call) -> Shown:
        found = await read_log(call, subscription_id, state, after, limit)
        last = found[-1].id if len(found) == limit else None
        answer = Answer({"items": [event_delivery_view(d) for d in found], "next": last})
        told_of = [d.transfer for d in found if d.transfer]
        return Shown(answer, others=told_of, about=(subscription_id,))

    return await caller.read(ReadPart.EVENT_DELIVERIES, work)
