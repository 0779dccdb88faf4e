"""Request bodies of what follows a transfer: reviews, and what children and families say."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from app.api.fields import Body, ChildId, Code, Instant, IsoDate, Words
from app.domain.feedback import About, Feedback, Heard, Voice
from app.domain.record_review import Held

Review = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,59}$")]


class ReviewBody(Body):
    """A review that was held."""

    review: Review = Field(description="The code of the clock that brings it")
    at: Instant = Field(description="When it was held")
    outcome: Code | None = Field(default=None, description="What came of it, where asked")
    findings: Words
    outcomes_achieved: Words | None = Field(
        default=None, description="Of the outcomes that the step down sought"
    )

    def value(self) -> Held:
        """In the domain's words."""
        return Held(self.review, self.at, self.outcome, self.findings, self.outcomes_achieved)


class FeedbackBody(Body):
    """What a child or a family says, in their words."""

    said_by: Annotated[Voice, Field(strict=False)]
    child_id: ChildId | None = Field(default=None, description="Which child, where one is meant")
    about: Annotated[About, Field(strict=False)]
    words: Words
    given_on: IsoDate
    how: Annotated[Heard, Field(strict=False)]

    def value(self, by: str, now: datetime) -> Feedback:
        """In the domain's words."""
        return Feedback(
            self.said_by,
            self.about,
            self.words,
            self.given_on,
            self.how,
            by,
            now,
            self.child_id,
        )
