"""A list of reviews over the API."""

from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel, Field

from app.api.afterwards_views import ReviewView
from app.api.pages import NextCursor
from app.domain.pathway import Pathway, Stage
from app.domain.review_standing import Standing, standing
from app.usecases.find_reviews import ShownReview


class ReviewLine(BaseModel):
    """A review of a transfer, whether it was held or not."""

    transfer: str
    pathway: Pathway
    stage: Stage
    review: str = Field(description="The code of the clock that brings it")
    says: str
    source: str = Field(description="The clause that it is from")
    team: str = Field(description="Whose its clock is: the team that is late where it is late")
    standing: Standing
    due_at: datetime | None = Field(description="Null while it waits")
    late_by_seconds: int | None = Field(description="Where it is late, or was held late")
    held: ReviewView | None = Field(description="What it found; null until it is done")


class ReviewList(BaseModel):
    """A page of reviews."""

    items: list[ReviewLine]
    next: NextCursor


def review_line(review: ShownReview, now: datetime) -> dict[str, Any]:
    """A review in the shape of ReviewLine."""
    found, clock = review.shown.found, review.shown.clock
    late_by = clock.late_by(now)
    return {
        "transfer": found.transfer,
        "pathway": found.pathway,
        "stage": found.stage,
        "review": found.code,
        "says": clock.kind.says,
        "source": clock.kind.source,
        "team": found.team,
        "standing": standing(clock, now),
        "due_at": clock.due_at,
        "late_by_seconds": None if late_by is None else late_by // timedelta(seconds=1),
        "held": review.held,
    }
