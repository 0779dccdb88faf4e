"""Request bodies of the transfer's actions."""

from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator, model_validator

from app.api.fields import (
    Body,
    ChildId,
    Code,
    Instant,
    IsoDate,
    Line,
    Name,
    NhsNumber,
    RecordId,
    Upn,
    UpnUnknown,
    Words,
)
from app.api.form_bodies import FormBody
from app.domain.commands import NotTaken, Open, Start
from app.domain.form import Form
from app.domain.pathway import Pathway
from app.domain.transfer import Child, Origin, OriginRecord
from app.domain.tray_reports import NewRecord


class ChildBody(Body):
    """A child of the transfer."""

    child_id: ChildId
    name: Line
    date_of_birth: IsoDate
    nhs_number: NhsNumber | None = None
    upn: Upn | None = None
    upn_unknown: UpnUnknown | None = Field(default=None, description="Only without a UPN")

    @field_validator("upn_unknown")
    @classmethod
    def _no_reason_where_there_is_a_upn(
        cls, reason: str | None, earlier: ValidationInfo
    ) -> str | None:
        if reason is not None and earlier.data.get("upn") is not None:
            raise ValueError("give a UPN or the reason why there is none, not both")
        return reason

    def value(self) -> Child:
        """In the domain's words."""
        return Child(
            child_id=self.child_id,
            name=self.name,
            date_of_birth=self.date_of_birth,
            nhs_number=self.nhs_number,
            upn=self.upn,
            upn_unknown=self.upn_unknown,
        )


class OriginBody(Body):
    """What started the stage: `manual`, or the outcome of another stage with its record's id."""

    kind: Code
    stage_record_id: RecordId | None = None


class OriginRecordBody(Body):
    """The early help episode or LCS referral that the case is open under."""

    record_id: RecordId
    started_on: IsoDate
    active: bool


class OpenBody(Body):
    """A new pathway stage in draft."""

    pathway: Annotated[Pathway, Field(strict=False)]
    route: Code
    origin: OriginBody
    origin_record: OriginRecordBody
    origin_team: Name
    children: Annotated[list[ChildBody], Field(min_length=1, max_length=20)]
    form: FormBody = FormBody()
    origin_lead: Line | None = Field(
        default=None, description="The lead professional at the origin, by name"
    )

    @model_validator(mode="after")
    def _each_child_once(self) -> "OpenBody":
        for what in ("child_id", "nhs_number", "upn"):
            given = [x for child in self.children if (x := getattr(child, what)) is not None]
            if len(set(given)) != len(given):
                raise ValueError(f"name each child once: two have the same {what}")
        return self

    def command(self, transfer_id: str) -> Open:
        """In the domain's words."""
        record = self.origin_record
        return Open(
            id=transfer_id,
            pathway=self.pathway,
            route=self.route,
            origin=Origin(self.origin.kind, self.origin.stage_record_id),
            origin_record=OriginRecord(record.record_id, record.started_on, record.active),
            origin_team=self.origin_team,
            children=tuple(child.value() for child in self.children),
            form=self.form.applied_to(Form()),
            origin_lead=self.origin_lead,
        )


class CommentBody(Body):
    """Why."""

    comment: Words


class HolderBody(Body):
    """Who picked the task up, where a case system tells us."""

    worker: Line


class SubmitBody(Body):
    """A meeting: of a series of the route, and when it starts."""

    series: Code
    starts_at: Instant


class RedirectBody(Body):
    """The right team, and why the first was wrong."""

    recipient: Name
    comment: Words


class ReasonBody(Body):
    """A coded reason with words."""

    reason: Code
    comment: Words


class NewRecordBody(Body):
    """A referral or episode that was created for one child."""

    child_id: ChildId
    record_id: RecordId
    created_at: Instant
    dated: IsoDate = Field(description="Date of Referral, or Start Date of Episode, as it stands")

    def value(self) -> NewRecord:
        """In the domain's words."""
        return NewRecord(self.child_id, self.record_id, self.created_at, self.dated)


class NotTakenBody(Body):
    """A child whom the receiving team does not take, and why."""

    child_id: ChildId
    reason: Code
    comment: Words | None = None

    def value(self) -> NotTaken:
        """In the domain's words."""
        return NotTaken(self.child_id, self.reason, self.comment)


class StartBody(Body):
    """Each child of the transfer once: with the record that was created, or as not taken."""

    records: Annotated[list[NewRecordBody], Field(min_length=1, max_length=20)]
    not_taken: Annotated[list[NotTakenBody], Field(default_factory=list, max_length=19)]

    def command(self) -> Start:
        """In the domain's words."""
        return Start(
            tuple(record.value() for record in self.records),
            tuple(left.value() for left in self.not_taken),
        )


class AllocateBody(Body):
    """The social worker (DL 10) or lead professional (DL 21), as the receiving team names them."""

    worker: Line


class ReplayBody(Body):
    """Why a delivery is replayed: coded, because it goes into the audit."""

    reason: Code
