"""EHM early help episodes as the gateway shows them, and what it takes to change them."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from adapters.mock_gateway.fields import Day, FormFields, Line
from adapters.mock_gateway.record import Record, RecordChild
from adapters.mock_gateway.sent import Sent


class Episode(BaseModel):
    """An early help episode."""

    episode_id: str
    reference: str | None
    child: RecordChild
    start_date: Annotated[
        date, Field(description="Populated from the form's Date of Transfer (DL 20).")
    ]
    created_at: datetime
    state: Literal["active", "finalised", "allocated", "closed"]
    lead_professional: str | None
    record: Annotated[
        dict[str, str], Field(description="The Early Help Episode Record form (DL 21).")
    ]
    closed_on: date | None
    end_reason: str | None
    version: int


class EpisodeChange(Sent):
    """What a save changes: null or absent leaves it; record fields are set one by one."""

    start_date: Day | None = None
    record: FormFields | None = None


class EpisodeAllocation(Sent):
    """Who leads (DL 21)."""

    lead_professional: Line


class EpisodeClosure(Sent):
    """Why and when the episode ends."""

    reason: Line
    closed_on: Day


def episode(record: Record) -> Episode:
    """Show a record of the mock as an early help episode."""
    return Episode(
        episode_id=record.record_id,
        reference=record.reference,
        child=record.child,
        start_date=record.dated,
        created_at=record.created_at,
        state=record.state,
        lead_professional=record.worker,
        record=record.shown(),
        closed_on=record.closed_on,
        end_reason=record.reason,
        version=record.version,
    )
