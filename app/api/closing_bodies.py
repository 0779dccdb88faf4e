"""The request body of closing at source."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from app.api.fields import Body, ChildId, IsoDate, Words
from app.domain.census_closure import Activities, Assessment
from app.domain.close_at_source import Closed
from app.domain.closing import Remaining, RemainingOutcome

MOST = 100
Reason = Annotated[str, Field(pattern=r"^(RC[0-9]{1,2}|[a-z][a-z0-9_]{0,63})$")]
"""ReasonForClosure of the census, or the coded end reason of an episode."""


class AssessmentBody(Body):
    """An assessment under the referral."""

    started_on: IsoDate
    completed_on: IsoDate | None = Field(default=None, description="Null: not completed")

    @model_validator(mode="after")
    def _starts_first(self) -> Self:
        if self.completed_on is not None and self.completed_on < self.started_on:
            raise ValueError("completed_on is before started_on")
        return self

    def value(self) -> Assessment:
        """In the domain's words."""
        return Assessment(self.started_on, self.completed_on)


class EnquiryBody(Body):
    """An enquiry under section 47 of the Children Act 1989."""

    started_on: IsoDate


class ActivitiesBody(Body):
    """All that was done under the referral. It is asked here and not kept."""

    assessments: Annotated[list[AssessmentBody], Field(max_length=MOST)] = Field(
        default_factory=list
    )
    section_47s: Annotated[list[EnquiryBody], Field(max_length=MOST)] = Field(default_factory=list)
    child_in_need_plan_on: IsoDate | None = Field(default=None, description="When one started")
    child_protection_plan_on: IsoDate | None = Field(default=None, description="When one started")
    icpc_on: IsoDate | None = Field(
        default=None, description="The initial child protection conference"
    )
    latest_on: IsoDate | None = Field(default=None, description="Any other activity, the latest")

    def value(self) -> Activities:
        """In the domain's words."""
        return Activities(
            tuple(assessment.value() for assessment in self.assessments),
            tuple(enquiry.started_on for enquiry in self.section_47s),
            self.child_in_need_plan_on,
            self.child_protection_plan_on,
            self.icpc_on,
            self.latest_on,
        )


class RemainingBody(Body):
    """A child who was not taken, and what is done for them."""

    child_id: ChildId
    outcome: Literal["stays_open", "another_transfer", "no_further_help"] = Field(
        description="stays_open: their own record does, and the origin leads on; another_transfer: "
        "one that is open, or has taken them since; no_further_help: with a comment"
    )
    comment: Words | None = None

    def value(self) -> Remaining:
        """In the domain's words."""
        return Remaining(self.child_id, RemainingOutcome(self.outcome), self.comment)


class ClosedBody(Body):
    """The day on which the origin's record was closed, and why."""

    closed_on: IsoDate
    reason: Reason | None = Field(
        default=None,
        description="ReasonForClosure of the census for a referral; the proposed one if left out",
    )
    comment: Words | None = Field(
        default=None, description="Asked for where the reason is not the proposed one"
    )
    activities: ActivitiesBody | None = Field(
        default=None, description="Of a referral, where known: without, some rules go unchecked"
    )
    remaining: Annotated[list[RemainingBody], Field(max_length=19)] = Field(
        default_factory=list,
        description="Each child who was not taken, unless another transfer has them",
    )

    def value(self) -> Closed:
        """In the domain's words."""
        day: date = self.closed_on
        done = self.activities.value() if self.activities else None
        return Closed(
            day, self.reason, self.comment, done, tuple(x.value() for x in self.remaining)
        )
