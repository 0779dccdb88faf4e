"""A mock subscriber: verifies what arrives as any subscriber should, and lists it."""

from datetime import UTC, datetime
from typing import Any

from fastapi import FastAPI, Request, Response
from pydantic import BaseModel
from standardwebhooks import Webhook, WebhookVerificationError

MOST_KEPT = 1000


class Received(BaseModel):
    """One call as it came."""

    at: datetime
    verified: bool
    again: bool
    event: dict[str, Any] | None


def create_app(secret: str) -> FastAPI:
    """A subscriber that takes at /events what is signed with that secret.

    `GET /` lists what came, the latest last.
    """
    webhook, received, known = Webhook(secret), list[Received](), set[str]()
    app = FastAPI(title="Mock subscriber", docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/")
    async def list_received() -> list[Received]:
        return received

    @app.post("/events")
    async def take(request: Request) -> Response:
        event = _verified(webhook, await request.body(), dict(request.headers))
        event_id = request.headers.get("webhook-id", "")
        again = event is not None and event_id in known
        del received[: -MOST_KEPT + 1]
        received.append(
            Received(at=datetime.now(UTC), verified=event is not None, again=again, event=event)
        )
        if event is None:
            return Response(status_code=401)
        known.add(event_id)
        return Response(status_code=204)

    return app


def _verified(webhook: Webhook, body: bytes, headers: dict[str, str]) -> dict[str, Any] | None:
    """The event, or None: whatever is wrong with it, it is not believed."""
    try:
        event = webhook.verify(body, headers)
    except (WebhookVerificationError, ValueError):
        return None
    return event if isinstance(event, dict) else None
