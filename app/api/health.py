"""Liveness, readiness and metrics."""

from fastapi import APIRouter, Request
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from pydantic import BaseModel

from app.api.caller import Answer, service_of
from app.api.problem_handlers import Refusal
from app.api.problems import documented
from app.domain.subscription import subscription_of
from app.store.deliveries import count_unsettled
from app.store.delivery_rows import OPEN, STUCK

router = APIRouter(tags=["Health"])


class Health(BaseModel):
    """All is well."""

    status: str


@router.get("/health/live", operation_id="live", summary="Is the process up", response_model=Health)
async def live() -> Response:
    """Answer while the process runs, whatever its database does."""
    return Answer({"status": "live"}).response()


@router.get(
    "/health/ready",
    operation_id="ready",
    summary="Can the process serve",
    response_model=Health,
    responses=documented(503),
)
async def ready(request: Request) -> Response:
    """Answer 200 while the database serves; else, and from SIGTERM on, 503: send no more here."""
    if request.app.state.leaving:
        raise Refusal("unavailable", "the process is about to end")
    await service_of(request).store.check()
    return Answer({"status": "ready"}).response()


@router.get(
    "/metrics",
    operation_id="metrics",
    summary="Metrics for Prometheus",
    response_class=Response,
    responses={
        200: {"content": {"text/plain": {"schema": {"type": "string"}}}},
        **documented(503),
    },
)
async def metrics(request: Request) -> Response:
    """Requests by route and status, and how many deliveries still wait or need a person, by
    state. No names, no ids.
    """  # noqa: D205
    service = service_of(request)
    async with service.store.read() as tx:
        counts = await count_unsettled(tx)
    registry = CollectorRegistry()
    gauge = Gauge("transfers_deliveries", "Deliveries", ["destination", "state"], registry=registry)
    for state in (*OPEN, *STUCK):
        for destination in service.callback_secrets:
            count = counts.get((destination.value, state), 0)
            gauge.labels(destination.value, state).set(count)
        to_subscribers = sum(
            count for (to, stands), count in counts.items()
            if stands == state and subscription_of(to) is not None
        )  # fmt: skip
        gauge.labels("subscribers", state).set(to_subscribers)
    seen: CollectorRegistry = request.app.state.registry
    content = generate_latest(seen) + generate_latest(registry)
    return Response(content, headers={"Content-Type": CONTENT_TYPE_LATEST})
