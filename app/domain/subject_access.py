"""A subject-access request: what is asked for of a child's records, and how that stands.

UK GDPR articles 12(3) and 15; Data Protection Act 2018, Schedules 2 and 3, for what is withheld.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from app.domain.audit_handles import child_code
from app.domain.decision import Event
from app.domain.retention import RETENTION
from app.domain.time_units import months_on

WITHIN_MONTHS, EXTENDED_BY = 1, 2
ARTICLE = "UK GDPR art. 12(3)"


class RequestState(StrEnum):
    """How a request stands."""

    REQUESTED = "requested"
    IN_REVIEW = "in_review"
    RELEASED = "released"
    REFUSED = "refused"


OPEN_STATES = (RequestState.REQUESTED, RequestState.IN_REVIEW)


class Applicant(StrEnum):
    """Who asked the council."""

    CHILD = "child"
    PARENT = "parent"
    REPRESENTATIVE = "representative"


class Part(StrEnum):
    """What an export is made of; each can be withheld."""

    TRANSFER = "transfer"
    FORMS = "forms"
    COMMENTS = "comments"
    CONSENTS = "consents"
    MEETINGS = "meetings"
    DISAGREEMENTS = "disagreements"
    FEEDBACK = "feedback"
    CUSTODY = "custody"
    HISTORY = "history"
    DELIVERIES = "deliveries"
    READERS = "readers"


class WithholdReason(StrEnum):
    """Why a part is withheld, by the exemption of the Data Protection Act 2018."""

    SERIOUS_HARM = "serious_harm"
    CHILD_ABUSE_DATA = "child_abuse_data"
    THIRD_PARTY = "third_party"
    LEGAL_PRIVILEGE = "legal_privilege"
    CRIME = "crime"
    COURT_PROCEEDINGS = "court_proceedings"


class ThirdParties(StrEnum):
    """Whether other people's details go out: only with consent, or where it is reasonable."""

    WITHHELD = "withheld"
    CONSENTED = "consented"
    REASONABLE = "reasonable"


class ExtensionReason(StrEnum):
    """Why two months more are needed."""

    COMPLEXITY = "complexity"
    NUMBER_OF_REQUESTS = "number_of_requests"


class RefusalReason(StrEnum):
    """Why nothing is released."""

    IDENTITY_NOT_SHOWN = "identity_not_shown"
    NO_AUTHORITY_TO_ASK = "no_authority_to_ask"
    MANIFESTLY_UNFOUNDED = "manifestly_unfounded"
    EXCESSIVE = "excessive"
    SERIOUS_HARM = "serious_harm"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class SubjectAccess:
    """A request for a child's records. `received_on` is the London day the council got it."""

    id: str
    authority: str
    child_id: str
    applicant: Applicant
    received_on: date
    requested_by: str
    requested_at: datetime
    due_on: date
    state: RequestState = RequestState.REQUESTED
    version: int = 1
    extended_on: date | None = None
    extended_because: ExtensionReason | None = None
    reviewed_by: str | None = None
    decided_at: datetime | None = None
    refused_because: RefusalReason | None = None
    third_parties: ThirdParties = ThirdParties.WITHHELD
    withheld: Mapping[Part, WithholdReason] = field(default_factory=dict)

    @property
    def open(self) -> bool:
        """Whether nobody has decided it."""
        return self.state in OPEN_STATES


@dataclass(frozen=True, slots=True)
class Review:
    """What the reviewer decides. `serious_harm_considered` is their word that they looked."""

    serious_harm_considered: bool
    withheld: Mapping[Part, WithholdReason] = field(default_factory=dict)
    third_parties: ThirdParties = ThirdParties.WITHHELD
    refused_because: RefusalReason | None = None


def due(received_on: date) -> date:
    """One calendar month on, or the month's last day."""
    return months_on(received_on, WITHIN_MONTHS)


def access_event(
    action: str, found: SubjectAccess, by: str, now: datetime, codes: tuple[str, ...] = ()
) -> Event:
    """The line of the audit on what was done with a request."""
    about = (*named_in_audit(found), *codes)
    return Event(f"subject_access_{action}", by, now, None, None, None, about)


def forgotten(found: SubjectAccess, now: datetime) -> Event:
    """The line of the audit on a request that is kept no longer; it does not name the child."""
    about = (f"request:{found.id}",)
    return Event("subject_access_forgotten", RETENTION, now, None, None, None, about)


def named_in_audit(found: SubjectAccess) -> tuple[str, str]:
    """The codes by which the audit names a request and its child."""
    return f"request:{found.id}", child_code(found.authority, found.child_id)
