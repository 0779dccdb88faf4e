"""Consents and other bases for sharing over the API."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field

from app.domain.consent import Consent, How, WithdrawalDecision, standing
from app.domain.sharing_basis import BASES, Basis, SharingBasis


class ConsentView(BaseModel):
    """The family's consent to one scope."""

    id: str
    scope: str
    given_by: str
    given_on: date
    how: How
    informed: bool
    explicit: bool
    recorded_by: str
    recorded_at: datetime
    expires_on: date | None = Field(description="The last day on which it stands")
    withdrawn_at: datetime | None
    withdrawn_by: str | None = Field(description="Who recorded that it was withdrawn")
    withdrawn_comment: str | None
    decision: WithdrawalDecision | None = Field(
        description="What a manager decided, where it was withdrawn after the transfer was sent"
    )
    decided_at: datetime | None
    decided_by: str | None
    decided_comment: str | None
    stands: bool = Field(
        description="Whether it counts today: neither it nor a later one to the scope has ended"
    )


class SharingBasisView(BaseModel):
    """A statutory basis for sharing what belongs to a scope; it is not consent."""

    id: str
    scope: str
    basis: Basis
    source: str = Field(description="The law that it is from")
    says: str
    recorded_by: str
    recorded_at: datetime
    ends_on: date | None = Field(description="The last day on which it stands")
    stands: bool


def consent_view(consent: Consent, all_of_them: Sequence[Consent], today: date) -> dict[str, Any]:
    """A consent in the shape of ConsentView."""
    stands = consent in standing(all_of_them, consent.scope, today)
    return {**asdict(consent), "stands": stands}


def basis_view(basis: SharingBasis, today: date) -> dict[str, Any]:
    """A basis in the shape of SharingBasisView."""
    _, source = BASES[basis.basis]
    return {**asdict(basis), "source": source, "stands": basis.stands(today)}
