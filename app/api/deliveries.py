"""The outbox as people see it: what is parked or uncertain, alerts, and replay."""

from typing import Annotated

from fastapi import APIRouter, Body, Path, Query
from fastapi.responses import Response

from app.api import examples
from app.api.caller import Answer, CallerNow, Shown
from app.api.list_views import AlertList, DeliveryList, DeliveryView, delivery_view
from app.api.pages import BIGGEST, After, Limit
from app.api.problems import documented
from app.api.request_headers import IdempotencyKey
from app.api.transfer_bodies import ReplayBody
from app.domain.reading import ReadPart
from app.store.delivery_rows import DeliveryState
from app.usecases.call import Call
from app.usecases.replay_delivery import replay_delivery, require_replayer
from app.usecases.watch_deliveries import find_alerts, find_deliveries

router = APIRouter(prefix="/v1", tags=["Deliveries"])


@router.get(
    "/deliveries",
    operation_id="listDeliveries",
    summary="List deliveries",
    response_model=DeliveryList,
    responses=documented(401, 403, 422, 503),
)
async def deliveries(
    caller: CallerNow,
    state: Annotated[DeliveryState | None, Query(description="Only in this state")] = None,
    after: After = 0,
    limit: Limit = 50,
) -> Response:
    """List messages to the case systems in the order they were written: those of my teams'
    transfers, or all of the council's for an administrator or auditor.
    """  # noqa: D205

    async def work(call: Call) -> Shown:
        found = await find_deliveries(call, state, after, limit)
        last = found[-1].id if len(found) == limit else None
        answer = Answer({"items": [delivery_view(d) for d in found], "next": last})
        return Shown(answer, others=[d.transfer for d in found if d.transfer])

    return await caller.read(ReadPart.DELIVERIES, work)


@router.post(
    "/deliveries/{delivery_id}/replay",
    operation_id="replayDelivery",
    summary="Replay a delivery",
    response_model=DeliveryView,
    responses=documented(400, 401, 403, 404, 409, 413, 415, 422, 503),
)
async def replay(
    caller: CallerNow,
    delivery_id: Annotated[int, Path(ge=1, le=BIGGEST, examples=[1])],
    key: IdempotencyKey,
    body: Annotated[ReplayBody, Body(openapi_examples=examples.REPLAY)],
) -> Response:
    """Try a parked or uncertain delivery again with the same key and the same payload. For a
    manager of either team or an administrator; the reason goes into the audit. An event for a
    subscriber is sent again even where it arrived, and by an administrator alone.
    """  # noqa: D205

    async def work(call: Call) -> Answer:
        return Answer(delivery_view(await replay_delivery(call, delivery_id, body.reason)))

    async def still_allowed(call: Call) -> None:
        await require_replayer(call, delivery_id)

    return await caller.once(key, work, still_allowed=still_allowed)


@router.get(
    "/alerts",
    operation_id="listAlerts",
    summary="List alerts",
    response_model=AlertList,
    responses=documented(401, 403, 422, 503),
)
async def alerts(caller: CallerNow, after: After = 0, limit: Limit = 50) -> Response:
    """List what a person must look at, oldest first: parked deliveries, dates that do not fit,
    reports out of place. Those of my teams, or all for an administrator or auditor.
    """  # noqa: D205

    async def work(call: Call) -> Shown:
        found = await find_alerts(call, after, limit)
        last = found[-1].id if len(found) == limit else None
        told_of = [alert.transfer for alert in found if alert.transfer]
        return Shown(Answer({"items": found, "next": last}), others=told_of)

    return await caller.read(ReadPart.ALERTS, work)
