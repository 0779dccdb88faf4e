"""The filters of a list of transfers, as query parameters."""

from dataclasses import fields
from datetime import date
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.api.fields import ChildId, Code, IsoDate, Name
from app.api.pages import Cursor, Limit
from app.domain.audit_handles import child_code
from app.domain.pathway import Pathway, Stage
from app.usecases.find_transfers import Direction, Filters

_SPANS = ("opened", "changed")


def _days(says: str) -> Any:  # noqa: ANN401 - what Field gives
    return Field(description=f"{says}, by London's calendar", examples=["2026-11-20"])


class TransferFilters(BaseModel):
    """What to look for. A misspelt filter is refused: without it a list would show too much."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    pathway: Annotated[Pathway | None, Field(description="One direction")] = None
    stage: Annotated[Stage | None, Field(description="One stage")] = None
    route: Annotated[
        Code | None, Field(description="One route of the protocol", examples=["immediate_risk"])
    ] = None
    team: Annotated[
        Name | None,
        Field(
            description="Sent by this team or meant for it; with `direction`, only the one",
            examples=["op-bishop"],
        ),
    ] = None
    direction: Annotated[
        Direction | None,
        Field(
            description="`outgoing`: from `team`, or from any of my teams; `incoming`: sent to it "
            "or them, from its dispatch on"
        ),
    ] = None
    recipient: Annotated[
        Name | None,
        Field(description="Meant for this team, sent or not", examples=["ff-bishop"]),
    ] = None
    child_id: Annotated[
        ChildId | None, Field(description="Of this child", examples=["DUR1001"])
    ] = None
    late: Annotated[
        bool, Field(description="`true`: with a late clock, whosever it is", examples=[True])
    ] = False
    disputed: Annotated[
        bool,
        Field(description="`true`: not over, with an open disagreement", examples=[True]),
    ] = False
    mine: Annotated[
        bool,
        Field(description="`true`: I am worker, holder or lead professional", examples=[True]),
    ] = False
    waiting_for_me: Annotated[
        bool,
        Field(
            description="`true`: the process waits for an action that is mine by stage and role: "
            "to authorise, pick up, start, decline, release or allocate, or to send again what was "
            "declined",
            examples=[True],
        ),
    ] = False
    opened_from: Annotated[IsoDate | None, _days("Opened on this day or later")] = None
    opened_to: Annotated[IsoDate | None, _days("Opened on this day or earlier")] = None
    changed_from: Annotated[IsoDate | None, _days("Last changed on this day or later")] = None
    changed_to: Annotated[IsoDate | None, _days("Last changed on this day or earlier")] = None

    @model_validator(mode="after")
    def _from_before_to(self) -> Self:
        for span in _SPANS:
            first: date | None = getattr(self, f"{span}_from")
            last: date | None = getattr(self, f"{span}_to")
            if first is not None and last is not None and first > last:
                raise ValueError(f"{span}_from is after {span}_to")
        return self

    def filters(self) -> Filters:
        """The filters alone, without the page."""
        return Filters(**{field.name: getattr(self, field.name) for field in fields(Filters)})


class PageOfTransfers(TransferFilters):
    """The filters, and which page."""

    cursor: Cursor = None
    limit: Limit = 50


def sought_child(filters: Filters, authority: str) -> tuple[str, ...]:
    """Whom a search named, for the audit of reads."""
    return (child_code(authority, filters.child_id),) if filters.child_id else ()
