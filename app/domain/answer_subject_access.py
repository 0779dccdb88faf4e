"""Ask for a child's records, and review what is released: one person the one, another the other.

UK GDPR articles 12(3) and 15; Data Protection Act 2018, Schedule 3.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.authority import may, require_right
from app.domain.breach import Breach, must
from app.domain.errors import NotVisible, RulesBroken, StaleVersion
from app.domain.london import local_date
from app.domain.party import Parties, Party
from app.domain.people import Actor, Role
from app.domain.relations import in_council
from app.domain.rights import Act
from app.domain.settled import Settled
from app.domain.subject_access import (
    ARTICLE,
    EXTENDED_BY,
    OPEN_STATES,
    WITHIN_MONTHS,
    ExtensionReason,
    Part,
    RequestState,
    Review,
    SubjectAccess,
)
from app.domain.time_units import months_on

REVIEWS = (Role.TEAM_MANAGER, Role.OPERATIONS_MANAGER)


@dataclass(frozen=True, slots=True)
class Case:
    """What there is of a child: the teams that have or had the case, who is denied some of it for a
    conflict of interest, and whether some of it is withheld from who looks (withheld.py).
    """  # noqa: D205 - one sentence

    teams: frozenset[str] = frozenset()
    denied: frozenset[str] = frozenset()
    withheld: bool = False


def require_may_request(actor: Actor, case: Case) -> None:
    """Pass for who may ask for the child's records.

    Raises:
        NotPermitted: it is not for the actor.
        NotVisible: they are denied one of the child's transfers, so the request would not exist for
            them.
    """
    require_right(Act.REQUEST_SUBJECT_ACCESS, in_council(actor))
    if actor.id in case.denied:
        raise NotVisible("subject access")


def request(made: SubjectAccess, actor: Actor, case: Case) -> SubjectAccess:
    """The request, as it may be made.

    Raises:
        NotPermitted, NotVisible: see require_may_request.
        RulesBroken: it was received on a day to come, or more than a year ago.
    """
    require_may_request(actor, case)
    today = local_date(made.requested_at)
    if not months_on(today, -12) <= made.received_on <= today:
        says = "Give the day on which the council received it, within the last year"
        raise RulesBroken((must("received-on", says, "another day", ARTICLE),))
    return made


def to_request(actor: Actor, found: SubjectAccess, case: Case) -> Parties:
    """What the actor is to a request of their council.

    Who is denied a transfer of the child sees nothing of it, whatever else they are; from whom some
    of it is withheld otherwise, they do not review it. Nor does who manages the case in place of
    the requester or of somebody denied alone, or has left since. Where no team ever had the case,
    any operations manager answers that nothing is held.
    """
    if actor.authority != found.authority or actor.id in case.denied:
        return frozenset()
    who = set(in_council(actor))
    if actor.id == found.requested_by and may(Act.REQUEST_SUBJECT_ACCESS, frozenset(who)):
        who.add(Party.REQUESTER)
    bound = (found.requested_by, *case.denied)
    if not case.withheld and _manages(actor.without_delegations_by(bound), case):
        who.add(Party.MANAGER_OF_THE_CASE)
        if actor.id == found.reviewed_by:
            who.add(Party.REVIEWER)
    return frozenset(who)


def _manages(actor: Actor, case: Case) -> bool:
    if not case.teams:
        return Party.OPERATIONS_MANAGER_OF_A_TEAM in in_council(actor)
    return any(actor.is_(role, team) for role in REVIEWS for team in case.teams)


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
    """The request, in review by this person, whoever else had it in review.

    Raises:
        NotPermitted, SeparationOfDuties, StaleVersion: as below.
        Settled: it is decided, or in review by this person already.
    """
    require_right(Act.REVIEW_SUBJECT_ACCESS, who)
    _require_now(found, expected_version, *OPEN_STATES)
    if found.reviewed_by == actor.id:
        raise Settled(f"The request is {found.state} by you")
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
