"""A subject-access request: one person asks for a child's records, another reviews them.

UK GDPR articles 12(3) and 15; Data Protection Act 2018, Schedules 2 and 3, for what is withheld.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from app.domain.audit_handles import child_code
from app.domain.authority import may, require_right
from app.domain.breach import Breach, must
from app.domain.decision import Event
from app.domain.errors import NotVisible, RulesBroken, StaleVersion
from app.domain.london import local_date
from app.domain.party import Parties, Party
from app.domain.people import Actor, Role
from app.domain.relations import in_council
from app.domain.rights import Act
from app.domain.settled import Settled
from app.domain.time_units import months_on

REVIEWS = (Role.TEAM_MANAGER, Role.OPERATIONS_MANAGER)
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


def request(made: SubjectAccess, actor: Actor) -> SubjectAccess:
    """The request, as it may be made.

    Raises:
        NotPermitted: it is not for the actor.
        RulesBroken: it was received on a day to come, or more than a year ago.
    """
    require_right(Act.REQUEST_SUBJECT_ACCESS, in_council(actor))
    today = local_date(made.requested_at)
    if not months_on(today, -12) <= made.received_on <= today:
        says = "Give the day on which the council received it, within the last year"
        raise RulesBroken((must("received-on", says, "another day", ARTICLE),))
    return made


@dataclass(frozen=True, slots=True)
class Case:
    """What there is of a child: the teams that have or had the case, and who is denied some of it
    for a conflict of interest.
    """  # noqa: D205 - one sentence

    teams: frozenset[str] = frozenset()
    denied: frozenset[str] = frozenset()


def to_request(actor: Actor, found: SubjectAccess, case: Case) -> Parties:
    """What the actor is to a request of their council.

    Who is denied a transfer of the child sees nothing of it, whatever else they are. Where no team
    ever had the case, any operations manager answers that nothing is held.
    """
    if actor.authority != found.authority or actor.id in case.denied:
        return frozenset()
    who = set(in_council(actor))
    managed = (actor.is_(role, team) for role in REVIEWS for team in case.teams)
    nobody_had_it = not case.teams and Party.OPERATIONS_MANAGER_OF_A_TEAM in who
    if any(managed) or nobody_had_it:
        who.add(Party.MANAGER_OF_THE_CASE)
    if actor.id == found.requested_by:
        who.add(Party.REQUESTER)
    if actor.id == found.reviewed_by:
        who.add(Party.REVIEWER)
    return frozenset(who)


def require_sees_request(actor: Actor, found: SubjectAccess, case: Case) -> SubjectAccess:
    """The request, where it exists for the actor.

    Raises:
        NotVisible: it does not.
    """
    if not may(Act.READ_SUBJECT_ACCESS, to_request(actor, found, case)):
        raise NotVisible(found.id)
    return found


def begin_review(
    found: SubjectAccess, actor: Actor, who: Parties, *, expected_version: int
) -> SubjectAccess:
    """The request, in review by this person.

    Raises:
        NotPermitted, SeparationOfDuties, StaleVersion, Settled: as below.
    """
    require_right(Act.REVIEW_SUBJECT_ACCESS, who)
    _require_now(found, expected_version, RequestState.REQUESTED)
    return _next(replace(found, state=RequestState.IN_REVIEW, reviewed_by=actor.id))


def extend(
    found: SubjectAccess,
    because: ExtensionReason,
    who: Parties,
    now: datetime,
    *,
    expected_version: int,
) -> SubjectAccess:
    """The request with two months more, of which the applicant is told within the first.

    Raises:
        NotPermitted: the actor neither made the request nor reviews it.
        StaleVersion, Settled: as below.
        RulesBroken: it was extended before, or the month is over.
    """
    require_right(Act.EXTEND_SUBJECT_ACCESS, who)
    _require_now(found, expected_version, *OPEN_STATES)
    today = local_date(now)
    if found.extended_on is not None or today > found.due_on:
        says = "Extend once, before the first month is over"
        what = "extended already" if found.extended_on else "past due"
        raise RulesBroken((must("extension", says, what, ARTICLE),))
    until = months_on(found.received_on, WITHIN_MONTHS + EXTENDED_BY)
    return _next(replace(found, extended_on=today, extended_because=because, due_on=until))


def decide_request(
    found: SubjectAccess, review: Review, who: Parties, now: datetime, *, expected_version: int
) -> SubjectAccess:
    """The request, released or refused by who reviews it.

    Raises:
        NotPermitted, SeparationOfDuties, StaleVersion, Settled: as above.
        RulesBroken: the serious-harm test was not made, or a refusal withholds parts besides.
    """
    require_right(Act.DECIDE_SUBJECT_ACCESS, who)
    _require_now(found, expected_version, RequestState.IN_REVIEW)
    breaches = tuple(_breaches(review))
    if breaches:
        raise RulesBroken(breaches)
    refused = review.refused_because is not None
    return _next(
        replace(
            found,
            state=RequestState.REFUSED if refused else RequestState.RELEASED,
            decided_at=now,
            withheld=dict(review.withheld),
            third_parties=review.third_parties,
            refused_because=review.refused_because,
        )
    )


def require_may_download(found: SubjectAccess, who: Parties) -> None:
    """Pass for who made the request, or reviewed it, once it is released.

    Raises:
        NotPermitted: the actor is neither.
        Settled: nothing is released.
    """
    require_right(Act.DOWNLOAD_SUBJECT_ACCESS, who)
    if found.state is not RequestState.RELEASED:
        raise Settled("There is no export: the request is not released")


def access_event(
    action: str, found: SubjectAccess, by: str, now: datetime, codes: tuple[str, ...] = ()
) -> Event:
    """The line of the audit on what was done with a request."""
    about = (*named_in_audit(found), *codes)
    return Event(f"subject_access_{action}", by, now, None, None, None, about)


def named_in_audit(found: SubjectAccess) -> tuple[str, str]:
    """The codes by which the audit names a request and its child."""
    return f"request:{found.id}", child_code(found.authority, found.child_id)


def _require_now(found: SubjectAccess, expected_version: int, *states: RequestState) -> None:
    if expected_version != found.version:
        raise StaleVersion(found.id)
    if found.state not in states:
        raise Settled(f"The request is {found.state}")


def _breaches(review: Review) -> Iterator[Breach]:
    if not review.serious_harm_considered:
        says = "Consider for each part whether it would be likely to cause serious harm"
        yield must("serious-harm-test", says, "not considered", "DPA 2018 Sch. 3 Pts 2-5")
    if review.refused_because is not None and review.withheld:
        says = "Refuse the request, or release it without some parts"
        yield must("refused-and-withheld", says, "both", "UK GDPR art. 15")
    if review.refused_because is None and set(review.withheld) == set(Part):
        says = "Refuse the request where every part is withheld"
        yield must("all-withheld", says, "every part withheld", "UK GDPR art. 15")


def _next(found: SubjectAccess) -> SubjectAccess:
    return replace(found, version=found.version + 1)
