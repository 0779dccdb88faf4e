"""The shape of an agenda."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from app.domain.authority import may_see
from app.domain.meetings.agenda import Item, agenda
from app.domain.meetings.bookings import Standing
from app.domain.meetings.sitting import Sitting
from app.domain.pathway import Pathway
from app.domain.people import Actor


class PaperView(BaseModel):
    """A form that the discussion is about."""

    form: str
    record_id: str


class AgendaItemView(BaseModel):
    """A case on the agenda. Another team's case shows its time alone; one that has gone to another
    series since shows no children and no papers any more.
    """  # noqa: D205

    starts_at: datetime | None
    ends_at: datetime | None
    transfer: str | None
    pathway: Pathway | None
    route: str | None
    standing: Standing
    late: bool
    children: list[str] = Field(description="Their ids")
    papers: list[PaperView]


class AgendaView(BaseModel):
    """The agenda: as it went round, or as it would go round now."""

    meeting: str
    says: str
    starts_at: datetime
    venue: str | None
    minutes_a_case: int | None
    circulated_at: datetime | None
    called_off_at: datetime | None
    items: list[AgendaItemView]


def agenda_of(sitting: Sitting) -> tuple[Item, ...]:
    """The agenda of a meeting."""
    return agenda(sitting.meeting, sitting.standings, sitting.series.minutes_a_case)


def agenda_view(sitting: Sitting, actor: Actor) -> dict[str, Any]:
    """An agenda in the shape of AgendaView."""
    meeting, series, seen = sitting.meeting, sitting.series, sitting.seen_by(actor)
    return {
        "meeting": meeting.id,
        "says": series.says,
        "starts_at": meeting.starts_at,
        "venue": series.venue,
        "minutes_a_case": series.minutes_a_case,
        "circulated_at": meeting.agenda_circulated_at,
        "called_off_at": meeting.called_off_at,
        "items": [_item(sitting, item, seen, actor) for item in agenda_of(sitting)],
    }


def _item(sitting: Sitting, item: Item, seen: frozenset[str], actor: Actor) -> dict[str, Any]:
    plain = {"starts_at": item.starts_at, "ends_at": item.ends_at, "standing": item.standing}
    transfer = sitting.transfers[item.case.transfer]
    if transfer.id not in seen:
        hidden = dict.fromkeys(("transfer", "pathway", "route"))
        return plain | hidden | {"late": False, "children": [], "papers": []}
    ours = may_see(actor, transfer)
    named: list[tuple[str, str]] = []
    if ours:
        named += [(form.form, form.record_id) for form in transfer.form.forms]
        named += [(form.form, form.record_id) for form in transfer.form.references]
    children = [child.child_id for child in transfer.children] if ours else []
    return plain | {
        "transfer": transfer.id,
        "pathway": transfer.pathway,
        "route": transfer.route,
        "late": item.case.late,
        "children": children,
        "papers": [{"form": form, "record_id": record_id} for form, record_id in named],
    }
