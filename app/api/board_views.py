"""The shapes of boards: counts, and what became of what was sent."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field

from app.api.pages import NextCursor
from app.domain.pathway import Pathway, Stage
from app.domain.transfer import ChildOutcome
from app.store.counted import Counted
from app.usecases.find_outgoing import Sent


class CountLine(BaseModel):
    """How many transfers of a pathway are at a stage."""

    pathway: Pathway
    stage: Stage
    transfers: int
    late: int = Field(description="How many of these have a late clock")
    at_least: bool = Field(
        description="There may be more, which were not counted: no more than the latest hundred "
        "are of a stage where transfers end, of a person, or of a series of meetings"
    )


class TransferCounts(BaseModel):
    """Counts of the transfers that you may see."""

    transfers: int
    late: int
    at_least: bool = Field(description="Some of the counts are: there are more")
    counts: list[CountLine] = Field(
        description="Every pathway with every stage, in the order of the process, zeros too"
    )


class OutgoingChild(BaseModel):
    """A child, what became of them, and the record that the receiving system created."""

    child_id: str
    record_id: str | None
    record_created_at: datetime | None
    record_dated: date | None = Field(description="The date that the record has now")
    allocated_to: str | None
    outcome: ChildOutcome | None = Field(description="Null until the receiving team starts")
    outcome_reason: str | None = Field(description="Where they are not taken: its code")
    outcome_at: datetime | None


class OutgoingLine(BaseModel):
    """What became of one transfer. Dates are of the latest dispatch; no free text."""

    id: str
    pathway: Pathway
    route: str
    stage: Stage
    since: datetime | None = Field(description="When it came to this stage")
    recipient_team: str | None = Field(description="The team that has or had its task")
    dispatched_at: datetime | None
    picked_up_at: datetime | None
    picked_up_by: str | None
    declined_at: datetime | None
    declined_reason: str | None = Field(description="The code that the protocol gives it")
    started_at: datetime | None
    allocated_at: datetime | None
    completed_at: datetime | None
    cancelled_at: datetime | None
    lead_professional: str | None
    children: list[OutgoingChild]
    opened_at: datetime
    changed_at: datetime
    late_since: datetime | None = Field(description="When the first of its late clocks was due")


class OutgoingList(BaseModel):
    """A page of what a team sent."""

    items: list[OutgoingLine]
    next: NextCursor


def counts_view(found: list[Counted]) -> dict[str, Any]:
    """Counts in the shape of TransferCounts."""
    by = {(line.pathway, line.stage): line for line in found}
    every = [(pathway, stage) for pathway in Pathway for stage in Stage]
    return {
        "transfers": sum(line.transfers for line in found),
        "late": sum(line.late for line in found),
        "at_least": any(line.at_least for line in found),
        "counts": [by.get(place) or Counted(*place, 0, 0) for place in every],
    }


def outgoing_line(sent: Sent) -> dict[str, Any]:
    """A transfer that was sent in the shape of OutgoingLine."""
    found = sent.found
    plain = ("id", "pathway", "route", "stage", "lead_professional", "opened_at", "changed_at")
    return {
        **{name: getattr(found, name) for name in (*plain, "late_since")},
        "recipient_team": found.sent_to or found.recipient_team,
        **asdict(sent.became),
        "children": [
            {
                "child_id": child.child_id,
                "record_id": child.record_id,
                "record_created_at": child.record_created_at,
                "record_dated": child.record_dated_now,
                "allocated_to": child.record_allocated_to,
                "outcome": child.outcome,
                "outcome_reason": child.outcome_reason,
                "outcome_at": child.outcome_at,
            }
            for child in sent.children
        ],
    }
