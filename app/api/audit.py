"""The audit, for auditors: who did what, and who was shown what."""

from typing import Annotated, Self

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.api.acting import ID_PATTERN
from app.api.caller import Answer, CallerNow, Shown
from app.api.fields import IsoDate, Name
from app.api.list_views import EventView
from app.api.pages import BIGGEST, Limit
from app.api.problems import documented
from app.domain.reading import ReadPart
from app.store.found_audit import FoundEvent
from app.usecases.call import Call
from app.usecases.find_audit import AuditFilters, find_audit

router = APIRouter(prefix="/v1", tags=["Audit"])


class AuditLine(EventView):
    """One event, and the link of the chain that holds it."""

    transfer: str | None = Field(description="The transfer that it is of; null where it is of none")
    sequence: int = Field(description="Which link of the council's chain it is")
    hash: str = Field(description="The link's hash, as `transfers audit verify` computes it")


class AuditList(BaseModel):
    """A page of events."""

    items: list[AuditLine]
    next: int | None = Field(description="Give it as `before` for the next page; null on the last")


class PageOfAudit(BaseModel):
    """Which events, and which page of them; a misspelt filter is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    transfer: Annotated[
        str | None,
        Field(
            pattern=ID_PATTERN,
            description="Done to this transfer, or showing it, in a list as well",
        ),
    ] = None
    actor: Annotated[Name | None, Field(description="By this person or case system")] = None
    since: Annotated[
        IsoDate | None, Field(alias="from", description="On this London day or later")
    ] = None
    until: Annotated[
        IsoDate | None, Field(alias="to", description="On this London day or earlier")
    ] = None
    before: Annotated[
        int | None, Field(ge=1, le=BIGGEST, description="`next` of the page before")
    ] = None
    limit: Limit = 50

    @model_validator(mode="after")
    def _from_before_to(self) -> Self:
        if self.since and self.until and self.since > self.until:
            raise ValueError("from is after to")
        return self


@router.get(
    "/audit",
    operation_id="readAudit",
    summary="Read the audit",
    response_model=AuditList,
    responses=documented(401, 403, 422, 503),
)
async def read(caller: CallerNow, page: Annotated[PageOfAudit, Query()]) -> Response:
    """List what was done in the council and who was shown what, the newest first, once it is
    sealed. With a transfer it answers who saw it: each read of it, and each list that it was in. An
    id that begins with # stands for somebody who was erased. For auditors.
    """  # noqa: D205
    filters = AuditFilters(page.transfer, page.actor, page.since, page.until)

    async def work(call: Call) -> Shown:
        found = await find_audit(call, filters, page.before, page.limit)
        last = found[-1].event.id if len(found) == page.limit else None
        asked = [page.transfer] if page.transfer else []
        asked += [f"person:{page.actor}"] if page.actor else []
        return Shown(Answer({"items": [_line(x) for x in found], "next": last}), about=asked)

    return await caller.read(ReadPart.AUDIT, work)


def _line(found: FoundEvent) -> dict[str, object]:
    event = found.event
    told: dict[str, object] = {name: getattr(event, name) for name in EventView.model_fields}
    return told | {"transfer": found.transfer, "sequence": found.sequence, "hash": found.hash}
