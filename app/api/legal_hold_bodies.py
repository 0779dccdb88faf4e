"""Request bodies and shapes of legal holds."""

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.api.acting import ID_PATTERN
from app.api.fields import Body, ChildId
from app.domain.legal_hold import HoldReason, LegalHold, LiftReason
from app.usecases.legal_holds import Holding

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


def hold_view(hold: LegalHold) -> dict[str, Any]:
    """A hold in the shape of LegalHoldView."""
    return {name: getattr(hold, name) for name in LegalHoldView.model_fields}
