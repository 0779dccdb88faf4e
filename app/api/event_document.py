"""What subscribers receive, as the document's `webhooks` section shows it."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Body, FastAPI
from pydantic import BaseModel, Field

from app.domain.event_types import PREFIX, EventType

MEDIA_TYPE = "application/cloudevents+json"
HEADERS = {
    "webhook-id": "The event's id, the same on every attempt and replay: deduplicate on it",
    "webhook-timestamp": "Seconds since 1970 when this attempt was signed",
    "webhook-signature": "`v1,` and base64 HMAC-SHA256 of `id.timestamp.body`; one a live secret",
}
ANSWERS: dict[int | str, dict[str, Any]] = {
    "2XX": {"description": "Taken; it is not sent again"},
    410: {"description": "Gone: the subscription ends"},
    "default": {"description": "408, 425, 429 and 5xx are tried again; anything else is parked"},
}


class EventData(BaseModel):
    """Ids and codes, nothing of a person; what an event has nothing to say of is left out."""

    transfer: str | None = Field(default=None, description="The transfer's id")
    reference: str | None = Field(default=None, description="The name of its present duty task")
    pathway: str | None = None
    route: str | None = None
    from_stage: str | None = None
    stage: str | None = None
    version: int | None = None
    origin_team: str | None = None
    sent_to: str | None = Field(default=None, description="The team that has or had its task")
    codes: list[str] | None = Field(default=None, description="Those of the audit's event")
    clock: str | None = Field(default=None, description="The clock that it is of")
    due_at: datetime | None = Field(default=None, description="When that clock is due")
    team: str | None = Field(default=None, description="Whose clock it is, or who is alerted")
    delivery: int | None = Field(default=None, description="A message that was not taken")
    destination: str | None = Field(default=None, description="The case system that it is for")
    message: str | None = Field(default=None, description="Its kind")


class CloudEvent(BaseModel):
    """CloudEvents 1.0 in structured JSON."""

    specversion: Literal["1.0"]
    id: str = Field(description="Unique within the source")
    source: str = Field(description="The council: `/v1/authorities/durham`")
    type: str = Field(
        description="The event's name behind its prefix",
        json_schema_extra={"enum": [f"{PREFIX}{kind}" for kind in EventType]},
    )
    subject: str | None = Field(default=None, description="The transfer's id")
    time: datetime = Field(description="When it happened")
    datacontenttype: Literal["application/json"]
    data: EventData


def install(app: FastAPI) -> None:
    """Document the events of the app."""

    async def event(body: Annotated[CloudEvent, Body(media_type=MEDIA_TYPE)]) -> None:
        """Arrives at the address of a subscription, signed as Standard Webhooks, once or more."""

    app.webhooks.post(
        "event",
        operation_id="event",
        summary="Something happened to a transfer",
        tags=["Subscriptions"],
        status_code=204,
        response_description="Taken; it is not sent again",
        responses=ANSWERS,
        openapi_extra={
            "parameters": [
                {
                    "name": name,
                    "in": "header",
                    "required": True,
                    "description": description,
                    "schema": {"type": "string"},
                }
                for name, description in HEADERS.items()
            ]
        },
    )(event)
