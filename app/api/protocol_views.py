"""The shape of a protocol: a council's procedure as it is enforced, clause by clause."""

from datetime import date
from typing import Any

from pydantic import BaseModel, Field

from app.api.pathway_views import PathwayView, pathway_view
from app.domain.meeting_series import LatePapers, MeetingSeries, OnBankHoliday
from app.domain.pathway import Pathway
from app.domain.protocol import CouncilProtocol


class ClauseView(BaseModel):
    """A clause in plain words; `because` says why nothing in the protocol cites it."""

    says: str
    because: str | None


class MeetingSeriesView(BaseModel):
    """A series of meetings."""

    says: str
    source: str
    when: str = Field(description="When it meets, in words")
    on_bank_holiday: OnBankHoliday | None = Field(
        description="What becomes of a meeting whose day is one; it stays in its own week"
    )
    locality: str | None
    venue: str | None
    minutes_a_case: int | None
    chair: str | None
    deputy_chair: str | None
    members: list[str]
    papers: str | None = Field(description="The clock by which papers come in")
    agenda: str | None = Field(description="The clock by which the agenda goes round")
    late_papers: LatePapers
    themes: dict[str, str] = Field(description="What a case may be tagged with")
    note: str | None


class ProtocolView(BaseModel):
    """A version of a council's protocol. It may know one pathway alone."""

    code: str
    version: str
    in_force_from: date
    authority: str
    short_name: str = Field(description="What the titles of tasks call the council")
    sources: dict[str, str] = Field(description="Titles by their short names")
    clauses: dict[str, ClauseView]
    meetings: dict[str, MeetingSeriesView]
    pathways: dict[Pathway, PathwayView]


def protocol_view(found: CouncilProtocol) -> dict[str, Any]:
    """A protocol in the shape of ProtocolView."""
    return {
        "code": found.code,
        "version": found.version,
        "in_force_from": found.in_force_from,
        "authority": found.authority,
        "short_name": found.short_name,
        "sources": dict(found.sources),
        "clauses": dict(found.clauses),
        "meetings": {name: _series(series) for name, series in found.meetings.items()},
        "pathways": {pathway.value: pathway_view(half) for pathway, half in found.pathways.items()},
    }


def _series(series: MeetingSeries) -> dict[str, Any]:
    return {
        name: series.when() if name == "when" else getattr(series, name)
        for name in MeetingSeriesView.model_fields
    } | {"themes": dict(series.themes)}
