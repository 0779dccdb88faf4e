"""Liveness, readiness and metrics."""

from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from pydantic import BaseModel

from app.api.caller import Answer, service_of
from app.api.problem_handlers import Refusal
from app.api.problems import documented
from app.domain.subscription import subscription_of
from app.store.audit_streams import StreamHead, Unsealed, stream_heads, unsealed
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
    state; how far the audit is sealed and under checkpoints. No names, no ids.
    """  # noqa: D205
    service = service_of(request)
    async with service.store.read() as tx:
        counts = await count_unsettled(tx)
        waiting, heads = await unsealed(tx), await stream_heads(tx)
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
    _tell_of_audit(registry, waiting, heads, service.clock())
    seen: CollectorRegistry = request.app.state.registry
    content = generate_latest(seen) + generate_latest(registry)
    return Response(content, headers={"Content-Type": CONTENT_TYPE_LATEST})


def _tell_of_audit(
    registry: CollectorRegistry, waiting: Unsealed, heads: list[StreamHead], now: datetime
) -> None:
    age = max(0.0, (now - waiting.since).total_seconds()) if waiting.since else 0.0
    told = {
        "transfers_audit_unsealed": ("Events that no chain holds yet", waiting.events),
        "transfers_audit_unsealed_seconds": ("Age of the oldest of them", age),
        "transfers_audit_unsigned": (
            "Links after the last signed checkpoint",
            sum(head.sequence - head.checkpoint_sequence for head in heads),
        ),
        "transfers_audit_checkpoints_failing": (
            "Chains whose checkpoints cannot be written",
            sum(head.checkpoint_failing_since is not None for head in heads),
        ),
    }
    for name, (says, value) in told.items():
        Gauge(name, says, registry=registry).set(value)
