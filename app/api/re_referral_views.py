"""Children who come back, over the API."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field

from app.api.pages import NextCursor
from app.usecases.re_referrals import ShownReReferral


class SteppedDownView(BaseModel):
    """The step down before; but for `of`, null and empty for whoever may not see it."""

    of: str = Field(description="The transfer of the step down, the latest of several")
    route: str | None
    completed_on: date | None = Field(description="The London day on which it was completed")
    days: int | None = Field(description="London days from then to the opening of the step up")
    children: list[str] = Field(description="The ids of the children who are in both transfers")


class ReReferralView(SteppedDownView):
    """The step down that this step up comes after, within 12 months."""

    outcomes_sought: str | None = Field(
        description="What its form stated, where its protocol names a statement of outcomes"
    )
    review_outcome: str | None = Field(description="What its latest review came to")


class ReReferralLine(BaseModel):
    """A step up of a child who came back."""

    transfer: str
    route: str
    opened_at: datetime
    after: SteppedDownView = Field(description="The step down before")


class ReReferralList(BaseModel):
    """A page of them."""

    items: list[ReReferralLine]
    next: NextCursor


def re_referral_line(shown: ShownReReferral) -> dict[str, Any]:
    """A line in the shape of ReReferralLine."""
    up, before = shown.step_up, shown.re_referral
    return {
        "transfer": up.id,
        "route": up.route,
        "opened_at": up.opened_at,
        "after": {name: getattr(before, name) for name in SteppedDownView.model_fields},
    }
