"""Request bodies and shapes of subject access."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, Field, model_validator

from app.api.fields import Body, ChildId, IsoDate
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
from app.usecases.request_subject_access import Requesting


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


def request_view(found: SubjectAccess) -> dict[str, Any]:
    """A request in the shape of SubjectAccessView."""
    known = asdict(found)
    withheld = [{"part": part, "reason": why} for part, why in found.withheld.items()]
    return {name: known[name] for name in SubjectAccessView.model_fields} | {"withheld": withheld}
