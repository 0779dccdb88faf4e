"""The shapes of lists: transfers, events, deliveries, alerts."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from app.api.pages import NextCursor
from app.domain.pathway import Pathway, Stage
from app.store.delivery_rows import Delivery


class TransferLine(BaseModel):
    """One transfer in a list."""

    id: str
    pathway: Pathway
    route: str
    stage: Stage
    version: int
    origin_team: str
    recipient_team: str | None = Field(description="Whom it is meant for, sent or not")
    sent_to: str | None = Field(description="The team that has or had its task")
    holder: str | None
    lead_professional: str | None
    opened_at: datetime
    changed_at: datetime
    late_since: datetime | None = Field(description="When the first of its late clocks was due")


class TransferList(BaseModel):
    """A page of transfers."""

    items: list[TransferLine]
    next: NextCursor


class EventView(BaseModel):
    """One event of the audit."""

    id: int
    action: str
    actor: str
    at: datetime
    from_stage: Stage | None
    to_stage: Stage | None
    version: int | None
    codes: list[str]


class DeliveryView(BaseModel):
    """One message to a case system, or an event to a subscriber."""

    id: int
    key: str = Field(description="The idempotency key, the same on every retry and replay")
    transfer: str | None
    destination: str
    kind: str
    state: str
    attempts: int
    next_attempt_at: datetime
    outcome: str | None
    created_at: datetime
    settled_at: datetime | None


class DeliveryList(BaseModel):
    """A page of deliveries."""

    items: list[DeliveryView]
    next: int | None = Field(description="Give it as `after` for the next page; null on the last")


class AlertView(BaseModel):
    """Something that a person must look at."""

    id: int
    kind: str
    transfer: str | None
    team: str
    says: str
    raised_at: datetime


class AlertList(BaseModel):
    """A page of alerts."""

    items: list[AlertView]
    next: int | None = Field(description="Give it as `after` for the next page; null on the last")


def delivery_view(delivery: Delivery) -> dict[str, Any]:
    """A delivery without its payload."""
    return {name: getattr(delivery, name) for name in DeliveryView.model_fields}
