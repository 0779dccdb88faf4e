"""Request bodies of consent and of other bases for sharing."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from app.api.fields import Body, Code, Instant, IsoDate, Line, Words
from app.domain.consent import Consent, How, WithdrawalDecision
from app.domain.sharing_basis import Basis, SharingBasis
from app.domain.withdraw_consent import Withdrawal


class ConsentBody(Body):
    """A consent of the family; the protocol says to what."""

    scope: Code
    given_by: Line
    given_on: IsoDate
    how: Annotated[How, Field(strict=False)]
    informed: bool = Field(description="They understood the facts and the likely outcomes")
    explicit: bool = Field(description="To this very act")
    expires_on: IsoDate | None = Field(
        default=None, description="The last day on which it stands, where it has an end"
    )

    def value(self, consent_id: str, by: str, now: datetime) -> Consent:
        """In the domain's words."""
        return Consent(
            id=consent_id,
            scope=self.scope,
            given_by=self.given_by,
            given_on=self.given_on,
            how=self.how,
            informed=self.informed,
            explicit=self.explicit,
            recorded_by=by,
            recorded_at=now,
            expires_on=self.expires_on,
        )


class WithdrawalBody(Body):
    """When the family withdrew, and what was said of it."""

    at: Instant | None = Field(default=None, description="Now, where left out")
    comment: Words | None = None

    def value(self, now: datetime) -> Withdrawal:
        """In the domain's words."""
        return Withdrawal(self.at or now, self.comment)


class WithdrawalDecisionBody(Body):
    """Whether the transfer goes on without the consent, or what was sent is recalled."""

    decision: Annotated[WithdrawalDecision, Field(strict=False)]
    comment: Words


class SharingBasisBody(Body):
    """A statutory basis for sharing what belongs to one of the protocol's scopes of consent."""

    scope: Code
    basis: Annotated[Basis, Field(strict=False)]
    says: Words = Field(description="Why it holds here")
    ends_on: IsoDate | None = Field(
        default=None, description="The last day on which it stands, where it has an end"
    )

    def value(self, basis_id: str, by: str, now: datetime) -> SharingBasis:
        """In the domain's words."""
        return SharingBasis(basis_id, self.scope, self.basis, self.says, by, now, self.ends_on)
