"""Request bodies and shapes of legal holds and subject access."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.api.acting import ID_PATTERN
from app.api.fields import Body, ChildId, IsoDate
from app.domain.legal_hold import HoldReason, LegalHold, LiftReason
from app.domain.subject_access import (
    Applicant,
    ExtensionReason,
    Part,
    RefusalReason,
    RequestState,
    Review,
    SubjectAccess,
    ThirdParties,
    WithholdReason,
)
from app.usecases.legal_holds import Holding
from app.usecases.subject_access import Requesting

TransferOfHold = Annotated[str, Field(pattern=ID_PATTERN, description="A transfer's id")]
ONE_OF_THEM: dict[str, Any] = {
    "oneOf": [
        {"required": [name], "properties": {name: {"not": {"type": "null"}}}}
        for name in ("child_id", "transfer")
    ]
}


class PlaceHoldBody(Body):
    """Whose records are held, and why: a child's, or those of one transfer."""

    model_config = ConfigDict(json_schema_extra=ONE_OF_THEM)

    reason: Annotated[HoldReason, Field(strict=False)]
    child_id: ChildId | None = None
    transfer: TransferOfHold | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.child_id is None) == (self.transfer is None):
            raise ValueError("give child_id or transfer")
        return self

    def value(self, hold_id: str) -> Holding:
        """In the use case's words."""
        return Holding(hold_id, self.reason, self.transfer, self.child_id)


class LiftHoldBody(Body):
    """Why the records are held no longer."""

    reason: Annotated[LiftReason, Field(strict=False)]


class LegalHoldView(BaseModel):
    """A legal hold; it stands while `lifted_at` is null."""

    id: str
    reason: HoldReason
    transfer: str | None
    child_id: str | None
    placed_by: str
    placed_at: datetime
    version: int
    lifted_by: str | None
    lifted_at: datetime | None
    lifted_reason: LiftReason | None


class LegalHoldList(BaseModel):
    """A page of legal holds."""

    items: list[LegalHoldView]
    next: str | None = Field(description="Give it as `after` for the next page; null on the last")


class RequestBody(Body):
    """Whose records are asked for, by whom, and when the council received that."""

    child_id: ChildId
    applicant: Annotated[Applicant, Field(strict=False)]
    received_on: IsoDate

    def value(self, request_id: str) -> Requesting:
        """In the use case's words."""
        return Requesting(request_id, self.child_id, self.applicant, self.received_on)


class ExtendBody(Body):
    """Why two months more are needed."""

    reason: Annotated[ExtensionReason, Field(strict=False)]


class WithholdBody(Body):
    """A part that is withheld, and the exemption."""

    part: Annotated[Part, Field(strict=False)]
    reason: Annotated[WithholdReason, Field(strict=False)]


class DecideRequestBody(Body):
    """The serious-harm review. Without `refused_because` the request is released."""

    serious_harm_considered: bool = Field(
        description="The reviewer's word that each part was considered"
    )
    withheld: Annotated[list[WithholdBody], Field(max_length=len(Part))] = Field(
        default_factory=list
    )
    third_parties: Annotated[ThirdParties, Field(strict=False)] = ThirdParties.WITHHELD
    refused_because: Annotated[RefusalReason | None, Field(strict=False)] = None

    @model_validator(mode="after")
    def _each_part_once(self) -> Self:
        parts = [one.part for one in self.withheld]
        if len(set(parts)) != len(parts):
            raise ValueError("name each part once")
        return self

    def value(self) -> Review:
        """In the domain's words."""
        told = {one.part: one.reason for one in self.withheld}
        withheld = {part: told[part] for part in Part if part in told}
        return Review(
            self.serious_harm_considered, withheld, self.third_parties, self.refused_because
        )


class WithheldView(BaseModel):
    """A part that is withheld, and the exemption."""

    part: Part
    reason: WithholdReason


class SubjectAccessView(BaseModel):
    """A subject-access request. `due_on`: one calendar month on, three where it was extended."""

    id: str
    child_id: str
    applicant: Applicant
    received_on: date
    due_on: date
    state: RequestState
    version: int
    requested_by: str
    requested_at: datetime
    extended_on: date | None
    extended_because: ExtensionReason | None
    reviewed_by: str | None
    decided_at: datetime | None
    refused_because: RefusalReason | None
    third_parties: ThirdParties
    withheld: list[WithheldView]


class SubjectAccessList(BaseModel):
    """A page of requests, what is due first."""

    items: list[SubjectAccessView]
    next: str | None = Field(description="Give it as `after` for the next page; null on the last")


class ExportView(BaseModel):
    """What was released; `parts` has a row for each transfer."""

    request: str
    child_id: str
    received_on: date
    made_at: datetime
    third_parties: ThirdParties
    withheld: list[WithheldView]
    parts: dict[Part, list[dict[str, Any]]]


def hold_view(hold: LegalHold) -> dict[str, Any]:
    """A hold in the shape of LegalHoldView."""
    return {name: getattr(hold, name) for name in LegalHoldView.model_fields}


def request_view(found: SubjectAccess) -> dict[str, Any]:
    """A request in the shape of SubjectAccessView."""
    known = asdict(found)
    withheld = [{"part": part, "reason": why} for part, why in found.withheld.items()]
    return {name: known[name] for name in SubjectAccessView.model_fields} | {"withheld": withheld}
