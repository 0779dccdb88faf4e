"""What follows a transfer over the API: reviews, and what children and families say."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field

from app.domain.feedback import About, Feedback, Heard, Voice
from app.domain.transfer import Transfer


class ReviewView(BaseModel):
    """A review that was held."""

    review: str = Field(description="The code of the clock that brought it")
    outcome: str | None
    findings: str
    outcomes_achieved: str | None
    held_at: datetime
    by: str
    recorded_at: datetime


class FeedbackView(BaseModel):
    """One thing that was said."""

    said_by: Voice
    childs_voice: bool = Field(description="A child or a young person speaks")
    child_id: str | None
    about: About
    words: str
    given_on: date
    how: Heard
    recorded_by: str
    recorded_at: datetime


class FeedbackOfTransfer(BaseModel):
    """Everything that was said, in the order in which it was recorded."""

    transfer: str
    version: int = Field(description="The transfer's version, also the ETag")
    feedback: list[FeedbackView]


def feedback_of(transfer: Transfer) -> dict[str, Any]:
    """What was said, in the shape of FeedbackOfTransfer."""
    return {
        "transfer": transfer.id,
        "version": transfer.version,
        "feedback": [_feedback(said) for said in transfer.feedback],
    }


def _feedback(said: Feedback) -> dict[str, Any]:
    return {name: getattr(said, name) for name in FeedbackView.model_fields}
